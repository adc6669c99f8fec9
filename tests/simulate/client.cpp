#include "client.h"

#include "support.h"

#include <array>
#include <cerrno>
#include <utility>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace faceoff::simulate::testing {
namespace {

constexpr int kPatienceMs = 10'000;

// Not valid when nothing listens there.
UniqueFd connected(std::uint16_t port) {
  union {
    sockaddr any;
    sockaddr_in v4;
  } address{};
  address.v4.sin_family = AF_INET;
  address.v4.sin_port = htons(port);
  address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(fd.get(), &address.any, sizeof(address.v4)) == 0 ? std::move(fd) : UniqueFd();
}

}  // namespace

Client::Client(std::uint16_t port) : fd_(connected(port)) {
  EXPECT_TRUE(fd_.valid()) << errno_text(errno);
}

bool can_connect(std::uint16_t port) {
  return connected(port).valid();
}

void Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) {
      return;  // the server has closed: what it answered shows in the reads
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

Client::Ended Client::read_some() {
  pollfd event{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (::poll(&event, 1, kPatienceMs) <= 0) {
    return Ended::timeout;
  }
  std::array<char, 65'536> buffer{};
  const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (n > 0) {
    bytes_.append(buffer.data(), static_cast<std::size_t>(n));
    return Ended::enough;
  }
  return n == 0 ? Ended::fin : Ended::reset;
}

Client::Ended Client::read_until(std::string_view wanted) {
  while (bytes_.find(wanted) == std::string::npos) {
    if (const Ended ended = read_some(); ended != Ended::enough) {
      return ended;
    }
  }
  return Ended::enough;
}

Client::Ended Client::read_to_end() {
  Ended ended = Ended::enough;
  while (ended == Ended::enough) {
    ended = read_some();
  }
  return ended;
}

std::string Client::read_answer() {
  while (true) {
    const HttpAnswer answer = parse_answer(bytes_);
    if (answer.whole) {
      std::string taken = bytes_.substr(0, bytes_.size() - answer.rest.size());
      bytes_ = answer.rest;
      return taken;
    }
    if (read_some() != Ended::enough) {
      return std::exchange(bytes_, {});
    }
  }
}

bool Client::readable() const {
  pollfd event{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&event, 1, 0) > 0;
}

bool Client::ended() {
  const Ended end = read_to_end();
  return end == Ended::fin || end == Ended::reset;
}

RunningServer::RunningServer(Script script, std::filesystem::path log) {
  ServerOptions options;
  options.log = std::move(log);
  options.script = std::move(script);
  auto server = Server::create(std::move(options), clock_);
  if (!server) {
    ADD_FAILURE() << server.error().message;
    return;
  }
  server_ = *std::move(server);
  thread_ = std::thread([this] { EXPECT_TRUE(server_->run().has_value()); });
}

RunningServer::~RunningServer() {
  server_->stop();
  thread_.join();
}

}  // namespace faceoff::simulate::testing
