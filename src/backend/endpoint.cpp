#include "endpoint.h"

#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

tl::unexpected<Error> refuse(const Spec& spec, const std::string& reason) {
  return fail(ErrorKind::usage, fmt::format("backend '{}': {}", spec.name, reason));
}

bool is_user_named(Origin origin) {
  return origin == Origin::user || origin == Origin::flag || origin == Origin::environment;
}

// "api.example.com", "api.example.com:8443", "[::1]:8080" or "::1". Without a port: every port.
bool names_host(std::string_view allowed, const net::Url& url) {
  const std::string with_port = url.host_and_port();
  if (iequals_ascii(allowed, with_port) || iequals_ascii(allowed, url.host)) {
    return true;
  }
  return allowed.size() > 2 && allowed.front() == '[' && allowed.back() == ']' &&
         iequals_ascii(allowed.substr(1, allowed.size() - 2), url.host);
}

// The user said that this host may have keys: --allow-host or allow_hosts.
bool is_allowed(const Spec& spec, const Endpoint& endpoint) {
  return std::ranges::any_of(spec.allow_hosts, [&](const std::string& allowed) {
    return names_host(allowed, endpoint.url);
  });
}

// The host may have the key at all.
bool may_have_key(const Spec& spec, const Endpoint& endpoint, const KeyRule& rule) {
  const std::string origin = endpoint.url.origin();
  return is_user_named(endpoint.origin) || is_allowed(spec, endpoint) ||
         (!rule.vendor_origin.empty() && origin == rule.vendor_origin) ||
         (rule.own && origin == rule.own->url.origin()) ||
         (rule.trusts_loopback && net::is_loopback_name(endpoint.url.host));
}

// Cannot be a host of the Internet: an address of a private network, or a name that only a local
// resolver knows (host.docker.internal, my-server).
bool is_private_host(const std::string& host) {
  return net::is_private_address(host) || host.find_first_of(".:") == std::string::npos ||
         host.ends_with(".internal") || host.ends_with(".local") || host.ends_with(".home.arpa");
}

// The way there may carry the key: encrypted, inside this machine, or inside a private network
// that the user named in person.
bool is_way_safe(const Spec& spec, const Endpoint& endpoint) {
  if (endpoint.url.scheme == "https" || net::is_loopback_name(endpoint.url.host)) {
    return true;
  }
  if (is_allowed(spec, endpoint) && is_private_host(endpoint.url.host)) {
    return true;
  }
  return (endpoint.origin == Origin::user || endpoint.origin == Origin::flag) &&
         net::is_private_address(endpoint.url.host);
}

// Files and editors leave a byte order mark or line ends around a key.
std::string_view trim_key(std::string_view value) {
  static constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (value.starts_with(kBom)) {
    value.remove_prefix(kBom.size());
  }
  return trim(value);
}

bool is_sendable(std::string_view key) {
  return std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

Result<Endpoint> make_endpoint(const Spec& spec, std::string_view text, Origin origin) {
  auto url = net::parse_url(text);
  if (!url) {
    return tl::unexpected<Error>(
        with_context(std::move(url.error()), fmt::format("backend '{}': base_url", spec.name)));
  }
  return Endpoint{std::move(*url), origin};
}

std::optional<std::string> read_variable(const Environment& environment, std::string_view name) {
  if (name.empty() || !environment) {
    return std::nullopt;
  }
  const auto value = environment(name);
  if (!value || trim_key(*value).empty()) {
    return std::nullopt;
  }
  return std::string(trim_key(*value));
}

namespace {

// The key and where it was, for messages.
struct FoundKey {
  Secret value;
  std::string source;
};

Result<std::optional<FoundKey>> find_key(const Spec& spec,
                                         const Environment& environment,
                                         const KeyRule& rule) {
  if (spec.key) {
    return FoundKey{Secret(std::string(trim_key(spec.key->reveal()))), spec.key_source};
  }
  const std::string variable = spec.key_env.value_or(std::string(rule.variable));
  auto value = read_variable(environment, variable);
  if (value) {
    return FoundKey{Secret(*std::move(value)), variable};
  }
  if (rule.required || spec.key_env) {
    return refuse(spec, fmt::format("no API key; set {} or give --api-key-file", variable));
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<net::SecretHeader>> bind_key(const Spec& spec,
                                                  const Environment& environment,
                                                  const Endpoint& endpoint,
                                                  const KeyRule& rule) {
  if (spec.managed) {
    return std::nullopt;
  }
  FACEOFF_TRY_ASSIGN(auto key, find_key(spec, environment, rule));
  if (!key) {
    return std::nullopt;
  }
  redactor().add(key->value);
  const std::string origin = endpoint.url.origin();
  const std::string host = endpoint.url.host_and_port();
  if (!is_sendable(key->value.reveal())) {
    return refuse(spec,
                  fmt::format("the key in {} holds a blank, a control or a non-ASCII character; "
                              "copy it again",
                              key->source));
  }
  if (!may_have_key(spec, endpoint, rule)) {
    return refuse(spec,
                  fmt::format("'{}' was named by a project file, so it does not get the key in {}; "
                              "if you trust that host, give --allow-host {}, list it under "
                              "'allow_hosts' in the user config, or name the address with -b or in "
                              "your own configuration",
                              origin,
                              key->source,
                              host));
  }
  if (!is_way_safe(spec, endpoint)) {
    const std::string_view remedy =
        is_private_host(endpoint.url.host)
            ? ", or allow this host of a private network with --allow-host "
            : "";
    return refuse(spec,
                  fmt::format("the key in {} would cross the network unencrypted to '{}'; use "
                              "https{}{}",
                              key->source,
                              origin,
                              remedy,
                              remedy.empty() ? "" : host));
  }
  return net::SecretHeader{
      std::string(rule.header), std::string(rule.prefix), std::move(key->value)};
}

}  // namespace faceoff::backend
