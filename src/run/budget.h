#pragma once

// What a run may cost in money and time. Private to run.

#include <faceoff/backend/price.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/units.h>
#include <faceoff/chat/message.h>
#include <faceoff/run/runner.h>
#include <faceoff/run/scheduler.h>
#include <faceoff/run/trial_driver.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace faceoff::run {

// Tokens of a text of so many bytes, where nobody counted: one for four characters.
[[nodiscard]] constexpr std::int64_t estimate_tokens(std::size_t bytes) noexcept {
  return static_cast<std::int64_t>((bytes + 3) / 4);
}
// ... of what is sent.
[[nodiscard]] std::int64_t estimate_prompt_tokens(const chat::Request& request) noexcept;

// What the answers of one backend cost. Without a price everything is 0 and nothing is known. Pure.
class CostMeter {
 public:
  explicit CostMeter(std::optional<backend::Price> price) : price_(std::move(price)) {}

  [[nodiscard]] bool has_price() const noexcept { return price_.has_value(); }
  // Of a request not yet answered: the mean of those that were; before the first of them a quarter
  // of the prompt's characters and as many tokens as the answer may have, at most 1,000.
  [[nodiscard]] Money estimate(const chat::Request& request) const noexcept;
  struct Spent {
    Money money;
    bool estimated = false;  // the server did not say how many tokens it was
  };
  // Of an attempt that ended. What was refused or never arrived costs nothing; an answer that was
  // cut has cost its prompt and what came.
  [[nodiscard]] Spent of(const AttemptEnd& end, const chat::Request& request);

 private:
  std::optional<backend::Price> price_;
  Money total_;
  std::int64_t answers_ = 0;
};

// Whether another request may be sent. Spent money plus an estimate for what is in flight stays
// below the limit, so that at the end it is exceeded by no more than what was in flight. Pure.
class Budget {
 public:
  enum class Word : std::uint8_t { go, wait, over };

  Budget(const Limits& limits, TimePoint began);

  // wait: until something in flight has ended.
  [[nodiscard]] Word ask(TimePoint now) const noexcept;
  // When the time is over; kNever without a limit.
  [[nodiscard]] TimePoint end() const noexcept { return end_; }
  [[nodiscard]] bool limits_cost() const noexcept { return limits_.cost.has_value(); }

  void reserve(TrialId trial, Money estimate);
  void release(TrialId trial);
  void spend(const CostMeter::Spent& spent) noexcept;

  [[nodiscard]] Money spent() const noexcept { return spent_; }
  // Which limit is reached: "$2.01 of the limit of $2.00 are spent". REQUIRES: ask() says over.
  [[nodiscard]] std::string why(TimePoint now) const;

 private:
  Limits limits_;
  TimePoint end_ = kNever;
  Money spent_;
  Money reserved_;
  bool estimated_ = false;
  std::unordered_map<TrialId, Money> in_flight_;
};

}  // namespace faceoff::run
