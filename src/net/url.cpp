#include "address.h"

#include <faceoff/base/text.h>
#include <faceoff/net/url.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace faceoff::net {
namespace {

constexpr std::size_t kMaxUrl = 8192;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

std::uint16_t default_port(std::string_view scheme) noexcept {
  return scheme == "https" ? kHttpsPort : kHttpPort;
}

std::string bracketed(std::string_view host) {
  return host.find(':') == std::string_view::npos ? std::string(host) : fmt::format("[{}]", host);
}

auto usage(std::string message) {
  return fail(ErrorKind::usage, std::move(message));
}

bool is_host_character(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
}

// libcurl and the C library also read 127.1, 0x7f000001 and 2130706433 as addresses.
bool looks_like_loose_ipv4(std::string_view host) noexcept {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  return std::isdigit(static_cast<unsigned char>(last.front())) != 0 &&
         (last.starts_with("0x") || std::ranges::all_of(last, [](char c) {
            return std::isdigit(static_cast<unsigned char>(c)) != 0;
          }));
}

Status check_host(std::string_view host) {
  if (host.empty()) {
    return usage("the URL names no host");
  }
  if (!std::ranges::all_of(host, is_host_character)) {
    return usage(
        fmt::format("host '{}' holds a character that host names do not have; write names of other "
                    "scripts in punycode (xn--...)",
                    display_text(host)));
  }
  if (host.front() == '.' || host.back() == '.' || host.find("..") != std::string_view::npos) {
    return usage(fmt::format("host '{}' has an empty part; remove the extra dot", host));
  }
  if (looks_like_loose_ipv4(host) && !Address::parse(host)) {
    return usage(fmt::format(
        "host '{}' is not an address; write four decimal numbers, as in 127.0.0.1", host));
  }
  return {};
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || port == 0) {
    return usage(fmt::format("port '{}' is not a number from 1 to 65535", display_text(text)));
  }
  return port;
}

// Splits "host:port" or "[v6]:port" into `url.host` and what follows the host.
Result<std::string_view> take_host(std::string_view authority, Url& url) {
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    const std::string_view literal =
        authority.substr(1, close == std::string_view::npos ? close : close - 1);
    const auto address = Address::parse(literal);
    if (close == std::string_view::npos || literal.find(':') == std::string_view::npos ||
        !address) {
      return usage(fmt::format("'{}' is not an IPv6 address in brackets, as in [::1]",
                               display_text(authority)));
    }
    url.host = ascii_lower(literal);
    return authority.substr(close + 1);
  }
  const std::size_t colon = authority.find(':');
  url.host = ascii_lower(authority.substr(0, colon));
  FACEOFF_TRY(check_host(url.host));
  return colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
}

}  // namespace

std::string Url::origin() const {
  if (port == default_port(scheme)) {
    return fmt::format("{}://{}", scheme, bracketed(host));
  }
  return fmt::format("{}://{}:{}", scheme, bracketed(host), port);
}

std::string Url::host_and_port() const {
  return fmt::format("{}:{}", bracketed(host), port);
}

std::string Url::text() const {
  std::string_view shown = path;
  while (shown.ends_with('/')) {
    shown.remove_suffix(1);
  }
  return origin().append(shown);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrl) {
    return usage("the URL is longer than 8 KiB");
  }
  const auto forbidden = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
  };
  if (std::ranges::any_of(text, forbidden)) {
    return usage("the URL holds a blank, a control character or a backslash; remove it");
  }
  const std::size_t colon = text.find("://");
  Url url;
  url.scheme = colon == std::string_view::npos ? std::string() : ascii_lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") {
    return usage("the URL does not begin with http:// or https://");
  }
  std::string_view rest = text.substr(colon + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) {
    return usage("the URL holds a user name or a password; remove what stands before the '@'");
  }
  FACEOFF_TRY_ASSIGN(const std::string_view after_host, take_host(authority, url));
  url.port = default_port(url.scheme);
  if (!after_host.empty()) {
    if (after_host.front() != ':') {
      return usage(fmt::format("'{}' after the host is not a port", display_text(after_host)));
    }
    FACEOFF_TRY_ASSIGN(url.port, parse_port(after_host.substr(1)));
  }
  url.path = rest.substr(0, rest.find_first_of("?#"));
  return url;
}

bool is_loopback_name(std::string_view host) noexcept {
  constexpr std::string_view kName = "localhost";
  constexpr std::string_view kSuffix = ".localhost";
  if (iequals_ascii(host, kName) ||
      (host.size() > kSuffix.size() &&
       iequals_ascii(host.substr(host.size() - kSuffix.size()), kSuffix))) {
    return true;
  }
  const auto address = Address::parse(host);
  return address && address->is_loopback();
}

bool is_private_address(std::string_view host) noexcept {
  const auto address = Address::parse(host);
  return address && (address->is_loopback() || address->is_private());
}

}  // namespace faceoff::net
