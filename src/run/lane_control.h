#pragma once

// When one backend may be sent the next request. Private to run.

#include "adaptive_limit.h"
#include "breaker.h"
#include "budget.h"
#include "rate_gate.h"

#include <faceoff/run/runner.h>
#include <faceoff/run/trial_driver.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::run {

// Joins what decides it: the circuit breaker, quotas and the adaptive limit; tells the observer of
// changes. No clock, no I/O.
class LaneControl {
 public:
  // `observer` outlives the object.
  LaneControl(const Lane& lane, std::size_t index, Observer& observer, TimePoint began);

  // Nothing may be started before this; kNever: before something has ended.
  [[nodiscard]] TimePoint earliest() const noexcept;
  [[nodiscard]] std::int64_t limit() const noexcept { return adaptive_.limit(); }
  // Trials that fail now wait instead.
  [[nodiscard]] bool out_of_order() const noexcept {
    return breaker_.state() != Breaker::State::closed;
  }
  [[nodiscard]] const std::vector<store::ConcurrencyChange>& history() const noexcept {
    return adaptive_.history();
  }

  // What on_end() must be told of the beginning.
  struct Sent {
    TimePoint at{};
    std::int64_t tokens = 0;  // of the request and its answer: an estimate
  };
  Sent on_start(TrialId trial, const chat::Request& request, TimePoint now);
  void on_headers(int status, TimePoint now);
  // An attempt ended; `over`: and with it its trial.
  struct Outcome {
    std::optional<std::string> stop;  // why nothing more is to be sent to this backend
    bool gave_up = false;             // ... after waiting for it to come back
  };
  [[nodiscard]] Outcome on_end(
      TrialId trial, const AttemptEnd& end, const Sent& sent, bool over, TimePoint now);

 private:
  [[nodiscard]] std::int64_t estimate(const chat::Request& request) const noexcept;
  void heed_refusal(const backend::Failure& failure, TimePoint sent, TimePoint now);
  void announce(TimePoint now, const std::string& cause);

  std::size_t index_;
  Observer& observer_;
  Breaker breaker_;
  RateGate gate_;
  AdaptiveLimit adaptive_;
  std::int64_t tokens_seen_ = 0;
  std::int64_t answers_seen_ = 0;
  TimePoint announced_ = TimePoint::min();  // what the observer knows of earliest()
};

}  // namespace faceoff::run
