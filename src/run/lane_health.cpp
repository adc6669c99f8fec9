#include "lane_health.h"

#include <fmt/format.h>

namespace faceoff::run {
namespace {

constexpr int kDeadAfter = 5;

bool is_unreachable(backend::FailureKind kind) {
  using backend::FailureKind;
  switch (kind) {
    case FailureKind::dns:
    case FailureKind::refused:
    case FailureKind::connect_timeout:
    case FailureKind::tls:
    case FailureKind::reset:
    case FailureKind::empty_reply:
    case FailureKind::not_http:
    case FailureKind::proxy:
    case FailureKind::address_not_allowed:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<std::string> LaneHealth::on_failure(const backend::Failure& failure) {
  if (failure.retry == backend::Retry::stop_backend) {
    return failure.message;
  }
  if (!is_unreachable(failure.kind)) {
    unreachable_ = 0;
    return std::nullopt;
  }
  if (++unreachable_ < kDeadAfter) {
    return std::nullopt;
  }
  return fmt::format("{} trials in a row found no server: {}", kDeadAfter, failure.message);
}

}  // namespace faceoff::run
