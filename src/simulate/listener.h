#pragma once

#include <faceoff/base/files.h>
#include <faceoff/base/result.h>
#include <faceoff/simulate/server.h>

#include <cstdint>
#include <string>

namespace faceoff::simulate {

// A bound and listening socket, not blocking.
struct Listener {
  UniqueFd fd;
  std::uint16_t port = 0;
  std::string base_url;
  std::string host;
};

// Error of kind usage for a host that is no address, or not loopback without `allow_remote`; io
// when the port cannot be bound.
[[nodiscard]] Result<Listener> listen_on(const ServerOptions& options);

// A socket with the same address as `listener` that does not listen yet: connections are refused,
// and nobody else gets the port. REQUIRES: the listener's own socket is closed.
[[nodiscard]] Result<UniqueFd> reserve(const Listener& listener);

// Lifts the soft limit of open files to the hard one: every connection is one.
void raise_file_limit() noexcept;

}  // namespace faceoff::simulate
