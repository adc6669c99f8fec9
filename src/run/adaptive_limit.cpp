#include "adaptive_limit.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

constexpr std::size_t kMaxHistory = 200;

AdaptivePolicy in_order(AdaptivePolicy policy) {
  policy.ceiling = std::max<std::int64_t>(policy.ceiling, 1);
  policy.floor = std::clamp<std::int64_t>(policy.floor, 1, policy.ceiling);
  policy.start = std::clamp(policy.start, policy.floor, policy.ceiling);
  return policy;
}

}  // namespace

AdaptiveLimit::AdaptiveLimit(const AdaptivePolicy& policy, TimePoint began)
    : policy_(in_order(policy)), began_(began), limit_(policy_.start) {
  history_.push_back({.at = Duration{0}, .limit = limit_, .why = "start"});
}

bool AdaptiveLimit::on_taken(TimePoint now) {
  const bool cooling = cut_at_ && now < *cut_at_ + policy_.cooldown;
  if (limit_ >= policy_.ceiling || cooling || ++taken_ < limit_) {
    return false;
  }
  const std::int64_t next = cut_at_ ? limit_ + 1 : limit_ * 2;
  std::string why = fmt::format("{} request{} in a row {} taken",
                                taken_,
                                taken_ == 1 ? "" : "s",
                                taken_ == 1 ? "was" : "were");
  change(now, std::min(next, policy_.ceiling), std::move(why));
  return true;
}

bool AdaptiveLimit::on_refused(TimePoint now, TimePoint sent, const std::string& why) {
  taken_ = 0;
  if (cut_at_ && sent < *cut_at_) {
    return false;
  }
  cut_at_ = now;
  const std::int64_t next = std::max(policy_.floor, limit_ / 2);
  if (next == limit_) {
    return false;
  }
  change(now, next, why);
  return true;
}

void AdaptiveLimit::change(TimePoint now, std::int64_t limit, std::string why) {
  limit_ = limit;
  // On the way up at the start those in flight count on: they are the window.
  taken_ = cut_at_ ? 0 : taken_;
  if (history_.size() == kMaxHistory) {
    history_.erase(history_.begin() + 1);
  }
  history_.push_back({.at = now - began_, .limit = limit, .why = std::move(why)});
}

}  // namespace faceoff::run
