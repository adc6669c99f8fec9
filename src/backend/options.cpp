#include "options.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

struct Row {
  Option option;
  std::string_view name;
  std::string_view owner;
};
constexpr std::array kRows{Row{Option::api_version, "api_version", "openai (Azure)"},
                           Row{Option::args, "args", "llama-server"},
                           Row{Option::prompt_cache, "prompt_cache", "llama-server"},
                           Row{Option::context, "context", "ollama"}};

bool is_set(const Spec& spec, Option option) {
  switch (option) {
    case Option::api_version:
      return spec.api_version.has_value();
    case Option::args:
      return !spec.args.empty();
    case Option::prompt_cache:
      return spec.prompt_cache.has_value();
    case Option::context:
      return spec.context.has_value();
  }
  return false;
}

}  // namespace

Status check_options(const Spec& spec, std::initializer_list<Option> known) {
  for (const auto& row : kRows) {
    if (is_set(spec, row.option) && std::ranges::find(known, row.option) == known.end()) {
      return fail(ErrorKind::usage,
                  fmt::format("backend '{}': '{}' means nothing to adapter '{}'; it belongs to {}",
                              spec.name,
                              row.name,
                              spec.adapter,
                              row.owner));
    }
  }
  if (spec.managed && !spec.base_url) {
    return fail(ErrorKind::usage,
                fmt::format("backend '{}': the server behind it has not been started", spec.name));
  }
  return {};
}

}  // namespace faceoff::backend
