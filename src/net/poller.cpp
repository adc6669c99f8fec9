#include "poller.h"

#include <faceoff/base/check.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace faceoff::net {
namespace {

constexpr std::size_t kBatch = 1024;

bool add(int epoll, int fd, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  return epoll_ctl(epoll, operation, fd, &event) == 0;
}

void drain(int fd) {
  std::uint64_t count = 0;
  // EAGAIN is fine: somebody else's read cannot happen, an earlier one of ours can.
  [[maybe_unused]] const auto n = ::read(fd, &count, sizeof count);
}

}  // namespace

Result<Poller> Poller::create(const Clock& clock) {
  Poller poller(clock);
  poller.epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  poller.timer_ = UniqueFd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  poller.event_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!poller.epoll_.valid() || !poller.timer_.valid() || !poller.event_.valid() ||
      !add(poller.epoll_.get(), poller.timer_.get(), EPOLLIN, EPOLL_CTL_ADD) ||
      !add(poller.epoll_.get(), poller.event_.get(), EPOLLIN, EPOLL_CTL_ADD)) {
    return fail(ErrorKind::io, "event loop: cannot open its descriptors: " + errno_text(errno));
  }
  poller.ready_.resize(kBatch);
  return poller;
}

void Poller::watch(int socket, std::uint32_t events) {
  if (Interest* const interest = lazy_interest(socket)) {
    want(*interest, socket, events);
    return;
  }
  // A closed socket leaves the set by itself and its number may come back: hence both ways.
  const bool watched = add(epoll_.get(), socket, events, EPOLL_CTL_MOD) ||
                       add(epoll_.get(), socket, events, EPOLL_CTL_ADD);
  FACEOFF_CHECK(watched, "epoll refuses a socket");
}

void Poller::forget(int socket) {
  if (Interest* const interest = lazy_interest(socket)) {
    want(*interest, socket, 0);
    return;
  }
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
}

void Poller::opened(int socket) {
  const auto index = static_cast<std::size_t>(socket);
  if (index >= interests_.size()) {
    interests_.resize(index + 1);
  }
  interests_[index] = {.lazy = true, .queued = interests_[index].queued};
}

void Poller::closed(int socket) {
  // The kernel forgets it by itself.
  if (Interest* const interest = lazy_interest(socket)) {
    *interest = {.queued = interest->queued};
  }
}

Poller::Interest* Poller::lazy_interest(int socket) {
  const auto index = static_cast<std::size_t>(socket);
  return index < interests_.size() && interests_[index].lazy ? &interests_[index] : nullptr;
}

void Poller::want(Interest& interest, int socket, std::uint32_t events) {
  interest.wanted = events;
  if (!interest.queued) {
    interest.queued = true;
    changed_.push_back(socket);
  }
}

void Poller::tell_kernel() {
  for (const int socket : changed_) {
    Interest& interest = interests_[static_cast<std::size_t>(socket)];
    interest.queued = false;
    if (interest.wanted == interest.known) {
      continue;
    }
    if (interest.wanted == 0) {
      epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
    } else {
      const int first = interest.known == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
      const int second = interest.known == 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
      const bool watched = add(epoll_.get(), socket, interest.wanted, first) ||
                           add(epoll_.get(), socket, interest.wanted, second);
      FACEOFF_CHECK(watched, "epoll refuses a socket");
    }
    interest.known = interest.wanted;
  }
  changed_.clear();
}

Poller::Wakeup Poller::wait(TimePoint until) {
  tell_kernel();
  Wakeup wakeup;
  int count = wait_kernel(0);
  wakeup.ready_on_entry = count > 0;
  if (count == 0) {
    const TimePoint now = clock_->now();
    if (until > now) {
      arm(until, now);
      count = wait_kernel(-1);
    }
  }
  wakeup.at = clock_->now();
  const auto begin = ready_.begin();
  const auto end = std::remove_if(begin, begin + count, [&](const epoll_event& event) {
    if (event.data.fd == event_.get()) {
      wakeup.woken = true;
      drain(event_.get());
      return true;
    }
    if (event.data.fd == timer_.get()) {
      armed_ = kNever;
      drain(timer_.get());
      return true;
    }
    return false;
  });
  wakeup.sockets = std::span(ready_.data(), static_cast<std::size_t>(end - begin));
  return wakeup;
}

void Poller::wake() const noexcept {
  const std::uint64_t one = 1;
  // The only failure is a counter at its limit, and then the loop is being woken already.
  [[maybe_unused]] const auto n = ::write(event_.get(), &one, sizeof one);
}

void Poller::arm(TimePoint until, TimePoint now) {
  // A timer that goes off too early costs one turn; setting it costs a call for every wake-up of a
  // caller whose limit is always a moment from now.
  if (until == armed_ || (armed_ < until && armed_ > now)) {
    return;
  }
  itimerspec spec{};
  if (until != kNever) {
    const Duration left = until - now;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    spec.it_value.tv_sec = seconds.count();
    spec.it_value.tv_nsec = (left - seconds).count();
  }
  const int rc = timerfd_settime(timer_.get(), 0, &spec, nullptr);
  FACEOFF_CHECK(rc == 0, "timerfd_settime refuses a time");
  armed_ = until;
}

int Poller::wait_kernel(int timeout_ms) {
  const int count =
      epoll_wait(epoll_.get(), ready_.data(), static_cast<int>(ready_.size()), timeout_ms);
  FACEOFF_CHECK(count >= 0 || errno == EINTR, "epoll_wait fails");
  return std::max(count, 0);
}

}  // namespace faceoff::net
