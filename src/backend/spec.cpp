#include "adapter_names.h"

#include <faceoff/backend/backend.h>
#include <faceoff/backend/spec.h>
#include <faceoff/doc/node.h>
#include <faceoff/doc/user_keys.h>
#include <faceoff/net/url.h>
#include <faceoff/suite/params.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

struct DurationRow {
  std::string_view key;
  std::optional<Duration> Spec::*member;
};
constexpr std::array kDurations{DurationRow{"first_token_timeout", &Spec::first_token_timeout},
                                DurationRow{"idle_timeout", &Spec::idle_timeout},
                                DurationRow{"timeout", &Spec::timeout}};

struct IntegerRow {
  std::string_view key;
  std::optional<std::int64_t> Spec::*member;
  std::int64_t min;
};
constexpr std::array kIntegers{IntegerRow{"concurrency", &Spec::concurrency, 1},
                               IntegerRow{"max_retries", &Spec::max_retries, 0},
                               IntegerRow{"rate", &Spec::requests_per_minute, 1},
                               IntegerRow{"token_rate", &Spec::tokens_per_minute, 1},
                               IntegerRow{"context", &Spec::context, 1}};

// The readers below report every mistake; decode_spec() counts them.

void read_adapter(const doc::Context& context, doc::MappingReader& reader, Spec& spec) {
  const doc::Node* node = reader.require("adapter");
  const auto id = node != nullptr ? doc::as_string(context, *node, "adapter") : std::nullopt;
  if (!id) {
    return;
  }
  spec.adapter = *id;
  if (find(*id) != nullptr) {
    return;
  }
  const auto nearest = nearest_adapter(*id);
  context.error(node->span,
                "unknown-adapter",
                fmt::format("unknown adapter '{}'", *id),
                nearest ? fmt::format("did you mean '{}'?", *nearest) : "",
                "known are " + adapter_list());
}

void read_base_url(const doc::Context& context, doc::MappingReader& reader, Spec& spec) {
  const doc::Node* node = reader.get("base_url");
  if (node == nullptr) {
    return;
  }
  spec.base_url = doc::as_string(context, *node, "base_url");
  if (!spec.base_url) {
    return;
  }
  if (const auto url = net::parse_url(*spec.base_url); !url) {
    context.error(node->span, "bad-url", "'base_url': " + url.error().message);
  }
}

// Where the key comes from; a project file may not say, which refuse_user_keys() tells.
void read_key_source(const doc::Context& context,
                     doc::MappingReader& reader,
                     const doc::Node& mapping,
                     Origin origin,
                     Spec& spec) {
  const bool by_user = origin != Origin::project;
  doc::refuse_user_keys(context, reader, mapping, by_user ? doc::Owner::user : doc::Owner::project);
  if (!by_user) {
    return;
  }
  const doc::Node* variable = reader.get("key_env");
  const doc::Node* file = reader.get("api_key_file");
  const doc::Node* command = reader.get("api_key_command");
  if (variable != nullptr) {
    spec.key_env = doc::as_string(context, *variable, "key_env");
  }
  if (file != nullptr) {
    spec.key_file = doc::as_string(context, *file, "api_key_file");
  }
  if (command != nullptr) {
    spec.key_command =
        doc::as_strings(context, *command, "api_key_command").value_or(std::vector<std::string>());
  }
  const doc::Node* second = command != nullptr ? command : file;
  if ((variable != nullptr) + (file != nullptr) + (command != nullptr) > 1) {
    context.error(second->span,
                  "two-keys",
                  "a backend has one key; give one of 'key_env', 'api_key_file' and "
                  "'api_key_command'");
  }
}

void read_texts(const doc::Context& context, doc::MappingReader& reader, Spec& spec) {
  if (const doc::Node* node = reader.get("model")) {
    spec.model = doc::as_string(context, *node, "model").value_or("");
  }
  if (const doc::Node* node = reader.get("api_version")) {
    spec.api_version = doc::as_string(context, *node, "api_version");
  }
  if (const doc::Node* node = reader.get("args")) {
    spec.args = doc::as_strings(context, *node, "args").value_or(std::vector<std::string>());
  }
  if (const doc::Node* node = reader.get("simulate")) {
    spec.simulate = doc::as_string(context, *node, "simulate").value_or("");
  }
}

void read_replay(const doc::Context& context,
                 const doc::Node& entry,
                 doc::MappingReader& reader,
                 Spec& spec) {
  const doc::Node* run = reader.get("run");
  const doc::Node* backend = reader.get("backend");
  if (spec.adapter != "replay") {
    for (const doc::Node* node : {run, backend}) {
      if (node != nullptr && !spec.adapter.empty()) {
        context.error(node->span,
                      "only-replay",
                      fmt::format("'{}' belongs to adapter 'replay', not to '{}'",
                                  node == run ? "run" : "backend",
                                  spec.adapter));
      }
    }
    return;
  }
  if (run == nullptr) {
    context.error(entry.span,
                  "missing-key",
                  "adapter 'replay' needs 'run': a run folder, an id, or a .jsonl or .csv file of "
                  "answers");
    return;
  }
  spec.run = doc::as_string(context, *run, "run").value_or("");
  if (backend != nullptr) {
    spec.run_backend = doc::as_string(context, *backend, "backend").value_or("");
  }
}

void read_numbers(const doc::Context& context, doc::MappingReader& reader, Spec& spec) {
  for (const auto& row : kIntegers) {
    if (const doc::Node* node = reader.get(row.key)) {
      const auto value = doc::as_integer(context, *node, row.key);
      if (value && *value < row.min) {
        context.error(node->span,
                      "out-of-range",
                      fmt::format("'{}' must be {} or more, found {}", row.key, row.min, *value));
      }
      spec.*row.member = value;
    }
  }
  for (const auto& row : kDurations) {
    if (const doc::Node* node = reader.get(row.key)) {
      const auto value = doc::as_duration(context, *node, row.key);
      if (value && *value <= Duration{0}) {
        context.error(node->span, "out-of-range", fmt::format("'{}' must be more than 0", row.key));
      }
      spec.*row.member = value;
    }
  }
  if (const doc::Node* node = reader.get("prompt_cache")) {
    spec.prompt_cache = doc::as_bool(context, *node, "prompt_cache");
  }
}

}  // namespace

std::optional<Spec> decode_spec(const doc::Context& context,
                                std::string_view name,
                                const doc::Node& node,
                                Origin origin) {
  const std::size_t before = context.diagnostics->size();
  Spec spec;
  spec.name = name;
  doc::MappingReader reader(context, node, "a backend");
  if (!node.is_mapping()) {
    return std::nullopt;
  }
  read_adapter(context, reader, spec);
  read_texts(context, reader, spec);
  read_replay(context, node, reader, spec);
  read_base_url(context, reader, spec);
  read_key_source(context, reader, node, origin, spec);
  read_numbers(context, reader, spec);
  if (const doc::Node* params = reader.get("params")) {
    spec.params = suite::decode_params(context, *params);
  }
  reader.finish();
  if (context.diagnostics->size() != before) {
    return std::nullopt;
  }
  spec.origin = spec.base_url ? origin : Origin::built_in;
  spec.managed = !spec.simulate.empty();
  return spec;
}

}  // namespace faceoff::backend
