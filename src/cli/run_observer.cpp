#include "run_observer.h"

#include <faceoff/base/log.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr Duration kDrainInterrupt = std::chrono::seconds(10);
constexpr Duration kDrainTerminate = std::chrono::seconds(3);

}  // namespace

RunObserver::RunObserver(Progress& progress,
                         const SignalGuard& signals,
                         run::StopSignal& stop,
                         Talk talk)
    : progress_(progress), signals_(signals), stop_(stop), talk_(talk) {}

void RunObserver::trial_started(std::size_t lane) {
  ++in_flight_;
  progress_.trial_started(lane);
}

void RunObserver::trial_waits(std::size_t lane, Duration wait, const backend::Failure& cause) {
  log::debug(fmt::format("lane {}: {} again in {}: {}",
                         lane,
                         backend::to_string(cause.kind),
                         format_duration(std::max(Duration{0}, wait)),
                         cause.message));
  progress_.trial_waits(lane, wait, cause);
}

void RunObserver::lane_waits(std::size_t lane, Duration wait, const std::string& why) {
  progress_.lane_waits(lane, wait, why);
}

void RunObserver::lane_goes_on(std::size_t lane) {
  progress_.lane_goes_on(lane);
}

void RunObserver::concurrency_changed(std::size_t lane,
                                      std::int64_t limit,
                                      const std::string& why) {
  progress_.concurrency_changed(lane, limit, why);
}

void RunObserver::slept(Duration lost) {
  progress_.slept(lost);
}

void RunObserver::trial_finished(std::size_t lane, const store::Record& record) {
  in_flight_ -= in_flight_ > 0 ? 1U : 0U;
  log::debug(fmt::format("{} case {} repeat {}: {} after {} attempts{}{}",
                         record.backend,
                         record.case_id,
                         record.repeat,
                         score::to_string(record.outcome),
                         record.attempts.size(),
                         record.error_message.empty() ? "" : ": ",
                         record.error_message));
  progress_.trial_finished(lane, record);
}

void RunObserver::question_finished(std::size_t lane, const store::Record& record) {
  progress_.question_finished(lane, record);
}

void RunObserver::lane_stopped(std::size_t lane, const std::string& why) {
  progress_.lane_stopped(lane, why);
}

void RunObserver::tick(TimePoint now) {
  if (const auto signal = signals_.caught()) {
    on_stop(*signal, now);
  }
  progress_.tick(now);
}

void RunObserver::on_stop(int signal, TimePoint now) {
  if (!stop_since_) {
    stop_since_ = now;
    limit_ = signal == SIGINT ? kDrainInterrupt : kDrainTerminate;
    if (talk_ == Talk::yes) {
      print_err(
          fmt::format("\nstopping: no new requests, waiting up to {} for {} answers; Ctrl-C again "
                      "to stop now\n",
                      format_duration(limit_),
                      in_flight_));
    }
  }
  if (now - *stop_since_ >= limit_) {
    stop_.cancel.store(true);
  }
}

}  // namespace faceoff::cli
