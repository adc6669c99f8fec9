#include "ollama_host.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

struct HostPort {
  std::string_view host;
  std::string_view port;
};

// host:port with IPv6 in brackets; nullopt when no port is named.
std::optional<HostPort> split_host_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) {
      return std::nullopt;
    }
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  return HostPort{host, text.substr(colon + 1)};
}

std::string_view strip(std::string_view text, std::string_view characters) {
  const std::size_t begin = text.find_first_not_of(characters);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(characters) - begin + 1);
}

std::string connectable(std::string_view host) {
  if (host.empty() || host == "0.0.0.0") {
    return "127.0.0.1";
  }
  if (host == "::") {
    return "[::1]";
  }
  return host.find(':') != std::string_view::npos ? fmt::format("[{}]", host) : std::string(host);
}

}  // namespace

std::string ollama_base_url(std::string_view value) {
  std::string_view rest = trim(strip(trim(value), "\"'"));
  std::string_view scheme = "http";
  std::string_view default_port = "11434";
  if (const std::size_t mark = rest.find("://"); mark != std::string_view::npos) {
    scheme = rest.substr(0, mark);
    rest.remove_prefix(mark + 3);
    default_port = scheme == "https" ? "443" : scheme == "http" ? "80" : default_port;
  } else if (rest == "ollama.com") {
    scheme = "https";
    default_port = "443";
  }
  const std::size_t slash = rest.find('/');
  const std::string_view path =
      slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  rest = rest.substr(0, slash);
  const HostPort named = split_host_port(rest).value_or(HostPort{strip(rest, "[]"), default_port});
  const auto port = parse_int(named.port);
  // 0 is where Ollama's own server would listen anywhere; nothing can be dialled there.
  const bool usable = port && *port > 0 && *port <= 65535;
  return fmt::format(
      "{}://{}:{}{}", scheme, connectable(named.host), usable ? named.port : default_port, path);
}

}  // namespace faceoff::backend
