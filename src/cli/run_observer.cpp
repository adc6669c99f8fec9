#include "run_observer.h"

#include <faceoff/base/log.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr Duration kDrainInterrupt = std::chrono::seconds(10);
constexpr Duration kDrainTerminate = std::chrono::seconds(3);

}  // namespace

RunObserver::RunObserver(Progress& progress,
                         EventLog* events,
                         const SignalGuard& signals,
                         run::StopSignal& stop,
                         const Clock& clock,
                         Talk talk)
    : progress_(progress),
      events_(events),
      signals_(signals),
      stop_(stop),
      clock_(clock),
      talk_(talk) {}

void RunObserver::trial_started(std::size_t lane) {
  ++in_flight_;
  progress_.trial_started(lane);
}

void RunObserver::request_started(const run::TrialName& trial) {
  flights_[trial.id] = {.lane = trial.lane,
                        .case_id = std::string(trial.case_id),
                        .repeat = trial.repeat,
                        .attempt = trial.attempt,
                        .since = clock_.now()};
  if (events_ != nullptr) {
    events_->request_started(trial);
  }
}

void RunObserver::first_token(const run::TrialName& trial) {
  if (const auto flight = flights_.find(trial.id); flight != flights_.end()) {
    flight->second.first_token = clock_.now();
  }
  if (events_ != nullptr) {
    events_->first_token(trial);
  }
}

void RunObserver::request_ended(const run::TrialName& trial,
                                const std::optional<backend::Failure>& failure) {
  flights_.erase(trial.id);
  if (events_ != nullptr) {
    events_->request_finished(trial, failure ? &*failure : nullptr);
  }
}

void RunObserver::trial_waits(const run::TrialName& trial,
                              Duration wait,
                              const backend::Failure& cause) {
  wait = std::max(Duration{0}, wait);
  log::debug(fmt::format("lane {}: {} again in {}: {}",
                         trial.lane,
                         backend::to_string(cause.kind),
                         format_duration(wait),
                         cause.message));
  if (events_ != nullptr) {
    events_->retry(trial, wait, cause);
  }
  progress_.trial_waits(trial, wait, cause);
}

void RunObserver::lane_waits(std::size_t lane, Duration wait, const std::string& why) {
  if (events_ != nullptr) {
    events_->warning(&lane, fmt::format("sends nothing for {}: {}", format_duration(wait), why));
  }
  progress_.lane_waits(lane, wait, why);
}

void RunObserver::lane_goes_on(std::size_t lane) {
  progress_.lane_goes_on(lane);
}

void RunObserver::concurrency_changed(std::size_t lane,
                                      std::int64_t limit,
                                      const std::string& why) {
  if (events_ != nullptr) {
    events_->warning(&lane, fmt::format("at most {} requests in flight: {}", limit, why));
  }
  progress_.concurrency_changed(lane, limit, why);
}

void RunObserver::slept(Duration lost) {
  if (events_ != nullptr) {
    events_->warning(nullptr,
                     fmt::format("slept for {}; what was in flight has no latency figure",
                                 format_duration(lost)));
  }
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
  if (events_ != nullptr) {
    events_->item_scored(lane, record);
  }
  progress_.trial_finished(lane, record);
}

void RunObserver::question_finished(std::size_t lane, const store::Record& record) {
  progress_.question_finished(lane, record);
}

void RunObserver::lane_stopped(std::size_t lane, const std::string& why) {
  if (events_ != nullptr) {
    events_->warning(&lane, "no further requests: " + why);
  }
  progress_.lane_stopped(lane, why);
}

void RunObserver::tick(TimePoint now) {
  if (const auto signal = signals_.caught()) {
    on_stop(*signal, now);
  }
  if (const std::uint64_t asked = signals_.asked(); asked != asked_) {
    asked_ = asked;
    print_flights(now);
  }
  progress_.tick(now);
}

void RunObserver::print_flights(TimePoint now) {
  constexpr std::size_t kMost = 50;
  progress_.answer(flights_.empty() ? "nothing is in flight"
                                    : fmt::format("in flight: {}", flights_.size()));
  std::size_t shown = 0;
  for (const auto& [id, flight] : flights_) {
    if (++shown > kMost) {
      progress_.answer(fmt::format("  and {} more", flights_.size() - kMost));
      return;
    }
    progress_.answer(fmt::format(
        "  {}  case {}{}{}  {}{}",
        display_text(progress_.name_of(flight.lane)),
        display_text(flight.case_id),
        flight.repeat > 0 ? fmt::format(" repeat {}", flight.repeat) : "",
        flight.attempt > 1 ? fmt::format(" attempt {}", flight.attempt) : "",
        format_duration(now - flight.since),
        flight.first_token ? fmt::format(", first token after {}",
                                         format_duration(*flight.first_token - flight.since))
                           : std::string(", no token yet")));
  }
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
