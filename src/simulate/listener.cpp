#include "listener.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace faceoff::simulate {
namespace {

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

struct Target {
  Address address{};
  socklen_t length = 0;
  bool loopback = false;
};

Result<Target> resolve(const ServerOptions& options) {
  const std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
  Target target;
  if (::inet_pton(AF_INET, host.c_str(), &target.address.v4.sin_addr) == 1) {
    target.address.v4.sin_family = AF_INET;
    target.address.v4.sin_port = htons(options.port);
    target.length = sizeof(sockaddr_in);
    target.loopback = (ntohl(target.address.v4.sin_addr.s_addr) >> 24U) == 127U;
    return target;
  }
  target.address = {};
  if (::inet_pton(AF_INET6, host.c_str(), &target.address.v6.sin6_addr) == 1) {
    target.address.v6.sin6_family = AF_INET6;
    target.address.v6.sin6_port = htons(options.port);
    target.length = sizeof(sockaddr_in6);
    target.loopback =
        std::memcmp(&target.address.v6.sin6_addr, &in6addr_loopback, sizeof(in6_addr)) == 0;
    return target;
  }
  return fail(ErrorKind::usage,
              fmt::format("'{}' is no IPv4 or IPv6 address; use 127.0.0.1", options.host));
}

Result<std::uint16_t> bound_port(int fd) {
  Address address{};
  socklen_t length = sizeof(address);
  if (::getsockname(fd, &address.any, &length) != 0) {
    return fail(ErrorKind::io, fmt::format("cannot read the bound port: {}", errno_text(errno)));
  }
  return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

// Not valid when the address cannot be had; errno says why.
UniqueFd bound_socket(const Target& target) {
  UniqueFd fd(
      ::socket(target.address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  const bool bound = fd.valid() &&
                     ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                     ::bind(fd.get(), &target.address.any, target.length) == 0;
  return bound ? std::move(fd) : UniqueFd();
}

tl::unexpected<Error> cannot_listen(std::string_view host, std::uint16_t port) {
  return fail(ErrorKind::io,
              fmt::format("cannot listen on {}:{}: {}", host, port, errno_text(errno)));
}

}  // namespace

Result<UniqueFd> reserve(const Listener& listener) {
  FACEOFF_TRY_ASSIGN(const Target target,
                     resolve({.host = listener.host, .port = listener.port, .script = {}}));
  UniqueFd fd = bound_socket(target);
  if (!fd.valid()) {
    return cannot_listen(listener.host, listener.port);
  }
  return fd;
}

Result<Listener> listen_on(const ServerOptions& options) {
  FACEOFF_TRY_ASSIGN(const Target target, resolve(options));
  if (!target.loopback && !options.allow_remote) {
    return fail(ErrorKind::usage,
                fmt::format("'{}' can be reached from other machines; bind 127.0.0.1, or allow it",
                            options.host));
  }
  Listener listener;
  listener.host = options.host;
  listener.fd = bound_socket(target);
  if (!listener.fd.valid() || ::listen(listener.fd.get(), SOMAXCONN) != 0) {
    return cannot_listen(options.host, options.port);
  }
  FACEOFF_TRY_ASSIGN(listener.port, bound_port(listener.fd.get()));
  const bool v6 = options.host.find(':') != std::string::npos;
  listener.base_url =
      fmt::format("http://{}{}{}:{}", v6 ? "[" : "", options.host, v6 ? "]" : "", listener.port);
  return listener;
}

void raise_file_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace faceoff::simulate
