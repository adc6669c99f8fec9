#pragma once

#include <faceoff/base/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff::net {

// The parts of an http(s) URL that decisions go by.
struct Url {
  std::string scheme;  // http or https
  std::string host;    // lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  // begins with / or is empty; no query, no fragment
  bool has_user_info = false;

  [[nodiscard]] std::string origin() const;  // https://api.openai.com, default ports left out
  [[nodiscard]] std::string text() const;    // origin() + path, no trailing slash
};

// Error of kind usage: not http(s), no host, bad port, control characters, user info in the URL.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// localhost, *.localhost, 127.0.0.0/8 or ::1, by name only (no look-up).
[[nodiscard]] bool is_loopback_name(std::string_view host) noexcept;
// Loopback, RFC 1918, link-local or unique-local, by literal address only.
[[nodiscard]] bool is_private_address(std::string_view host) noexcept;

}  // namespace faceoff::net
