#include "adapter_names.h"

#include <faceoff/backend/backend.h>
#include <faceoff/backend/spec.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr std::string_view kSimulate = "simulate";
// The stand-in speaks every dialect; this one is the plainest.
constexpr std::string_view kStandInAdapter = "openai";
constexpr std::string_view kReplay = "replay";
constexpr std::string_view kForms =
    "write NAME=ADAPTER:MODEL[@BASE_URL], NAME=ADAPTER@BASE_URL, NAME=simulate:SCRIPT or "
    "NAME=replay:RUN#BACKEND";

tl::unexpected<Error> wrong(std::string_view text, std::string_view reason) {
  return fail(ErrorKind::usage, fmt::format("backend '{}': {}; {}", text, reason, kForms));
}

// Where the base URL begins: the '@' in front of a scheme. Any other '@' is part of the model.
std::size_t find_url(std::string_view text) {
  return std::min(text.rfind("@http://"), text.rfind("@https://"));
}

bool is_name(std::string_view name) {
  return !name.empty() && is_valid_utf8(name) && std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7F';
  });
}

// "script.yaml" in "scripts/script.yaml" without its extension.
std::string stem(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  return std::string(path.substr(0, path.rfind('.')));
}

Status check_adapter(std::string_view text, std::string_view adapter) {
  if (find(adapter) != nullptr) {
    return {};
  }
  const auto nearest = nearest_adapter(adapter);
  return wrong(text,
               nearest ? fmt::format("unknown adapter '{}', did you mean '{}'?", adapter, *nearest)
                       : fmt::format("unknown adapter '{}'", adapter));
}

Result<Spec> stand_in(std::string_view text, std::string_view name, std::string_view script) {
  if (script.empty()) {
    return wrong(text, "no script");
  }
  Spec spec;
  spec.name = name.empty() ? stem(script) : std::string(name);
  spec.adapter = kStandInAdapter;
  spec.model = spec.name;
  spec.simulate = script;
  spec.managed = true;
  return spec;
}

// The backend stands behind the last '#': a folder's name may hold one, a backend's hardly does.
Result<Spec> replay(std::string_view text, std::string_view name, std::string_view rest) {
  const std::size_t hash = rest.rfind('#');
  const std::string_view run = rest.substr(0, hash);
  if (run.empty()) {
    return wrong(text, "no run");
  }
  Spec spec;
  spec.adapter = kReplay;
  spec.run = run;
  spec.run_backend = hash == std::string_view::npos ? std::string_view() : rest.substr(hash + 1);
  spec.name = !name.empty() ? name : spec.run_backend;
  if (!is_name(spec.name)) {
    return wrong(text, "a replay needs a name");
  }
  return spec;
}

}  // namespace

Result<Spec> parse_short_spec(std::string_view text) {
  std::string_view rest = text;
  std::string_view name;
  // A '=' behind a ':' or '@' belongs to the model or the URL.
  const std::size_t equals = rest.find('=');
  const bool named = equals != std::string_view::npos && equals < rest.find_first_of(":@");
  if (named) {
    name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    if (!is_name(name)) {
      return wrong(text, "the name is empty or holds a blank or a control character");
    }
  }
  if (rest.starts_with("replay:")) {
    return replay(text, name, rest.substr(kReplay.size() + 1));
  }
  Spec spec;
  if (const std::size_t at = find_url(rest); at != std::string_view::npos) {
    spec.base_url = rest.substr(at + 1);
    spec.origin = Origin::flag;
    rest = rest.substr(0, at);
  }
  const std::size_t colon = rest.find(':');
  const std::string_view adapter = rest.substr(0, colon);
  const std::string_view model =
      colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  if (adapter == kSimulate && !spec.base_url) {
    return stand_in(text, name, model);
  }
  if (adapter.find('@') != std::string_view::npos) {
    return wrong(text, "the base URL must begin with http:// or https://");
  }
  FACEOFF_TRY(check_adapter(text, adapter));
  if (model.empty() && !spec.base_url) {
    return wrong(text, "no model");
  }
  spec.adapter = adapter;
  spec.model = model;
  spec.name = !name.empty() ? name : !model.empty() ? model : adapter;
  if (!is_name(spec.name)) {
    return wrong(text, "the model holds a blank or a control character; give the backend a name");
  }
  return spec;
}

}  // namespace faceoff::backend
