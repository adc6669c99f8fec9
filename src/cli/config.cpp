#include "config.h"

#include <faceoff/base/text.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/reader.h>
#include <faceoff/doc/user_keys.h>
#include <faceoff/net/url.h>

#include <algorithm>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProjectFile = "faceoff.yaml";

std::optional<fs::path> find_project_file(const backend::Environment& environment) {
  std::error_code error;
  const fs::path home = environment("HOME").value_or("");
  for (fs::path folder = fs::current_path(error); !error; folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / kProjectFile, error)) {
      return fs::relative(folder / kProjectFile, error);
    }
    if (fs::exists(folder / ".git", error) || folder == home || folder == folder.root_path()) {
      break;
    }
  }
  return std::nullopt;
}

std::optional<fs::path> find_user_file(const backend::Environment& environment) {
  fs::path folder;
  if (const auto xdg = environment("XDG_CONFIG_HOME"); xdg && !xdg->empty()) {
    folder = *xdg;
  } else if (const auto home = environment("HOME"); home && !home->empty()) {
    folder = fs::path(*home) / ".config";
  } else {
    return std::nullopt;
  }
  std::error_code error;
  const fs::path file = folder / "faceoff" / "config.yaml";
  return fs::is_regular_file(file, error) ? std::optional(file) : std::nullopt;
}

std::string beside(const fs::path& file, const std::string& name) {
  return fs::path(name).is_absolute() ? name : (file.parent_path() / name).string();
}

void decode_backends(const doc::Context& context,
                     const doc::Node& node,
                     const fs::path& file,
                     backend::Origin origin,
                     Config& config) {
  if (!node.is_mapping()) {
    context.error(node.span, "wrong-type", "'backends' must be a mapping of names to backends");
    return;
  }
  for (const auto& member : node.members) {
    auto spec = backend::decode_spec(context, member.key, member.value, origin);
    if (!spec) {
      continue;
    }
    if (spec->model.ends_with(".gguf")) {
      spec->model = beside(file, spec->model);
    }
    if (!spec->simulate.empty()) {
      spec->simulate = beside(file, spec->simulate);
    }
    if (spec->key_file && !spec->key_file->starts_with("~/")) {
      spec->key_file = beside(file, *spec->key_file);
    }
    // A run may also be named by its id, or as latest.
    std::error_code error;
    if (!spec->run.empty() && fs::exists(beside(file, spec->run), error)) {
      spec->run = beside(file, spec->run);
    }
    const auto known = std::ranges::find(config.backends, spec->name, &backend::Spec::name);
    if (known == config.backends.end()) {
      config.backends.push_back(*std::move(spec));
    } else {
      *known = *std::move(spec);
    }
  }
}

// HOST or HOST:PORT.
bool is_host(const std::string& text) {
  const auto url = net::parse_url("https://" + text);
  return url && url->path.empty();
}

void decode_allow_hosts(const doc::Context& context, const doc::Node& node, Config& config) {
  for (auto& host :
       doc::as_strings(context, node, "allow_hosts").value_or(std::vector<std::string>())) {
    if (!is_host(host)) {
      context.error(node.span,
                    "bad-host",
                    fmt::format("'allow_hosts' lists hosts, found '{}'", host),
                    {},
                    "write HOST or HOST:PORT, without https://");
    }
    config.allow_hosts.push_back(std::move(host));
  }
}

void decode_programs(const doc::Context& context, const doc::Node& node, Config& config) {
  if (!node.is_mapping()) {
    context.error(node.span, "wrong-type", "'exec' must be a mapping of names to commands");
    return;
  }
  for (const auto& member : node.members) {
    auto command = doc::as_strings(context, member.value, "exec." + member.key);
    if (command && (command->empty() || command->front().empty())) {
      context.error(member.value.span, "wrong-value", "a command is a program and its arguments");
    } else if (command) {
      config.programs.insert_or_assign(member.key, *std::move(command));
    }
  }
}

