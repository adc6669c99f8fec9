#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <span>
#include <vector>

#include <sys/epoll.h>

namespace faceoff::net {

// epoll with a timerfd (epoll_wait's own milliseconds are too coarse) and an eventfd to be woken
// by.
class Poller {
 public:
  struct Wakeup {
    TimePoint at;                            // when epoll_wait returned
    std::span<const epoll_event> sockets{};  // valid until the next wait()
    bool woken = false;                      // wake() was called
    bool ready_on_entry = false;             // nothing had to be waited for
  };

  // `clock` must outlive the poller.
  [[nodiscard]] static Result<Poller> create(const Clock& clock);

  // Replaces what the socket is watched for (EPOLLIN, EPOLLOUT). For a socket that opened() was
  // told of it takes effect with the next wait(): a connection that carries one request after the
  // other is forgotten and watched again each time, and the kernel need not hear of that.
  void watch(int socket, std::uint32_t events);
  // Sockets that are not watched are ignored.
  void forget(int socket);
  // A new socket, of which closed() will be told before it is closed.
  void opened(int socket);
  void closed(int socket);
  // Returns when a socket is ready, at `until`, on wake() or on a signal; now and then before that
  // without any of these.
  [[nodiscard]] Wakeup wait(TimePoint until);
  // From any thread and from signal handlers.
  void wake() const noexcept;

 private:
  explicit Poller(const Clock& clock) : clock_(&clock) {}
  struct Interest {
    bool lazy = false;    // between opened() and closed()
    bool queued = false;  // stands in changed_
    std::uint32_t wanted = 0;
    std::uint32_t known = 0;  // to the kernel
  };

  [[nodiscard]] Interest* lazy_interest(int socket);
  void want(Interest& interest, int socket, std::uint32_t events);
  void tell_kernel();
  void arm(TimePoint until, TimePoint now);
  [[nodiscard]] int wait_kernel(int timeout_ms);

  const Clock* clock_;
  UniqueFd epoll_;
  UniqueFd timer_;
  UniqueFd event_;
  TimePoint armed_ = kNever;
  std::vector<Interest> interests_;  // by descriptor
  std::vector<int> changed_;
  std::vector<epoll_event> ready_;
};

}  // namespace faceoff::net
