#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <latch>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace faceoff::net {

// A server of raw bytes on 127.0.0.1 and a port of its own: runs a script for each connection, in a
// thread of its own, so that a test can break HTTP in any way at any moment.
class RawServer {
 public:
  // One accepted connection, as the script sees it.
  class Peer {
   public:
    Peer(RawServer& server, int fd, std::size_t number)
        : server_(&server), fd_(fd), number_(number) {}

    // 0 for the first connection.
    [[nodiscard]] std::size_t number() const { return number_; }

    // For scripts that put a protocol of their own below the bytes.
    [[nodiscard]] int fd() const { return fd_; }

    // Reads one request to the end of its body; false when the client closed instead.
    bool read_request() {
      std::size_t end = std::string::npos;
      while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_some()) {
          return false;
        }
      }
      const std::size_t size = end + 4 + content_length(buffer_.substr(0, end));
      while (buffer_.size() < size) {
        if (!read_some()) {
          return false;
        }
      }
      server_->add_request(buffer_.substr(0, size));
      buffer_.erase(0, size);
      return true;
    }

    void send(std::string_view bytes) {
      while (!bytes.empty()) {
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) {
          return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(n));
      }
    }

    // Ends the connection with RST instead of FIN.
    void reset() {
      const linger hard{1, 0};
      ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
      server_->close(fd_);
    }
    void close() { server_->close(fd_); }

    // Until the client closes or resets.
    void wait_closed() {
      while (read_some()) {
      }
    }
    // Until the test calls open_gate().
    void wait_gate() { server_->gate_.wait(); }

   private:
    static std::size_t content_length(const std::string& head) {
      constexpr std::string_view kName = "Content-Length: ";
      const std::size_t at = head.find(kName);
      return at == std::string::npos ? 0 : std::stoul(head.substr(at + kName.size()));
    }
    bool read_some() {
      char block[16384];
      const ssize_t n = ::recv(fd_, block, sizeof block, 0);
      if (n > 0) {
        buffer_.append(block, static_cast<std::size_t>(n));
      }
      return n > 0;
    }

    RawServer* server_;
    int fd_;
    std::size_t number_;
    std::string buffer_;
  };
  using Script = std::function<void(Peer&)>;

  // What is left open when the script returns is closed with FIN.
  explicit RawServer(Script script, const char* address = "127.0.0.1")
      : script_(std::move(script)), address_(address) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &name.sin_addr);
    listen_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof name;
    auto* plain = static_cast<sockaddr*>(static_cast<void*>(&name));
    ::bind(listen_, plain, size);
    ::listen(listen_, 512);
    ::getsockname(listen_, plain, &size);
    port_ = ntohs(name.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    open_gate();
    ::shutdown(listen_, SHUT_RDWR);
    acceptor_.join();
    ::close(listen_);
    {
      const std::scoped_lock lock(mutex_);
      for (const int fd : open_) {
        ::shutdown(fd, SHUT_RDWR);
      }
    }
    for (std::thread& worker : workers_) {
      worker.join();
    }
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://" + std::string(address_) + ":" + std::to_string(port_) + path;
  }
  // Lets all scripts that wait at the gate go on, now and later.
  void open_gate() {
    std::call_once(opened_, [this] { gate_.count_down(); });
  }
  [[nodiscard]] std::size_t connections() const {
    const std::scoped_lock lock(mutex_);
    return accepted_;
  }
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listen_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0 && errno == EMFILE) {
        std::this_thread::yield();  // a test that takes all descriptors gives them back
        continue;
      }
      if (fd < 0) {
        return;
      }
      const std::scoped_lock lock(mutex_);
      open_.push_back(fd);
      workers_.emplace_back([this, fd, number = accepted_++] {
        Peer peer(*this, fd, number);
        script_(peer);
        close(fd);
      });
    }
  }
  void add_request(std::string request) {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(std::move(request));
  }
  // Once for each accepted descriptor: its number may belong to another connection afterwards.
  void close(int fd) {
    const std::scoped_lock lock(mutex_);
    if (open_.remove(fd) > 0) {
      ::close(fd);
    }
  }

  Script script_;
  const char* address_;
  int listen_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::latch gate_{1};
  std::once_flag opened_;
  std::list<int> open_;
  std::vector<std::string> requests_;
  std::size_t accepted_ = 0;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

// "HTTP/1.1 200 OK" with a body of known length, on a connection that stays open.
inline std::string http_ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// Answers every request of every connection with `answer`.
inline RawServer::Script always(std::string answer) {
  return [answer = std::move(answer)](RawServer::Peer& peer) {
    while (peer.read_request()) {
      peer.send(answer);
    }
  };
}

}  // namespace faceoff::net
