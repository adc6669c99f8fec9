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

// The host may have the key at all.
bool may_have_key(const Endpoint& endpoint, const KeyRule& rule) {
  const std::string origin = endpoint.url.origin();
  return is_user_named(endpoint.origin) ||
         (!rule.vendor_origin.empty() && origin == rule.vendor_origin) ||
         (rule.own && origin == rule.own->url.origin()) ||
         (rule.trusts_loopback && net::is_loopback_name(endpoint.url.host));
}

// The way there may carry the key: encrypted, inside this machine, or inside a private network
// that the user named in person.
bool is_way_safe(const Endpoint& endpoint) {
  if (endpoint.url.scheme == "https" || net::is_loopback_name(endpoint.url.host)) {
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

Result<std::optional<net::SecretHeader>> bind_key(const Spec& spec,
                                                  const Environment& environment,
                                                  const Endpoint& endpoint,
                                                  const KeyRule& rule) {
  if (spec.managed) {
    return std::nullopt;
  }
  const std::string variable = spec.key_env.value_or(std::string(rule.variable));
  const auto key = read_variable(environment, variable);
  if (!key) {
    if (rule.required || spec.key_env) {
      return refuse(spec, fmt::format("no API key; set {}", variable));
    }
    return std::nullopt;
  }
  Secret secret(*key);
  redactor().add(secret);
  if (!is_sendable(*key)) {
    return refuse(spec,
                  fmt::format("the key in {} holds a blank, a control or a non-ASCII character; "
                              "copy it again",
                              variable));
  }
  if (!may_have_key(endpoint, rule)) {
    return refuse(spec,
                  fmt::format("'{}' was named by a project file, so it does not get the key in {}; "
                              "name the address with -b or in your own configuration, or unset "
                              "the variable",
                              endpoint.url.origin(),
                              variable));
  }
  if (!is_way_safe(endpoint)) {
    return refuse(spec,
                  fmt::format("the key in {} would cross the network unencrypted to '{}'; use "
                              "https, or name a private address in the user config",
                              variable,
                              endpoint.url.origin()));
  }
  return net::SecretHeader{std::string(rule.header), std::string(rule.prefix), std::move(secret)};
}

}  // namespace faceoff::backend
