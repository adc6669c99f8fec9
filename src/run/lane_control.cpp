#include "lane_control.h"

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

// Shorter waits are no news.
constexpr Duration kWorthTelling = std::chrono::seconds(1);
constexpr std::int64_t kLongAnswer = 1000;
constexpr int kFirstErrorStatus = 400;

// A server of somebody else gets one request before all others: when the key or the model is wrong,
// that one is enough to know. Later the limit doubles quickly.
AdaptivePolicy adaptive_policy(const Lane& lane) {
  AdaptivePolicy policy;
  policy.ceiling = std::max<std::int64_t>(lane.concurrency, 1);
  policy.start = lane.backend->is_local() ? policy.ceiling : 1;
  return policy;
}

std::string short_cause(const backend::Failure& failure) {
  return failure.http_status == 0
             ? std::string(backend::to_string(failure.kind))
             : fmt::format("HTTP {} ({})", failure.http_status, backend::to_string(failure.kind));
}

}  // namespace

LaneControl::LaneControl(const Lane& lane, std::size_t index, Observer& observer, TimePoint began)
    : index_(index),
      observer_(observer),
      breaker_(lane.breaker),
      gate_(lane.rates, lane.retry.max_time),
      adaptive_(adaptive_policy(lane), began) {}

TimePoint LaneControl::earliest() const noexcept {
  return std::max(breaker_.earliest(), gate_.earliest());
}

std::int64_t LaneControl::estimate(const chat::Request& request) const noexcept {
  if (answers_seen_ > 0) {
    return tokens_seen_ / answers_seen_;
  }
  return estimate_prompt_tokens(request) +
         std::min(request.params.max_tokens.value_or(kLongAnswer), kLongAnswer);
}

LaneControl::Sent LaneControl::on_start(TrialId trial,
                                        const chat::Request& request,
                                        TimePoint now) {
  const Sent sent{.at = now, .tokens = estimate(request)};
  breaker_.on_start(trial);
  gate_.on_start(now, sent.tokens);
  if (!out_of_order() && announced_ != TimePoint::min()) {
    announced_ = TimePoint::min();
    observer_.lane_goes_on(index_);
  }
  return sent;
}

void LaneControl::on_headers(int status, TimePoint now) {
  if (status < kFirstErrorStatus && adaptive_.on_taken(now)) {
    observer_.concurrency_changed(index_, adaptive_.limit(), adaptive_.history().back().why);
  }
}

void LaneControl::heed_refusal(const backend::Failure& failure, TimePoint sent, TimePoint now) {
  const bool refused = failure.kind == backend::FailureKind::rate_limited ||
                       failure.kind == backend::FailureKind::overloaded;
  if (!refused || failure.retry != backend::Retry::yes) {
    return;
  }
  if (adaptive_.on_refused(now, sent, short_cause(failure))) {
    observer_.concurrency_changed(index_, adaptive_.limit(), adaptive_.history().back().why);
  }
  // The pause that one request is asked for is meant for all of them.
  if (failure.retry_after) {
    gate_.hold(now, *failure.retry_after);
  }
}

LaneControl::Outcome LaneControl::on_end(
    TrialId trial, const AttemptEnd& end, const Sent& sent, bool over, TimePoint now) {
  if (end.rates) {
    gate_.on_limits(*end.rates, now);
  }
  if (const auto& usage = end.usage; usage.prompt_tokens && usage.completion_tokens) {
    const std::int64_t actual = *usage.prompt_tokens + *usage.completion_tokens;
    gate_.on_usage(sent.tokens, actual);
    tokens_seen_ += actual;
    ++answers_seen_;
  }
  Outcome outcome;
  std::string cause;
  if (end.failure) {
    heed_refusal(*end.failure, sent.at, now);
    const bool was_out_of_order = out_of_order();
    auto verdict = breaker_.on_failure(trial, *end.failure, over, now);
    outcome.gave_up = verdict.stop && was_out_of_order;
    outcome.stop = std::move(verdict.stop);
    cause = fmt::format("{}: {}", short_cause(*end.failure), end.failure->message);
  } else {
    breaker_.on_answer();
  }
  announce(now, cause);
  return outcome;
}

void LaneControl::announce(TimePoint now, const std::string& cause) {
  const TimePoint at = earliest();
  // Not `at - now` alone: `at` may be TimePoint::min(), and the difference would not fit.
  if (at == kNever || at <= now || at - now < kWorthTelling) {
    if (!out_of_order() && announced_ != TimePoint::min()) {
      announced_ = TimePoint::min();
      observer_.lane_goes_on(index_);
    }
    return;
  }
  std::string why = out_of_order() ? breaker_.why() : gate_.why(now);
  if (at == announced_ || why.empty()) {
    return;
  }
  if (!cause.empty()) {
    why += " (" + cause + ")";
  }
  announced_ = at;
  observer_.lane_waits(index_, at - now, why);
}

}  // namespace faceoff::run
