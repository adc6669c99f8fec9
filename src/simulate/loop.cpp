#include "loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace faceoff::simulate {
namespace {

constexpr int kEventsAtOnce = 256;
constexpr Duration kSweepEvery = std::chrono::seconds(1);
constexpr Duration kLongestSilence = std::chrono::seconds(120);
constexpr Duration kLongestDrain = std::chrono::seconds(2);
constexpr std::size_t kReadBytes = 64UL * 1024;

Status system_error(std::string_view what) {
  return fail(ErrorKind::io, fmt::format("{}: {}", what, errno_text(errno)));
}

}  // namespace

Server::Loop::Loop(Listener listener,
                   Script script,
                   std::optional<RequestLog> log,
                   const Clock& clock)
    : listener_(std::move(listener)),
      clock_(clock),
      service_(std::move(script), clock.now(), log.has_value()),
      next_sweep_(clock.now() + kSweepEvery),
      log_(std::move(log)),
      buffer_(kReadBytes) {}

Status Server::Loop::open() {
  epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  wake_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  timer_ = UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!epoll_.valid() || !wake_.valid() || !timer_.valid()) {
    return system_error("cannot set up the event loop");
  }
  FACEOFF_TRY(watch(listener_.fd.get(), EPOLLIN, EPOLL_CTL_ADD));
  FACEOFF_TRY(watch(wake_.get(), EPOLLIN, EPOLL_CTL_ADD));
  return watch(timer_.get(), EPOLLIN, EPOLL_CTL_ADD);
}

Status Server::Loop::watch(int fd, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (::epoll_ctl(epoll_.get(), operation, fd, &event) != 0) {
    return system_error("cannot watch a socket");
  }
  return {};
}

Status Server::Loop::run() {
  while (!stop_.load(std::memory_order_acquire)) {
    FACEOFF_TRY(step(std::chrono::seconds(10)));
  }
  return {};
}

void Server::Loop::stop() noexcept {
  stop_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  // The counter cannot overflow, so the write cannot fail in a way that loses the wake-up.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
}

// epoll_wait counts milliseconds; a token schedule needs a finer clock than that.
void Server::Loop::arm_clock() {
  TimePoint next = std::min(next_sweep_, back_at_);
  if (!timers_.empty()) {
    next = std::min(next, timers_.top().at);
  }
  if (next == armed_) {
    return;
  }
  armed_ = next;
  const Duration wait = std::max<Duration>(next - clock_.now(), std::chrono::nanoseconds(1));
  itimerspec spec{};
  spec.it_value.tv_sec = wait.count() / 1'000'000'000;
  spec.it_value.tv_nsec = wait.count() % 1'000'000'000;
  ::timerfd_settime(timer_.get(), 0, &spec, nullptr);
}

Status Server::Loop::step(Duration longest) {
  arm_clock();
  std::array<epoll_event, kEventsAtOnce> events{};
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(longest).count();
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, static_cast<int>(ms));
  if (count < 0) {
    return errno == EINTR ? Status{} : system_error("cannot wait for events");
  }
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == listener_.fd.get()) {
      accept_all();
    } else if (event.data.fd == timer_.get() || event.data.fd == wake_.get()) {
      std::uint64_t ticks = 0;
      [[maybe_unused]] const ssize_t n = ::read(event.data.fd, &ticks, sizeof(ticks));
      armed_ = event.data.fd == timer_.get() ? kNever : armed_;
    } else {
      on_event(event.data.fd, event.events);
    }
  }
  fire_timers();
  start_queued();
  if (clock_.now() >= next_sweep_) {
    sweep();
  }
  counters_.chats.store(service_.chats(), std::memory_order_relaxed);
  counters_.faults.store(service_.faults(), std::memory_order_relaxed);
  if (outage_) {
    FACEOFF_TRY(begin_outage());
  } else if (clock_.now() >= back_at_) {
    FACEOFF_TRY(end_outage());
  }
  return log_status_;
}

Status Server::Loop::begin_outage() {
  back_at_ = clock_.now() + *std::exchange(outage_, std::nullopt);
  for (const auto& connection : connections_) {
    if (connection) {
      abort_on_close(connection->fd.get());
      close(*connection);
    }
  }
  queue_.clear();
  // Clients that wait in the backlog are reset with it.
  listener_.fd.reset();
  FACEOFF_TRY_ASSIGN(listener_.fd, reserve(listener_));
  return {};
}

