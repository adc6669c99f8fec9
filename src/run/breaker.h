#pragma once

// Whether a backend is still worth asking. Private to run.

#include <faceoff/backend/failure.h>
#include <faceoff/base/clock.h>
#include <faceoff/run/policy.h>
#include <faceoff/run/scheduler.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

namespace faceoff::run {

// The circuit breaker of one backend. Pure.
//
//   closed --(trials in a row without a server)--> open --(pause over)--> half_open (one probe)
//     ^                                             ^                        |
//     |                                             +---(probe failed)-------+
//     +------------------------(any answer)--------------------------------- +
//
// A probe is a trial like any other. When the last one has failed and the time is over, the backend
// is given up.
class Breaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };
  explicit Breaker(const BreakerPolicy& policy) : policy_(policy) {}

  [[nodiscard]] State state() const noexcept { return state_; }
  // Before this nothing may be sent; kNever while a probe is under way.
  [[nodiscard]] TimePoint earliest() const noexcept;
  // A request goes out. While open this is the probe.
  void on_start(TrialId trial) noexcept;
  void on_answer() noexcept;

  struct Verdict {
    bool opened = false;              // now, or again after a failed probe; see earliest()
    std::optional<std::string> stop;  // why the backend is given up
  };
  // An attempt has failed; `over`: and with it its trial.
  [[nodiscard]] Verdict on_failure(TrialId trial,
                                   const backend::Failure& failure,
                                   bool over,
                                   TimePoint now);
  // "5 trials in a row found no server"; empty while closed.
  [[nodiscard]] const std::string& why() const noexcept { return why_; }

 private:
  [[nodiscard]] Verdict count(TrialId trial, const backend::Failure& failure, TimePoint now);
  [[nodiscard]] Verdict probe_failed(const backend::Failure& failure, TimePoint now);

  BreakerPolicy policy_;
  State state_ = State::closed;
  std::unordered_set<TrialId> gone_;     // found no server since the last answer
  std::unordered_set<TrialId> refused_;  // ... or were refused after all their retries
  TimePoint opened_at_{};
  TimePoint probe_at_{};
  Duration pause_{0};
  TrialId probe_ = 0;
  std::int64_t probes_ = 0;
  std::string why_;
};

}  // namespace faceoff::run
