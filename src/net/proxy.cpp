#include <faceoff/base/text.h>
#include <faceoff/net/proxy.h>
#include <faceoff/net/url.h>

#include <algorithm>
#include <array>
#include <span>

namespace faceoff::net {
namespace {

using Environment = std::function<std::optional<std::string>(std::string_view)>;

std::optional<std::string> first_set(const Environment& environment,
                                     std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (auto value = environment(name); value && !value->empty()) {
      return value;
    }
  }
  return std::nullopt;
}

// One entry of no_proxy: a host, which also stands for what ends in it. libcurl 7.88 also knows
// networks (10.0.0.0/8), which are left to it: the line that is shown is then too careful.
bool covers(std::string_view entry, std::string_view host) {
  if (entry.starts_with('.')) {
    entry.remove_prefix(1);
  }
  if (entry.empty() || host.size() < entry.size() ||
      !iequals_ascii(host.substr(host.size() - entry.size()), entry)) {
    return false;
  }
  return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

bool is_excepted(std::string_view list, std::string_view host) {
  if (trim(list) == "*") {
    return true;
  }
  std::size_t at = 0;
  while (at < list.size()) {
    const std::size_t begin = list.find_first_not_of(", ", at);
    if (begin == std::string_view::npos) {
      return false;
    }
    at = std::min(list.find_first_of(", ", begin), list.size());
    if (covers(list.substr(begin, at - begin), host)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string without_user_info(std::string text) {
  const std::size_t scheme = text.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t at = text.rfind('@');
  if (at != std::string::npos && at >= host) {
    text.erase(host, at + 1 - host);
  }
  return text;
}

std::optional<std::string> proxy_for(std::string_view text, const Environment& environment) {
  static constexpr std::array<std::string_view, 3> kPlain{"http_proxy", "all_proxy", "ALL_PROXY"};
  static constexpr std::array<std::string_view, 4> kTls{
      "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  static constexpr std::array<std::string_view, 2> kExcept{"no_proxy", "NO_PROXY"};
  const auto url = parse_url(text);
  if (!url || is_loopback_name(url->host)) {
    return std::nullopt;
  }
  const auto proxy =
      url->scheme == "http" ? first_set(environment, kPlain) : first_set(environment, kTls);
  if (!proxy || is_excepted(first_set(environment, kExcept).value_or(""), url->host)) {
    return std::nullopt;
  }
  return without_user_info(*proxy);
}

}  // namespace faceoff::net
