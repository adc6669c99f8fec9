#include <faceoff/base/units.h>
#include <faceoff/run/policy.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

// 2^20 times the first wait is past any sensible cap; more would overflow.
constexpr std::int64_t kMaxDoublings = 20;

Duration jittered(const RetryPolicy& policy, std::int64_t attempts, Random& random) {
  const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, kMaxDoublings);
  const Duration ceiling =
      std::min(policy.first_wait * (std::int64_t{1} << doublings), policy.longest_wait);
  // Never 0: a server that just failed is not asked again at once.
  const double share = 0.05 + 0.95 * random.uniform();
  return Duration{static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * share)};
}

}  // namespace

ServerSign sign_of(const backend::Failure& failure) noexcept {
  using backend::FailureKind;
  switch (failure.kind) {
    case FailureKind::dns:
    case FailureKind::refused:
    case FailureKind::connect_timeout:
    case FailureKind::tls:
    case FailureKind::reset:
    case FailureKind::empty_reply:
    case FailureKind::not_http:
    case FailureKind::proxy:
    case FailureKind::address_not_allowed:
      return ServerSign::gone;
    case FailureKind::rate_limited:
    case FailureKind::overloaded:
    case FailureKind::server_error:
      // "No" or "stop" is an answer to this request, not a sign of trouble.
      return failure.retry == backend::Retry::yes ? ServerSign::refusing : ServerSign::alive;
    case FailureKind::truncated:
    case FailureKind::stream_error:
    case FailureKind::first_token_timeout:
    case FailureKind::idle_timeout:
    case FailureKind::total_timeout:
    case FailureKind::cancelled:
      return ServerSign::unclear;
    default:
      return ServerSign::alive;
  }
}

RetryDecision decide_retry(const RetryPolicy& policy,
                           const backend::Failure& failure,
                           std::int64_t attempts,
                           Duration waited,
                           Random& random) {
  if (failure.retry != backend::Retry::yes) {
    return {.again = false, .wait = Duration{0}, .why_not = {}};
  }
  if (attempts > policy.max_retries) {
    return {.again = false,
            .wait = Duration{0},
            .why_not = fmt::format("given up after {} attempts", attempts)};
  }
  const Duration left = policy.max_time - waited;
  if (failure.retry_after) {
    if (*failure.retry_after > left) {
      return {
          .again = false,
          .wait = Duration{0},
          .why_not = fmt::format("the server asks to wait {}, more than is left of the limit of {}",
                                 format_duration(*failure.retry_after),
                                 format_duration(policy.max_time))};
    }
    return {.again = true, .wait = *failure.retry_after, .why_not = {}};
  }
  const Duration wait = jittered(policy, attempts, random);
  if (wait > left) {
    return {.again = false,
            .wait = Duration{0},
            .why_not = fmt::format("the limit of {} for waiting is used up",
                                   format_duration(policy.max_time))};
  }
  return {.again = true, .wait = wait, .why_not = {}};
}

}  // namespace faceoff::run
