#include "http_backend.h"

#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {

HttpBackend::HttpBackend(Wiring wiring)
    : wiring_(std::move(wiring)),
      base_url_(wiring_.url.text()),
      is_local_(net::is_loopback_name(wiring_.url.host)) {}

net::HttpRequest HttpBackend::make(std::string_view method, std::string_view path) const {
  net::HttpRequest request;
  request.method = method;
  request.url = base_url_ + std::string(path);
  request.headers = wiring_.headers;
  request.secret = wiring_.secret;
  // A hosts file must not lead what counts as local to another machine.
  request.reach = is_local_ ? net::Reach::loopback : net::Reach::any;
  return request;
}

net::HttpRequest HttpBackend::post(std::string_view path, std::string body) const {
  net::HttpRequest request = make("POST", path);
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

net::HttpRequest HttpBackend::get(std::string_view path) const {
  return make("GET", path);
}

bool HttpBackend::asks_for(const Probe& probe, std::string_view path) {
  const std::string_view url = probe.request.url;
  return url.substr(0, url.find('?')).ends_with(path);
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

Status require_model(const Spec& spec) {
  if (spec.model.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("backend '{}': adapter '{}' needs a 'model'", spec.name, spec.adapter));
  }
  return {};
}

void drop_path_suffix(net::Url& url, std::string_view suffix) {
  while (url.path.ends_with('/')) {
    url.path.pop_back();
  }
  if (url.path.ends_with(suffix)) {
    url.path.resize(url.path.size() - suffix.size());
  }
}

}  // namespace faceoff::backend
