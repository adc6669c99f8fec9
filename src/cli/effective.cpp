#include "effective.h"

#include "parse.h"
#include "run_options.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

std::string line(std::string_view name, std::string_view value, std::string_view origin) {
  return fmt::format("  {} = {}  ({})\n", name, value, origin);
}

// The help text is where a default is written down: "requests in flight (default: 4, ...)".
std::string default_of(const Flag& flag) {
  constexpr std::string_view kLead = "(default: ";
  const auto at = flag.help.rfind(kLead);
  if (at == std::string_view::npos) {
    return flag.value.empty() ? "off" : "not set";
  }
  const std::string_view rest = flag.help.substr(at + kLead.size());
  return std::string(rest.substr(0, rest.rfind(')')));
}

std::string describe_flag(const Flag& flag, const Config& config, const Context& context) {
  const std::string variable = environment_name(flag.name);
  if (const auto value = context.environment(variable); value && !value->empty()) {
    return line(flag.name, display_text(redactor().redact(*value)), variable);
  }
  if (flag.name == "results" && config.results) {
    return line(flag.name, display_text(config.results->string()), config.results_file.string());
  }
  return line(flag.name, default_of(flag), "built in");
}

std::string origin_of(const backend::Spec& spec) {
  switch (spec.origin) {
    case backend::Origin::project:
      return "faceoff.yaml";
    case backend::Origin::user:
      return "the user config";
    default:
      return "the adapter";
  }
}

std::string describe_key(const backend::Spec& spec, const Context& context) {
  const backend::Info* info = backend::find(spec.adapter);
  if (spec.key_file) {
    return line(
        spec.name + ".key", "in the file " + display_text(*spec.key_file), "the user config");
  }
  if (!spec.key_command.empty()) {
    return line(spec.name + ".key",
                "from the program " + display_text(spec.key_command.front()),
                "the user config");
  }
  const std::string variable =
      spec.key_env.value_or(info == nullptr ? "" : std::string(info->key_env));
  if (variable.empty() || spec.managed) {
    return {};
  }
  const auto value = context.environment(variable);
  return line(spec.name + ".key", value && !value->empty() ? "set" : "unset", variable);
}

std::string describe_backend(const backend::Spec& spec, const Context& context) {
  const backend::Info* info = backend::find(spec.adapter);
  std::string out = line(spec.name + ".model", display_text(spec.model), spec.adapter);
  const std::string variable = info == nullptr ? "" : std::string(info->base_url_env);
  const auto named = variable.empty() ? std::nullopt : context.environment(variable);
  if (spec.base_url) {
    out += line(spec.name + ".base_url", display_text(*spec.base_url), origin_of(spec));
  } else if (named && !named->empty()) {
    out += line(spec.name + ".base_url", display_text(redactor().redact(*named)), variable);
  } else if (info != nullptr && !info->default_base_url.empty()) {
    out += line(spec.name + ".base_url", info->default_base_url, "built in");
  }
  return out + describe_key(spec, context);
}

}  // namespace

std::string effective_settings(const Config& config, const Context& context) {
  std::string out = "settings (flags win over all of these)\n";
  // These say what to do once, not how to do it.
  static const std::set<std::string_view> kActions{
      "backend", "output", "resume", "dry-run", "json", "api-key-file"};
  for (const auto flags : {run_flags(), global_flags()}) {
    for (const Flag& flag : flags) {
      if (!kActions.contains(flag.name)) {
        out += describe_flag(flag, config, context);
      }
    }
  }
  for (const auto& host : config.allow_hosts) {
    out += line("allow_hosts", display_text(host), "the user config");
  }
  const auto own = [](const backend::PriceEntry& entry) {
    return entry.origin != backend::Origin::built_in;
  };
  out += line("known prices",
              fmt::format("{} built in, {} of yours",
                          std::ranges::count_if(config.prices.entries(), std::not_fn(own)),
                          std::ranges::count_if(config.prices.entries(), own)),
              "faceoff list prices");
  for (const auto& spec : config.backends) {
    out += describe_backend(spec, context);
  }
  return out;
}

}  // namespace faceoff::cli