Status read_config_file(const fs::path& file,
                        backend::Origin origin,
                        doc::Diagnostics& diagnostics,
                        Config& config) {
  FACEOFF_TRY_ASSIGN(const auto document, doc::load(file, diagnostics));
  config.files.push_back(file);
  if (!document) {
    return {};
  }
  const doc::Context context{
      .source = document->source, .area = "config", .diagnostics = &diagnostics};
  doc::MappingReader reader(context, document->root, "the configuration");
  if (const auto* backends = reader.get("backends")) {
    decode_backends(context, *backends, file, origin, config);
  }
  if (const auto* results = reader.get("results")) {
    if (const auto folder = doc::as_string(context, *results, "results")) {
      config.results = beside(file, *folder);
      config.results_file = file;
    }
  }
  if (const auto* prices = reader.get("prices")) {
    backend::decode_prices(context, *prices, origin, config.prices);
  }
  const bool by_user = origin == backend::Origin::user;
  doc::refuse_user_keys(
      context, reader, document->root, by_user ? doc::Owner::user : doc::Owner::project);
  if (const auto* hosts = by_user ? reader.get("allow_hosts") : nullptr) {
    decode_allow_hosts(context, *hosts, config);
  }
  if (const auto* programs = by_user ? reader.get("exec") : nullptr) {
    decode_programs(context, *programs, config);
  }
  if (const auto* gates = reader.get("gates")) {
    std::ranges::move(compare::decode_gates(context, *gates), std::back_inserter(config.gates));
  }
  reader.finish();
  return {};
}

}  // namespace

Result<Config> load_config(const Arguments& arguments,
                           const Context& context,
                           doc::Diagnostics& diagnostics) {
  Config config;
  config.prices = backend::PriceTable::built_in();
  if (arguments.has("no-config")) {
    return config;
  }
  if (const auto user = find_user_file(context.environment)) {
    FACEOFF_TRY(read_config_file(*user, backend::Origin::user, diagnostics, config));
  }
  // A file that the command line names is still a project's: it may come from a stranger's folder.
  const auto named = arguments.value("config");
  const auto project =
      named ? std::optional<fs::path>(*named) : find_project_file(context.environment);
  if (project) {
    FACEOFF_TRY(read_config_file(*project, backend::Origin::project, diagnostics, config));
  }
  return config;
}

Result<std::vector<backend::Spec>> choose_backends(const Arguments& arguments,
                                                   const Config& config) {
  std::vector<backend::Spec> chosen;
  for (const auto& word : arguments.values("backend")) {
    const auto known = std::ranges::find(config.backends, word, &backend::Spec::name);
    if (known != config.backends.end()) {
      chosen.push_back(*known);
      continue;
    }
    if (word.find_first_of("=:@") == std::string::npos) {
      std::vector<std::string_view> names;
      for (const auto& spec : config.backends) {
        names.push_back(spec.name);
      }
      const auto near = closest(word, names);
      return fail(
          ErrorKind::usage,
          fmt::format("-b: unknown backend '{}'; {}",
                      word,
                      near ? fmt::format("did you mean '{}'?", *near)
                           : std::string("name one of faceoff.yaml or write NAME=ADAPTER:MODEL")));
    }
    FACEOFF_TRY_ASSIGN(auto spec, backend::parse_short_spec(word));
    chosen.push_back(std::move(spec));
  }
  if (!arguments.has("backend")) {
    chosen = config.backends;
  }
  if (chosen.empty()) {
    return fail(ErrorKind::usage,
                "no backend given; use -b, e.g. -b gpt-4o=openai:gpt-4o-2024-11-20 -b "
                "llama=llama-server:model.gguf, "
                "or list backends in faceoff.yaml");
  }
  auto allowed = config.allow_hosts;
  for (auto& host : arguments.values("allow-host")) {
    if (!is_host(host)) {
      return fail(ErrorKind::usage,
                  fmt::format("--allow-host: '{}' is no host; write HOST or HOST:PORT", host));
    }
    allowed.push_back(std::move(host));
  }
  for (auto& spec : chosen) {
    spec.allow_hosts = allowed;
  }
  for (const auto& spec : chosen) {
    if (std::ranges::count(chosen, spec.name, &backend::Spec::name) > 1) {
      return fail(
          ErrorKind::usage,
          fmt::format("-b: two backends are called '{}'; give each its own name", spec.name));
    }
  }
  return chosen;
}

Result<backend::PriceTable> load_prices(const Arguments& arguments,
                                        const Config& config,
                                        doc::Diagnostics& diagnostics) {
  backend::PriceTable prices = config.prices;
  const auto file = arguments.value("prices");
  if (!file) {
    return prices;
  }
  FACEOFF_TRY_ASSIGN(const auto document, doc::load(*file, diagnostics));
  if (!document) {
    return prices;
  }
  const doc::Context context{
      .source = document->source, .area = "prices", .diagnostics = &diagnostics};
  doc::MappingReader reader(context, document->root, "a file of prices");
  if (const auto* entries = reader.require("prices")) {
    backend::decode_prices(context, *entries, backend::Origin::flag, prices);
  }
  reader.finish();
  return prices;
}

fs::path results_folder(const Arguments& arguments, const Config& config) {
  if (const auto folder = arguments.value("results")) {
    return *folder;
  }
  return config.results.value_or("results");
}

}  // namespace faceoff::cli
