#include "budget.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

constexpr std::int64_t kLongAnswer = 1000;

Money times(Money price, std::int64_t tokens) {
  return {price.picodollars * tokens};
}

Money plus(Money a, Money b) {
  a += b;
  return a;
}

}  // namespace

std::int64_t estimate_prompt_tokens(const chat::Request& request) noexcept {
  std::size_t bytes = 0;
  for (const auto& message : request.messages) {
    bytes += message.text.size();
  }
  return estimate_tokens(bytes);
}

Money CostMeter::estimate(const chat::Request& request) const noexcept {
  if (!price_) {
    return {};
  }
  if (answers_ > 0) {
    return {total_.picodollars / answers_};
  }
  const std::int64_t answer =
      std::min(request.params.max_tokens.value_or(kLongAnswer), kLongAnswer);
  return plus(times(price_->input, estimate_prompt_tokens(request)), times(price_->output, answer));
}

CostMeter::Spent CostMeter::of(const AttemptEnd& end, const chat::Request& request) {
  if (!price_) {
    return {};
  }
  Spent spent;
  if (const auto cost = backend::cost_of(*price_, end.usage)) {
    spent.money = *cost;
  } else if (end.http_status < 200 || end.http_status >= 300) {
    return {};
  } else {
    spent.money = plus(times(price_->input, estimate_prompt_tokens(request)),
                       times(price_->output, estimate_tokens(end.answer_bytes)));
    spent.estimated = true;
  }
  total_ += spent.money;
  ++answers_;
  return spent;
}

Budget::Budget(const Limits& limits, TimePoint began) : limits_(limits) {
  if (limits.time) {
    end_ = began + *limits.time;
  }
}

Budget::Word Budget::ask(TimePoint now) const noexcept {
  if (now >= end_ || (limits_.cost && spent_ >= *limits_.cost)) {
    return Word::over;
  }
  return limits_.cost && plus(spent_, reserved_) >= *limits_.cost ? Word::wait : Word::go;
}

void Budget::reserve(TrialId trial, Money estimate) {
  release(trial);
  in_flight_.emplace(trial, estimate);
  reserved_ += estimate;
}

void Budget::release(TrialId trial) {
  if (const auto it = in_flight_.find(trial); it != in_flight_.end()) {
    reserved_ += Money{-it->second.picodollars};
    in_flight_.erase(it);
  }
}

void Budget::spend(const CostMeter::Spent& spent) noexcept {
  spent_ += spent.money;
  estimated_ = estimated_ || spent.estimated;
}

std::string Budget::why(TimePoint now) const {
  if (limits_.cost && spent_ >= *limits_.cost) {
    return fmt::format("{} of the limit of {} are spent{}",
                       format_money(spent_),
                       format_money(*limits_.cost),
                       estimated_ ? ", part of it estimated" : "");
  }
  return now >= end_ ? fmt::format("the limit of {} is over", format_duration(*limits_.time)) : "";
}

}  // namespace faceoff::run
