#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace faceoff::simulate {

// What the server has seen so far.
struct Stats {
  std::uint64_t connections = 0;
  std::uint64_t open_connections = 0;
  std::uint64_t requests = 0;       // whole requests, sound or not
  std::uint64_t bad_requests = 0;   // no HTTP, or beyond a limit
  std::uint64_t chats = 0;          // chat requests
  std::uint64_t faults = 0;         // chat requests struck by a scripted fault
  std::uint64_t cancelled = 0;      // the client left before the answer was whole
  std::uint64_t longest_queue = 0;  // chats that waited for a slot at one time
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // an IPv4 or IPv6 address, or localhost
  std::uint16_t port = 0;          // 0: a free one
  bool allow_remote = false;       // otherwise only loopback addresses are bound
  Script script;
  std::filesystem::path log{};  // where chat requests are noted, a JSON line each; empty: nowhere
};

// A stand-in endpoint on one thread: raw sockets and epoll, so that it can break the protocol in
// every way a script asks for. Every answer carries the header `x-faceoff-simulated: 1`. Tokens
// leave on an absolute schedule: a late one does not delay those after it.
//
// run() and step() are called from one thread; stop() from any thread or a signal handler; port()
// and stats() from any thread.
class Server {
 public:
  // Binds and listens: connections are accepted from here on, answers begin with run(). Error of
  // kind usage for a host that is no address or not loopback, io when the port cannot be bound or
  // the log cannot be written.
  // `clock` must outlive the server.
  [[nodiscard]] static Result<std::unique_ptr<Server>> create(ServerOptions options,
                                                              const Clock& clock);

  [[nodiscard]] std::uint16_t port() const noexcept;
  // "http://127.0.0.1:8123", without a path.
  [[nodiscard]] std::string base_url() const;

  // Serves until stop(). REQUIRES: a clock that runs by itself.
  [[nodiscard]] Status run();
  // Waits at most `longest` of real time for something to do, and handles what there is and what is
  // due by the clock: with a ManualClock a schedule can be followed in virtual time.
  [[nodiscard]] Status step(Duration longest);
  void stop() noexcept;
  [[nodiscard]] Stats stats() const noexcept;

  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  class Loop;
  explicit Server(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace faceoff::simulate
