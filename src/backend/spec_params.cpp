#include "spec_params.h"

#include <faceoff/doc/node.h>

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

using chat::Params;

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

struct NumberRow {
  std::string_view key;
  std::optional<double> Params::*member;
  double min;
  double max;
};
constexpr std::array kNumbers{NumberRow{"temperature", &Params::temperature, 0, kUnbounded},
                              NumberRow{"top_p", &Params::top_p, 0, 1},
                              NumberRow{"min_p", &Params::min_p, 0, 1},
                              NumberRow{"repeat_penalty", &Params::repeat_penalty, 0, kUnbounded},
                              NumberRow{"presence_penalty", &Params::presence_penalty, -2, 2},
                              NumberRow{"frequency_penalty", &Params::frequency_penalty, -2, 2}};

struct IntegerRow {
  std::string_view key;
  std::optional<std::int64_t> Params::*member;
  std::int64_t min;
};
constexpr std::array kIntegers{IntegerRow{"max_tokens", &Params::max_tokens, 1},
                               IntegerRow{"seed", &Params::seed, 0},
                               IntegerRow{"top_k", &Params::top_k, 0}};

void read_numbers(const doc::Context& context, doc::MappingReader& reader, Params& params) {
  for (const auto& row : kNumbers) {
    const doc::Node* node = reader.get(row.key);
    const auto value = node != nullptr ? doc::as_number(context, *node, row.key) : std::nullopt;
    if (value && (*value < row.min || *value > row.max)) {
      context.error(
          node->span,
          "out-of-range",
          row.max == kUnbounded
              ? fmt::format("'{}' must be {} or more, found {}", row.key, row.min, node->text)
              : fmt::format("'{}' must be between {} and {}, found {}",
                            row.key,
                            row.min,
                            row.max,
                            node->text));
    } else if (value) {
      params.*row.member = *value;
    }
  }
}

void read_integers(const doc::Context& context, doc::MappingReader& reader, Params& params) {
  for (const auto& row : kIntegers) {
    const doc::Node* node = reader.get(row.key);
    const auto value = node != nullptr ? doc::as_integer(context, *node, row.key) : std::nullopt;
    if (value && *value < row.min) {
      context.error(node->span,
                    "out-of-range",
                    fmt::format("'{}' must be {} or more, found {}", row.key, row.min, node->text));
    } else if (value) {
      params.*row.member = *value;
    }
  }
}

}  // namespace

Params decode_params(const doc::Context& context, const doc::Node& node) {
  Params params;
  doc::MappingReader reader(context, node, "params");
  read_numbers(context, reader, params);
  read_integers(context, reader, params);
  if (const doc::Node* stop = reader.get("stop")) {
    params.stop = doc::as_strings(context, *stop, "stop").value_or(std::vector<std::string>());
  }
  if (const doc::Node* effort = reader.get("reasoning_effort")) {
    params.reasoning_effort = doc::as_string(context, *effort, "reasoning_effort");
  }
  if (const doc::Node* format = reader.get("response_format")) {
    if (format->is_mapping()) {
      params.response_format = doc::to_json(*format);
    } else if (format->is_scalar() && format->text == "json") {
      params.response_format = "json";
    } else {
      context.error(format->span,
                    "wrong-value",
                    "'response_format' must be json or a JSON Schema as a mapping");
    }
  }
  reader.finish();
  return params;
}

}  // namespace faceoff::backend
