#pragma once

#include "http_request.h"
#include "listener.h"
#include "reply.h"
#include "request_log.h"
#include "service.h"

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/simulate/server.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

// One client. It is in one phase at a time; requests that it sends ahead wait in `in`.
struct Connection {
  enum class Phase : std::uint8_t {
    reading,   // the next request
    queued,    // for a slot
    replying,  // steps leave
    holding,   // nothing leaves any more
    draining,  // our FIN is out; what still comes is thrown away
  };

  UniqueFd fd;
  std::uint64_t serial = 0;  // tells it from an earlier one with the same descriptor
  Phase phase = Phase::reading;
  RequestParser parser;
  std::string in;
  std::string out;
  std::size_t sent = 0;               // of `out`
  std::vector<std::size_t> readings;  // of the clock: where they belong in `out`, unsent
  Reply reply;
  std::string status_line;  // the first bytes of the reply that have left
  TimePoint started;
  std::optional<Step> pending;
  TimePoint timer_at = kNever;  // of its timer, when it has one
  bool has_slot = false;
  bool wants_write = false;
  bool wants_read = true;
  TimePoint last_seen;
};

// The status of an answer that begins with `bytes`; 0 when they are no HTTP.
[[nodiscard]] int status_in(std::string_view bytes) noexcept;
// Lets the end of a connection be an RST.
void abort_on_close(int fd) noexcept;

// The event loop behind Server.
class Server::Loop {
 public:
  Loop(Listener listener, Script script, std::optional<RequestLog> log, const Clock& clock);
  [[nodiscard]] Status open();

  [[nodiscard]] Status run();
  [[nodiscard]] Status step(Duration longest);
  void stop() noexcept;
  [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port; }
  [[nodiscard]] const std::string& base_url() const noexcept { return listener_.base_url; }
  [[nodiscard]] Stats stats() const noexcept;

 private:
  struct Timer {
    TimePoint at;
    int fd = -1;
    std::uint64_t serial = 0;
    friend bool operator>(const Timer& a, const Timer& b) noexcept { return a.at > b.at; }
  };
  enum class Alive : bool { no, yes };

  [[nodiscard]] Status watch(int fd, std::uint32_t events, int operation);
  void arm_clock();
  void accept_all();
  void on_event(int fd, std::uint32_t events);
  [[nodiscard]] Alive read_some(Connection& connection);
  [[nodiscard]] Alive take_input(Connection& connection);
  // Parses and answers what is in `in`, request after request, until a reply has to wait.
  [[nodiscard]] Alive serve(Connection& connection);
  [[nodiscard]] Alive begin(Connection& connection, Reply reply);
  // Moves due steps into `out` and `out` to the socket.
  [[nodiscard]] Alive pump(Connection& connection);
  // pump(), and then what was sent ahead.
  [[nodiscard]] Alive resume(Connection& connection);
  void settle(Connection& connection, Alive alive);
  [[nodiscard]] Alive flush(Connection& connection);
  [[nodiscard]] Alive finish_reply(Connection& connection);
  void update_interest(Connection& connection);
  void release_slot(Connection& connection);
  [[nodiscard]] bool slots_full() const noexcept;
  void start_queued();
  void fire_timers();
  void sweep();
  // Resets every connection and closes the port.
  [[nodiscard]] Status begin_outage();
  [[nodiscard]] Status end_outage();
  void note_asked(const Connection& connection);
  // Once for every note that was asked.
  void note_ended(Connection& connection, bool whole);
  void close(Connection& connection);
  [[nodiscard]] Connection* find(int fd, std::uint64_t serial) noexcept;

  Listener listener_;
  const Clock& clock_;
  Service service_;
  UniqueFd epoll_;
  UniqueFd wake_;
  UniqueFd timer_;
  TimePoint armed_ = kNever;
  TimePoint next_sweep_;
  bool accepting_ = true;
  std::optional<Duration> outage_;  // to begin when the events at hand are done
  TimePoint back_at_ = kNever;      // its end
  std::optional<RequestLog> log_;
  Status log_status_;                                     // the first failure
  std::vector<std::unique_ptr<Connection>> connections_;  // by descriptor
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::deque<Timer> queue_;  // for a slot; `at` is not used
  std::int64_t busy_slots_ = 0;
  std::uint64_t serial_ = 0;
  std::vector<char> buffer_;

  std::atomic<bool> stop_{false};
  struct Counters {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> open{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> bad{0};
    std::atomic<std::uint64_t> chats{0};
    std::atomic<std::uint64_t> faults{0};
    std::atomic<std::uint64_t> cancelled{0};
    std::atomic<std::uint64_t> longest_queue{0};
  } counters_;
};

}  // namespace faceoff::simulate
