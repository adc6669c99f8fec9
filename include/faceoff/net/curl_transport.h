#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/net/transport.h>

#include <cstddef>
#include <memory>
#include <string>

namespace faceoff::net {

struct CurlOptions {
  std::size_t max_connections = 1024;  // kept open; at least twice the greatest concurrency
  std::string ca_file;                 // empty: SSL_CERT_FILE, then the system's
  // Stamps better than these are not taken; for measuring what each kind is worth.
  chat::StampSource best_stamps = chat::StampSource::kernel;
};

// The event loop over libcurl: curl_multi_socket_action with epoll and a timerfd, TLS 1.2 and up,
// certificates always verified, no redirects, no netrc, no Expect, no content decoding. The proxy
// variables of the environment hold for remote hosts only: neither a loopback host nor a request
// with Reach::loopback ever goes through a proxy.
//
// HTTP/1.1 only, one connection per stream. libcurl 7.88.1 loses streams that share an HTTP/2
// connection (of 200 at once to a node 20 server, 46 to 172 ended with "stream was not closed
// cleanly", with curl_multi_perform as well), and shared streams would share their stamps too.
//
// `clock` must outlive the transport and run in real time. What an event's stamp means stands in
// Event::source, best first:
// kernel: when the first byte that waited in the socket reached this machine. One read shares the
//   stamp of its first byte; a stamp from before the socket was last read is stale and is not used.
// loop: when epoll_wait() returned and reported the socket as readable; this takes the delay of our
//   own batch out. What arrives while the same batch is handled can be stamped early, by less than
//   take_max_lag().
// callback: when libcurl handed the bytes over; also for a transfer whose request went out in the
//   same batch.
//
// take_max_lag(): the longest time from the return of epoll_wait() to the handling of a socket that
// it reported; counted from the return before that one when sockets were already readable on entry.
//
// libcurl is loaded by the first call. Error of kind io when it is not installed, or when the
// kernel refuses the descriptors.
[[nodiscard]] Result<std::unique_ptr<Transport>> make_curl_transport(const Clock& clock,
                                                                     const CurlOptions& options);

// "libcurl/7.88.1 OpenSSL/3.0.19 ..." for manifests and `version`; loads libcurl. Where that fails,
// the reason.
[[nodiscard]] std::string curl_version_text();

}  // namespace faceoff::net
