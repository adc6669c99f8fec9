#include "rate_gate.h"

#include <faceoff/base/units.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

constexpr double kMinuteNs = 60e9;

// The share of a minute that `amount` takes up.
Duration share_of(std::int64_t amount, std::int64_t per_minute) {
  const double ns = kMinuteNs * static_cast<double>(amount) / static_cast<double>(per_minute);
  // Rounded up: a hair more than the quota would be too much.
  constexpr double kHour = 3600e9;
  return Duration{static_cast<std::int64_t>(std::clamp(ns, -kHour, kHour)) + 1};
}

}  // namespace

bool RateGate::used_up(const std::optional<Learnt>& learnt, std::int64_t need) const noexcept {
  if (!learnt) {
    return false;
  }
  // A request greater than the whole quota is the server's to refuse.
  return learnt->left < std::max<std::int64_t>(std::min(need, learnt->limit.value_or(need)), 1);
}

TimePoint RateGate::earliest() const noexcept {
  TimePoint at = std::max({next_by_requests_, next_by_tokens_, held_until_});
  if (used_up(requests_, 1)) {
    at = std::max(at, requests_->full_at);
  }
  if (used_up(tokens_, last_tokens_)) {
    at = std::max(at, tokens_->full_at);
  }
  return at;
}

void RateGate::on_start(TimePoint now, std::int64_t tokens) noexcept {
  last_tokens_ = std::max<std::int64_t>(tokens, 1);
  if (settings_.requests_per_minute) {
    next_by_requests_ =
        std::max(now, next_by_requests_) + share_of(1, *settings_.requests_per_minute);
  }
  if (settings_.tokens_per_minute) {
    next_by_tokens_ =
        std::max(now, next_by_tokens_) + share_of(last_tokens_, *settings_.tokens_per_minute);
  }
  const auto take = [now](std::optional<Learnt>& learnt, std::int64_t amount) {
    if (learnt && now >= learnt->full_at) {
      learnt.reset();
    } else if (learnt) {
      learnt->left -= amount;
    }
  };
  take(requests_, 1);
  take(tokens_, last_tokens_);
}

void RateGate::on_usage(std::int64_t estimated, std::int64_t actual) noexcept {
  if (settings_.tokens_per_minute && next_by_tokens_ != TimePoint::min()) {
    next_by_tokens_ += share_of(actual - estimated, *settings_.tokens_per_minute);
  }
}

void RateGate::learn(const backend::Quota& quota,
                     TimePoint now,
                     std::optional<Learnt>& learnt) const {
  if (!quota.remaining || !quota.reset) {
    return;
  }
  learnt.reset();
  if (*quota.reset <= longest_hold_) {
    learnt = Learnt{.left = *quota.remaining, .limit = quota.limit, .full_at = now + *quota.reset};
  }
}

void RateGate::on_limits(const backend::RateLimits& limits, TimePoint now) {
  learn(limits.requests, now, requests_);
  learn(limits.tokens, now, tokens_);
}

void RateGate::hold(TimePoint now, Duration pause) {
  if (pause <= longest_hold_) {
    held_until_ = std::max(held_until_, now + pause);
  }
}

std::string RateGate::why(TimePoint now) const {
  const auto left = [](const Learnt& learnt, std::string_view what) {
    const std::string of = learnt.limit ? fmt::format(" of {}", *learnt.limit) : "";
    return fmt::format("the server says that {}{} {} are left of its quota",
                       std::max<std::int64_t>(learnt.left, 0),
                       of,
                       what);
  };
  if (held_until_ > now) {
    return "the server asked for a pause";
  }
  if (used_up(requests_, 1) && requests_->full_at > now) {
    return left(*requests_, "requests");
  }
  if (used_up(tokens_, last_tokens_) && tokens_->full_at > now) {
    return left(*tokens_, "tokens");
  }
  return {};
}

}  // namespace faceoff::run
