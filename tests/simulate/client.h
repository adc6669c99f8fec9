#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/simulate/server.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace faceoff::simulate::testing {

// A blocking client on a raw socket. Every wait ends after ten seconds, as a failure.
class Client {
 public:
  explicit Client(std::uint16_t port);

  void send(std::string_view bytes) const;
  // How a read ended.
  enum class Ended : std::uint8_t { enough, fin, reset, timeout };
  // Reads until `wanted` occurs in what came, or the connection ends.
  Ended read_until(std::string_view wanted);
  Ended read_to_end();
  // Reads one whole answer and takes it out of bytes().
  [[nodiscard]] std::string read_answer();
  // Whether something is there to read, without waiting.
  [[nodiscard]] bool readable() const;
  // Whether the server has ended the connection (waits for it).
  [[nodiscard]] bool ended();
  void close() { fd_.reset(); }

  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  // One read; `enough` when something came.
  Ended read_some();

  UniqueFd fd_;
  std::string bytes_;
};

// Whether something listens there.
[[nodiscard]] bool can_connect(std::uint16_t port);

// A server on a thread of its own, until the end of the scope.
class RunningServer {
 public:
  explicit RunningServer(Script script, std::filesystem::path log = {});
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  [[nodiscard]] Client connect() const { return Client(server_->port()); }
  [[nodiscard]] Server& operator*() const noexcept { return *server_; }
  [[nodiscard]] Server* operator->() const noexcept { return server_.get(); }

 private:
  SteadyClock clock_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

}  // namespace faceoff::simulate::testing
