#pragma once

// When the next request to one backend may go out without breaking a quota. Private to run.

#include <faceoff/backend/rates.h>
#include <faceoff/base/clock.h>
#include <faceoff/run/policy.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::run {

// Two sources of limits. What the user set is spread evenly: after each request the gate stays shut
// for its share of the minute, so that no 60 s hold more than a minute's worth. What the server's
// headers say is believed: once they say that nothing is left, the gate stays shut until the quota
// is full again. Waits longer than `longest_hold` are not made: the server's refusal will say what
// is to be done then. Pure.
class RateGate {
 public:
  RateGate(const RateSettings& settings, Duration longest_hold)
      : settings_(settings), longest_hold_(longest_hold) {}

  [[nodiscard]] TimePoint earliest() const noexcept;
  // A request goes out, of about so many tokens, its answer included.
  void on_start(TimePoint now, std::int64_t tokens) noexcept;
  // It turned out to have others.
  void on_usage(std::int64_t estimated, std::int64_t actual) noexcept;
  void on_limits(const backend::RateLimits& limits, TimePoint now);
  // The server asks for a pause.
  void hold(TimePoint now, Duration pause);

  // Why earliest() is later than what the user set asks for; empty when it is not.
  [[nodiscard]] std::string why(TimePoint now) const;

 private:
  // What is left of a quota of the server's, until it is full again.
  struct Learnt {
    std::int64_t left = 0;
    std::optional<std::int64_t> limit;
    TimePoint full_at;
  };
  void learn(const backend::Quota& quota, TimePoint now, std::optional<Learnt>& learnt) const;
  [[nodiscard]] bool used_up(const std::optional<Learnt>& learnt, std::int64_t need) const noexcept;

  RateSettings settings_;
  Duration longest_hold_;
  TimePoint next_by_requests_ = TimePoint::min();
  TimePoint next_by_tokens_ = TimePoint::min();
  TimePoint held_until_ = TimePoint::min();
  std::int64_t last_tokens_ = 1;
  std::optional<Learnt> requests_;
  std::optional<Learnt> tokens_;
};

}  // namespace faceoff::run
