#pragma once

// Between a run and the person in front of it. Private to cli.

#include "event_log.h"
#include "progress.h"
#include "signals.h"

#include <faceoff/run/runner.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace faceoff::cli {

// Hands everything to the progress display and the event log, says what a signal will do, and
// cancels a drain that takes longer than 10 s (3 s after SIGTERM or SIGHUP). On SIGUSR1 it prints
// what is in flight.
class RunObserver final : public run::Observer {
 public:
  enum class Talk : std::uint8_t { yes, no };
  // All outlive the observer; `events` may be null.
  RunObserver(Progress& progress,
              EventLog* events,
              const SignalGuard& signals,
              run::StopSignal& stop,
              const Clock& clock,
              Talk talk);

  void trial_started(std::size_t lane) override;
  void request_started(const run::TrialName& trial) override;
  void first_token(const run::TrialName& trial) override;
  void request_ended(const run::TrialName& trial,
                     const std::optional<backend::Failure>& failure) override;
  void trial_waits(const run::TrialName& trial,
                   Duration wait,
                   const backend::Failure& cause) override;
  void lane_waits(std::size_t lane, Duration wait, const std::string& why) override;
  void lane_goes_on(std::size_t lane) override;
  void concurrency_changed(std::size_t lane, std::int64_t limit, const std::string& why) override;
  void slept(Duration lost) override;
  void trial_finished(std::size_t lane, const store::Record& record) override;
  void question_finished(std::size_t lane, const store::Record& record) override;
  void lane_stopped(std::size_t lane, const std::string& why) override;
  void tick(TimePoint now) override;

 private:
  struct Flight {
    std::size_t lane = 0;
    std::string case_id;
    std::int32_t repeat = 0;
    std::int32_t attempt = 0;
    TimePoint since;
    std::optional<TimePoint> first_token = {};
  };
  void on_stop(int signal, TimePoint now);
  void print_flights(TimePoint now);

  Progress& progress_;
  EventLog* events_;
  const SignalGuard& signals_;
  run::StopSignal& stop_;
  const Clock& clock_;
  Talk talk_;
  std::map<std::uint64_t, Flight> flights_;  // by trial
  std::uint64_t in_flight_ = 0;              // trials begun and not yet recorded
  std::uint64_t asked_ = 0;                  // SIGUSR1, as far as it was answered
  std::optional<TimePoint> stop_since_;
  Duration limit_{0};
};

}  // namespace faceoff::cli
