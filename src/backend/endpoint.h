#pragma once

#include <faceoff/backend/spec.h>
#include <faceoff/base/result.h>
#include <faceoff/net/transport.h>
#include <faceoff/net/url.h>

#include <optional>
#include <string>
#include <string_view>

namespace faceoff::backend {

// Where requests go, and who said so.
struct Endpoint {
  net::Url url;
  Origin origin = Origin::built_in;
};

// `text` as an address that `origin` named. Error of kind usage that names the backend.
[[nodiscard]] Result<Endpoint> make_endpoint(const Spec& spec,
                                             std::string_view text,
                                             Origin origin);

// The value of a variable, trimmed; nullopt when unset or blank.
[[nodiscard]] std::optional<std::string> read_variable(const Environment& environment,
                                                       std::string_view name);

// How a vendor's key is looked up and sent.
struct KeyRule {
  std::string_view variable;  // OPENAI_API_KEY; empty: the vendor has none
  std::string_view header = "Authorization";
  std::string_view prefix = "Bearer ";
  std::string_view vendor_origin;  // "https://api.openai.com": may always have the key
  std::optional<Endpoint> own;     // what the vendor's address variable says
  bool required = false;
  bool trusts_loopback = false;  // a key of a local server may go to any loopback address
};

// The key that `endpoint` may have, as the header that carries it; registered with redactor().
// nullopt: none is wanted. Errors of kind usage: a key is missing; it would go to a host that only
// a project file named; it would cross a network in plain http; it holds blanks or control
// characters. docs/security.md has the rules.
[[nodiscard]] Result<std::optional<net::SecretHeader>> bind_key(const Spec& spec,
                                                                const Environment& environment,
                                                                const Endpoint& endpoint,
                                                                const KeyRule& rule);

}  // namespace faceoff::backend
