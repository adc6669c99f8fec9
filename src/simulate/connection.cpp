// The part of the loop that deals with one connection.
#include "clock_text.h"
#include "loop.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace faceoff::simulate {
namespace {

// Past this the steps of a reply wait until the client has read.
constexpr std::size_t kMaxUnsent = 256UL * 1024;
// Past this no more is read from a client that sends ahead; one whole request always fits.
constexpr std::size_t kMaxUnread = kMaxHeadBytes + kMaxBodyBytes + 64UL * 1024;

constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::size_t kStatusLine = kVersion.size() + 3;

}  // namespace

int status_in(std::string_view bytes) noexcept {
  int status = 0;
  if (bytes.starts_with(kVersion)) {
    for (const char c : bytes.substr(kVersion.size(), 3)) {
      status = c >= '0' && c <= '9' ? status * 10 + (c - '0') : 0;
    }
  }
  return status;
}

void abort_on_close(int fd) noexcept {
  const linger abort{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
}

void Server::Loop::on_event(int fd, std::uint32_t events) {
  const auto index = static_cast<std::size_t>(fd);
  // An earlier event of the same batch may have closed it.
  if (index >= connections_.size() || !connections_[index]) {
    return;
  }
  Connection& connection = *connections_[index];
  Alive alive = Alive::yes;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0U) {
    alive = read_some(connection);
  }
  if (alive == Alive::yes && (events & EPOLLOUT) != 0U) {
    alive = resume(connection);
  }
  settle(connection, alive);
}

Server::Loop::Alive Server::Loop::read_some(Connection& connection) {
  const ssize_t n = ::recv(connection.fd.get(), buffer_.data(), buffer_.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    return Alive::yes;
  }
  if (n <= 0) {
    // A client that ends its side while it waits has given up (docs/simulate.md).
    if (connection.phase == Connection::Phase::replying ||
        connection.phase == Connection::Phase::queued) {
      counters_.cancelled.fetch_add(1, std::memory_order_relaxed);
    }
    return Alive::no;
  }
  connection.last_seen = clock_.now();
  if (connection.phase == Connection::Phase::draining) {
    return Alive::yes;
  }
  connection.in.append(buffer_.data(), static_cast<std::size_t>(n));
  return connection.phase == Connection::Phase::reading ? take_input(connection) : Alive::yes;
}

