#pragma once

#include <faceoff/base/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff::net {

// The parts of an http(s) URL that decisions go by (which key, which proxy, which certificate).
struct Url {
  std::string scheme;  // http or https
  std::string host;    // lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  // begins with / or is empty; no query, no fragment

  // https://api.openai.com, default ports left out.
  [[nodiscard]] std::string origin() const;
  // host:port, always with the port; IPv6 in brackets. For messages.
  [[nodiscard]] std::string host_and_port() const;
  [[nodiscard]] std::string text() const;  // origin() + path, no trailing slash
};

// Stricter than RFC 3986 wherever two parsers could disagree on the host. Error of kind usage: not
// http(s), no host, host with other characters than letters, digits, '.', '-' and '_', IPv4 in any
// form but four decimal numbers, bad port, blanks, control characters or backslashes anywhere, user
// info (its text is not repeated in the message), more than 8 KiB.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// localhost, *.localhost, 127.0.0.0/8 or ::1, by name only (no look-up).
[[nodiscard]] bool is_loopback_name(std::string_view host) noexcept;
// Loopback, RFC 1918, link-local or unique-local, by literal address only.
[[nodiscard]] bool is_private_address(std::string_view host) noexcept;

}  // namespace faceoff::net
