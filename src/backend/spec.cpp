#include "adapter_names.h"

#include <faceoff/backend/backend.h>
#include <faceoff/backend/spec.h>
#include <faceoff/doc/node.h>
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

void read_key_env(const doc::Context& context,
                  doc::MappingReader& reader,
                  Origin origin,
                  Spec& spec) {
  const doc::Node* node = reader.get("key_env");
  if (node == nullptr) {
    return;
  }
  spec.key_env = doc::as_string(context, *node, "key_env");
  if (origin == Origin::project) {
    context.error(node->span,
                  "not-in-project",
                  "'key_env' is not accepted in a project file: it would let a cloned project send "
                  "your keys to its own hosts",
                  {},
                  "put this backend into the user config, $XDG_CONFIG_HOME/faceoff/config.yaml");
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
  read_key_env(context, reader, origin, spec);
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