Server::Loop::Alive Server::Loop::take_input(Connection& connection) {
  if (serve(connection) == Alive::no) {
    return Alive::no;
  }
  if (connection.phase == Connection::Phase::reading && connection.parser.take_continue()) {
    connection.out += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  return flush(connection);
}

Server::Loop::Alive Server::Loop::serve(Connection& connection) {
  while (connection.phase == Connection::Phase::reading && !connection.in.empty()) {
    switch (connection.parser.parse(connection.in)) {
      case RequestParser::State::more:
        return Alive::yes;
      case RequestParser::State::bad: {
        counters_.requests.fetch_add(1, std::memory_order_relaxed);
        counters_.bad.fetch_add(1, std::memory_order_relaxed);
        connection.in.clear();
        Reply refusal =
            service_.refuse(connection.parser.bad_status(), connection.parser.bad_reason());
        if (begin(connection, std::move(refusal)) == Alive::no) {
          return Alive::no;
        }
        break;
      }
      case RequestParser::State::ready: {
        counters_.requests.fetch_add(1, std::memory_order_relaxed);
        const HttpRequest request = connection.parser.take();
        const Moment moment{
            .now = clock_.now(), .utc = clock_.utc_now(), .busy_slots = busy_slots_};
        if (begin(connection, service_.handle(request, moment)) == Alive::no) {
          return Alive::no;
        }
        break;
      }
    }
  }
  return Alive::yes;
}

Server::Loop::Alive Server::Loop::begin(Connection& connection, Reply reply) {
  connection.reply = std::move(reply);
  connection.pending.reset();
  connection.status_line.clear();
  note_asked(connection);
  if (connection.reply.outage) {
    outage_ = connection.reply.outage;
  }
  if (connection.reply.takes_slot) {
    if (slots_full()) {
      connection.phase = Connection::Phase::queued;
      queue_.push_back({.at = {}, .fd = connection.fd.get(), .serial = connection.serial});
      const auto waiting = std::uint64_t{queue_.size()};
      if (waiting > counters_.longest_queue.load(std::memory_order_relaxed)) {
        counters_.longest_queue.store(waiting, std::memory_order_relaxed);
      }
      return Alive::yes;
    }
    ++busy_slots_;
    connection.has_slot = true;
  }
  connection.phase = Connection::Phase::replying;
  connection.started = clock_.now();
  return pump(connection);
}

bool Server::Loop::slots_full() const noexcept {
  const auto slots = service_.slots();
  return slots && busy_slots_ >= *slots;
}

void Server::Loop::start_queued() {
  while (!queue_.empty() && !slots_full()) {
    const Timer next = queue_.front();
    queue_.pop_front();
    Connection* const connection = find(next.fd, next.serial);
    if (connection == nullptr || connection->phase != Connection::Phase::queued) {
      continue;
    }
    ++busy_slots_;
    connection->has_slot = true;
    connection->phase = Connection::Phase::replying;
    connection->started = clock_.now();
    settle(*connection, resume(*connection));
  }
}

Server::Loop::Alive Server::Loop::resume(Connection& connection) {
  if (pump(connection) == Alive::no) {
    return Alive::no;
  }
  return connection.phase == Connection::Phase::reading && !connection.in.empty()
             ? take_input(connection)
             : Alive::yes;
}

void Server::Loop::settle(Connection& connection, Alive alive) {
  if (alive == Alive::yes) {
    update_interest(connection);
  } else {
    close(connection);
  }
}

Server::Loop::Alive Server::Loop::pump(Connection& connection) {
  while (connection.phase == Connection::Phase::replying) {
    if (connection.out.size() - connection.sent >= kMaxUnsent) {
      if (flush(connection) == Alive::no) {
        return Alive::no;
      }
      if (connection.out.size() - connection.sent >= kMaxUnsent) {
        return Alive::yes;
      }
    }
    if (!connection.pending) {
      connection.pending = connection.reply.steps->next();
    }
    if (!connection.pending) {
      return finish_reply(connection);
    }
    const TimePoint due = connection.started + connection.pending->at;
    if (due > clock_.now()) {
      if (std::exchange(connection.timer_at, due) != due) {
        timers_.push({.at = due, .fd = connection.fd.get(), .serial = connection.serial});
      }
      break;
    }
    if (connection.status_line.size() < kStatusLine) {
      connection.status_line += connection.pending->bytes.substr(0, kStatusLine);
    }
    if (const Step& step = *connection.pending; step.clock_at != std::string::npos) {
      const std::size_t at = connection.out.size() + step.clock_at;
      connection.out += step.bytes;
      if (step.clock_first) {
        put_reading(connection.out, at, connection.started);
      }
      connection.readings.push_back(at + (step.clock_first ? kReading : 0));
    } else {
      connection.out += step.bytes;
    }
    connection.pending.reset();
  }
  return flush(connection);
}

Server::Loop::Alive Server::Loop::flush(Connection& connection) {
  // As late as can be: what lies between a reading and its way into the socket would be held
  // against the client's clock.
  for (const std::size_t at : connection.readings) {
    put_reading(connection.out, at, clock_.now());
  }
  connection.readings.clear();
  while (connection.sent < connection.out.size()) {
    const ssize_t n = ::send(connection.fd.get(),
                             connection.out.data() + connection.sent,
                             connection.out.size() - connection.sent,
                             MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EAGAIN) {
        connection.out.erase(0, std::exchange(connection.sent, 0));
        return Alive::yes;
      }
      counters_.cancelled.fetch_add(1, std::memory_order_relaxed);
      return Alive::no;
    }
    connection.sent += static_cast<std::size_t>(n);
    connection.last_seen = clock_.now();
  }
  connection.out.clear();
  connection.sent = 0;
  return Alive::yes;
}

Server::Loop::Alive Server::Loop::finish_reply(Connection& connection) {
  if (connection.reply.end != End::keep_alive) {
    if (flush(connection) == Alive::no) {
      return Alive::no;
    }
    if (!connection.out.empty()) {
      return Alive::yes;  // comes back when the client has read
    }
  }
  if (connection.reply.end != End::hold) {
    release_slot(connection);
  }
  connection.reply.steps.reset();
  note_ended(connection,
             connection.reply.end == End::keep_alive || connection.reply.end == End::close);
  switch (connection.reply.end) {
    case End::keep_alive:
      connection.phase = Connection::Phase::reading;
      break;
    case End::hold:
      connection.phase = Connection::Phase::holding;
      break;
    case End::close:
      ::shutdown(connection.fd.get(), SHUT_WR);
      connection.phase = Connection::Phase::draining;
      connection.in.clear();
      break;
    case End::reset:
      abort_on_close(connection.fd.get());
      return Alive::no;
  }
  return Alive::yes;
}

void Server::Loop::update_interest(Connection& connection) {
  const bool write = connection.sent < connection.out.size();
  const bool read = connection.in.size() < kMaxUnread;
  if (write == connection.wants_write && read == connection.wants_read) {
    return;
  }
  connection.wants_write = write;
  connection.wants_read = read;
  const std::uint32_t events =
      (write ? std::uint32_t{EPOLLOUT} : 0U) | (read ? std::uint32_t{EPOLLIN} : 0U);
  static_cast<void>(watch(connection.fd.get(), events, EPOLL_CTL_MOD));
}

void Server::Loop::release_slot(Connection& connection) {
  if (std::exchange(connection.has_slot, false)) {
    --busy_slots_;
  }
}

}  // namespace faceoff::simulate
