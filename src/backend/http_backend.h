#pragma once

#include "endpoint.h"

#include <faceoff/backend/backend.h>

#include <optional>
#include <string>
#include <string_view>

namespace faceoff::backend {

// A checked Spec, ready to build requests from.
struct Wiring {
  std::string adapter;
  Spec spec;
  net::Url url;  // requests go to url.text() + path
  std::optional<net::SecretHeader> secret;
  net::HeaderList headers;  // beside those of every request
};

// What every adapter over HTTP shares: names, address and the making of requests.
class HttpBackend : public Backend {
 public:
  explicit HttpBackend(Wiring wiring);

  [[nodiscard]] const std::string& name() const noexcept final { return wiring_.spec.name; }
  [[nodiscard]] std::string_view adapter() const noexcept final { return wiring_.adapter; }
  [[nodiscard]] const std::string& model() const noexcept final { return wiring_.spec.model; }
  [[nodiscard]] const std::string& base_url() const noexcept final { return base_url_; }
  [[nodiscard]] bool is_local() const noexcept final { return is_local_; }

 protected:
  [[nodiscard]] const Spec& spec() const noexcept { return wiring_.spec; }
  [[nodiscard]] const net::Url& url() const noexcept { return wiring_.url; }
  // `path` is appended to the base URL and may hold a query.
  [[nodiscard]] net::HttpRequest post(std::string_view path, std::string body) const;
  [[nodiscard]] net::HttpRequest get(std::string_view path) const;
  // Requests whose place ends in `path` (before a query).
  [[nodiscard]] static bool asks_for(const Probe& probe, std::string_view path);

 private:
  [[nodiscard]] net::HttpRequest make(std::string_view method, std::string_view path) const;

  Wiring wiring_;
  std::string base_url_;
  bool is_local_ = false;
};

// Bytes outside the unreserved set become %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);
// Error of kind usage when the spec names no model.
[[nodiscard]] Status require_model(const Spec& spec);
// Removes `suffix` (with or without a slash behind it) from the path: users paste ".../v1".
void drop_path_suffix(net::Url& url, std::string_view suffix);

}  // namespace faceoff::backend
