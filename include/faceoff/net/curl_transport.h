#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/net/transport.h>

#include <memory>
#include <string>

namespace faceoff::net {

struct CurlOptions {
  std::size_t max_connections = 1024;  // kept open; at least twice the greatest concurrency
  std::string ca_file;                 // empty: SSL_CERT_FILE, then the system's
};

// The event loop over libcurl: curl_multi_socket_action with epoll and a timerfd, HTTP/1.1 and
// HTTP/2, TLS 1.2 and up, no redirects, no proxy for loopback, no netrc, empty Expect. `clock` must
// outlive it. Error of kind io when the kernel refuses the descriptors.
[[nodiscard]] Result<std::unique_ptr<Transport>> make_curl_transport(const Clock& clock,
                                                                     const CurlOptions& options);

// "libcurl/7.88.1 OpenSSL/3.0.19 ..." for manifests and `version`.
[[nodiscard]] std::string curl_version_text();

}  // namespace faceoff::net
