#pragma once

// Between a run and the person in front of it. Private to cli.

#include "progress.h"
#include "signals.h"

#include <faceoff/run/runner.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::cli {

// Hands everything to the progress display, says what a signal will do, and cancels a drain that
// takes longer than 10 s (3 s after SIGTERM or SIGHUP).
class RunObserver final : public run::Observer {
 public:
  enum class Talk : std::uint8_t { yes, no };
  // All outlive the observer.
  RunObserver(Progress& progress, const SignalGuard& signals, run::StopSignal& stop, Talk talk);

  void trial_started(std::size_t lane) override;
  void trial_waits(std::size_t lane, Duration wait, const backend::Failure& cause) override;
  void lane_waits(std::size_t lane, Duration wait, const std::string& why) override;
  void lane_goes_on(std::size_t lane) override;
  void concurrency_changed(std::size_t lane, std::int64_t limit, const std::string& why) override;
  void slept(Duration lost) override;
  void trial_finished(std::size_t lane, const store::Record& record) override;
  void question_finished(std::size_t lane, const store::Record& record) override;
  void lane_stopped(std::size_t lane, const std::string& why) override;
  void tick(TimePoint now) override;

 private:
  void on_stop(int signal, TimePoint now);

  Progress& progress_;
  const SignalGuard& signals_;
  run::StopSignal& stop_;
  Talk talk_;
  std::uint64_t in_flight_ = 0;
  std::optional<TimePoint> stop_since_;
  Duration limit_{0};
};

}  // namespace faceoff::cli