Status Server::Loop::end_outage() {
  back_at_ = kNever;
  accepting_ = true;
  if (::listen(listener_.fd.get(), SOMAXCONN) != 0) {
    return system_error("cannot listen again after the outage");
  }
  return watch(listener_.fd.get(), EPOLLIN, EPOLL_CTL_ADD);
}

void Server::Loop::note_asked(const Connection& connection) {
  if (log_ && connection.reply.note && log_status_) {
    log_status_ = log_->asked(*connection.reply.note, clock_.utc_now());
  }
}

void Server::Loop::note_ended(Connection& connection, bool whole) {
  const auto note = std::exchange(connection.reply.note, std::nullopt);
  if (log_ && note && log_status_) {
    log_status_ = log_->ended(*note, status_in(connection.status_line), whole, clock_.utc_now());
  }
}

void Server::Loop::accept_all() {
  while (true) {
    UniqueFd fd(::accept4(listener_.fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid()) {
      if (errno == EINTR || errno == ECONNABORTED) {
        continue;
      }
      // Without a free descriptor the listener would be ready for ever; a close re-opens it.
      if ((errno == EMFILE || errno == ENFILE) &&
          watch(listener_.fd.get(), 0, EPOLL_CTL_MOD).has_value()) {
        accepting_ = false;
      }
      return;
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (!watch(fd.get(), EPOLLIN, EPOLL_CTL_ADD)) {
      continue;
    }
    const auto index = static_cast<std::size_t>(fd.get());
    if (index >= connections_.size()) {
      connections_.resize(index + 1);
    }
    auto connection = std::make_unique<Connection>();
    connection->fd = std::move(fd);
    connection->serial = ++serial_;
    connection->last_seen = clock_.now();
    connections_[index] = std::move(connection);
    counters_.connections.fetch_add(1, std::memory_order_relaxed);
    counters_.open.fetch_add(1, std::memory_order_relaxed);
  }
}

void Server::Loop::fire_timers() {
  while (!timers_.empty() && timers_.top().at <= clock_.now()) {
    const Timer timer = timers_.top();
    timers_.pop();
    Connection* const connection = find(timer.fd, timer.serial);
    if (connection == nullptr || connection->phase != Connection::Phase::replying) {
      continue;
    }
    connection->timer_at = kNever;
    settle(*connection, resume(*connection));
  }
}

void Server::Loop::sweep() {
  const TimePoint now = clock_.now();
  next_sweep_ = now + kSweepEvery;
  for (const auto& connection : connections_) {
    if (!connection) {
      continue;
    }
    const Duration silence = now - connection->last_seen;
    const bool stale =
        (connection->phase == Connection::Phase::reading && silence > kLongestSilence) ||
        (connection->phase == Connection::Phase::draining && silence > kLongestDrain);
    if (stale) {
      close(*connection);
    }
  }
}

Connection* Server::Loop::find(int fd, std::uint64_t serial) noexcept {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= connections_.size() || !connections_[index] ||
      connections_[index]->serial != serial) {
    return nullptr;
  }
  return connections_[index].get();
}

void Server::Loop::close(Connection& connection) {
  note_ended(connection, false);
  release_slot(connection);
  counters_.open.fetch_sub(1, std::memory_order_relaxed);
  connections_[static_cast<std::size_t>(connection.fd.get())].reset();
  if (!accepting_ && watch(listener_.fd.get(), EPOLLIN, EPOLL_CTL_MOD).has_value()) {
    accepting_ = true;
  }
}

Stats Server::Loop::stats() const noexcept {
  const auto read = [](const std::atomic<std::uint64_t>& value) {
    return value.load(std::memory_order_relaxed);
  };
  return {.connections = read(counters_.connections),
          .open_connections = read(counters_.open),
          .requests = read(counters_.requests),
          .bad_requests = read(counters_.bad),
          .chats = read(counters_.chats),
          .faults = read(counters_.faults),
          .cancelled = read(counters_.cancelled),
          .longest_queue = read(counters_.longest_queue)};
}

}  // namespace faceoff::simulate
