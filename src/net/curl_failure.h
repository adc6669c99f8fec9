#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/transport.h>
#include <faceoff/net/url.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace faceoff::net {

// All that is known of a transfer that libcurl gave up.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string_view detail;       // libcurl's error buffer
  int system_error = 0;          // CURLINFO_OS_ERRNO
  long connect_status = 0;       // what a proxy answered to CONNECT; 0 without one
  bool answered = false;         // the first byte of an answer came
  std::uint64_t body_bytes = 0;  // received
  std::uint64_t max_body_bytes = 0;
  Duration connect_timeout{0};
  // Set when one of our own callbacks ended the transfer; wins over `code`.
  std::optional<Fault> own;
  std::string own_detail;
};

// The fault and a message that names host, phase and next step; libcurl 7.88.1 gives several faults
// one code, and some a text that leads astray. Redacted and safe to show.
[[nodiscard]] Failed describe(const CurlFailure& failure, const Url& url);

}  // namespace faceoff::net
