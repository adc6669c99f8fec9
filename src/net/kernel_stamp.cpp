#include "kernel_stamp.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include <arpa/inet.h>
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
constexpr int kTries = 20;
constexpr auto kBetweenTries = std::chrono::milliseconds(1);

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

// A connected pair of TCP sockets on loopback; invalid where that is not possible.
std::array<UniqueFd, 2> connect_to_ourselves() {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  UniqueFd far(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener.valid() || !far.valid() || ::bind(listener.get(), generic, size) != 0 ||
      ::listen(listener.get(), 1) != 0 || ::getsockname(listener.get(), generic, &size) != 0 ||
      ::connect(far.get(), generic, size) != 0) {
    return {};
  }
  sockaddr_in peer{};
  sockaddr_in own{};
  socklen_t peer_size = sizeof peer;
  socklen_t own_size = sizeof own;
  UniqueFd near(
      ::accept4(listener.get(), reinterpret_cast<sockaddr*>(&peer), &peer_size, SOCK_CLOEXEC));
  // Somebody else may have been quicker to connect.
  const bool ours = near.valid() &&
                    ::getsockname(far.get(), reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
                    own.sin_port == peer.sin_port;
  if (!ours) {
    return {};
  }
  return {std::move(near), std::move(far)};
}

}  // namespace

KernelStamps::KernelStamps(const Clock& clock) : clock_(&clock) {
  try_out();
}

void KernelStamps::try_out() {
  auto [near, far] = connect_to_ourselves();
  if (!near.valid() || !enable(near.get())) {
    return;
  }
  for (int i = 0; i < kTries && !available_; ++i) {
    char byte = 'x';
    if (::send(far.get(), &byte, 1, MSG_NOSIGNAL) != 1 ||
        ::recv(near.get(), &byte, 1, MSG_PEEK) != 1) {
      return;
    }
    available_ = peek_stamp(near.get()).has_value();
    static_cast<void>(::recv(near.get(), &byte, 1, MSG_DONTWAIT));
    if (!available_) {
      std::this_thread::sleep_for(kBetweenTries);
    }
  }
  if (available_) {
    near_ = std::move(near);
    far_ = std::move(far);
  }
}

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
