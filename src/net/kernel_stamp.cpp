#include "kernel_stamp.h"

#include <array>
#include <cstring>

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace faceoff::net {
namespace {

constexpr Duration kCompareEvery = std::chrono::seconds(1);
// Slewing (adjtime: at most 0.5 ms a second) is no step.
constexpr Duration kStep = std::chrono::milliseconds(2);
constexpr int kComparisons = 3;

UtcTime from_timespec(const timespec& t) {
  return UtcTime{std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec)};
}

// The wall clock minus the monotonic one, from the reading that took least time.
Duration compare(const Clock& clock) {
  Duration best_width = Duration::max();
  Duration offset{0};
  for (int i = 0; i < kComparisons; ++i) {
    const TimePoint before = clock.now();
    const UtcTime wall = clock.utc_now();
    const Duration width = clock.now() - before;
    if (width < best_width) {
      best_width = width;
      offset = wall.time_since_epoch() - (before + width / 2).time_since_epoch();
    }
  }
  return offset;
}

std::optional<UtcTime> stamp_in(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPING) {
      scm_timestamping stamps{};
      std::memcpy(&stamps, CMSG_DATA(part), sizeof stamps);
      const timespec software = stamps.ts[0];
      return software.tv_sec == 0 ? std::nullopt : std::optional(from_timespec(software));
    }
  }
  return std::nullopt;
}

std::optional<UtcTime> peek_stamp(int socket) {
  // A read of an empty socket would take the pending error (a reset) away from who reads next.
  int waiting = 0;
  if (::ioctl(socket, FIONREAD, &waiting) != 0 || waiting == 0) {
    return std::nullopt;
  }
  std::array<char, 1> byte{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(scm_timestamping)) + 64> control{};
  iovec piece{byte.data(), byte.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(socket, &message, MSG_PEEK | MSG_DONTWAIT) <= 0) {
    return std::nullopt;
  }
  return stamp_in(message);
}

}  // namespace

KernelStamps::KernelStamps(const Clock& clock)
    : clock_(&clock),
      asking_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      available_(asking_.valid() && enable(asking_.get())) {}

bool KernelStamps::enable(int socket) noexcept {
  const unsigned flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  return ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags) == 0;
}

std::optional<TimePoint> KernelStamps::peek(int socket) noexcept {
  const auto stamp = available_ ? peek_stamp(socket) : std::nullopt;
  return stamp ? to_monotonic(*stamp) : std::nullopt;
}

std::optional<TimePoint> KernelStamps::to_monotonic(UtcTime stamp) noexcept {
  const TimePoint now = clock_->now();
  if (!offset_ || now - compared_at_ >= kCompareEvery) {
    const Duration fresh = compare(*clock_);
    const bool stepped = offset_ && (fresh - *offset_ > kStep || *offset_ - fresh > kStep);
    offset_ = fresh;
    compared_at_ = now;
    if (stepped) {
      return std::nullopt;
    }
  }
  return TimePoint{stamp.time_since_epoch() - *offset_};
}

}  // namespace faceoff::net
