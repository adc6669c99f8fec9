#include "fields.h"

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

using chat::Params;

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

struct NumberRow {
  std::string_view key;
  std::optional<double> Params::*member;
  double min;
  double max;
};
constexpr std::array kNumbers{
    NumberRow{"temperature", &Params::temperature, 0, kUnbounded},
    NumberRow{"top_p", &Params::top_p, 0, 1},
    NumberRow{"min_p", &Params::min_p, 0, 1},
    NumberRow{"repeat_penalty", &Params::repeat_penalty, 0, kUnbounded},
    NumberRow{"presence_penalty", &Params::presence_penalty, -2, 2},
    NumberRow{"frequency_penalty", &Params::frequency_penalty, -2, 2},
};

struct IntegerRow {
  std::string_view key;
  std::optional<std::int64_t> Params::*member;
  std::int64_t min;
};
constexpr std::array kIntegers{
    IntegerRow{"max_tokens", &Params::max_tokens, 1},
    IntegerRow{"seed", &Params::seed, 0},
    IntegerRow{"top_k", &Params::top_k, 0},
    IntegerRow{"top_logprobs", &Params::top_logprobs, 1},
};

void read_number(const doc::Context& context,
                 const doc::Node& node,
                 const NumberRow& row,
                 Params& params) {
  const auto value = doc::as_number(context, node, row.key);
  if (!value) {
    return;
  }
  if (*value < row.min || *value > row.max) {
    const std::string range = row.max == kUnbounded
                                  ? fmt::format("{} or more", row.min)
                                  : fmt::format("between {} and {}", row.min, row.max);
    context.error(node.span,
                  "out-of-range",
                  fmt::format("'{}' must be {}, found {}", row.key, range, node.text));
    return;
  }
  params.*row.member = *value;
}

void read_integer(const doc::Context& context,
                  const doc::Node& node,
                  const IntegerRow& row,
                  Params& params) {
  const auto value = doc::as_integer(context, node, row.key);
  if (value && *value < row.min) {
    context.error(node.span,
                  "out-of-range",
                  fmt::format("'{}' must be {} or more, found {}", row.key, row.min, node.text));
  } else if (value) {
    params.*row.member = *value;
  }
}

void read_stop(const doc::Context& context, const doc::Node& node, Params& params) {
  auto texts = doc::as_strings(context, node, "stop");
  if (!texts) {
    return;
  }
  for (const auto& text : *texts) {
    if (text.empty()) {
      context.error(node.span, "wrong-value", "'stop' must not hold an empty text");
      return;
    }
  }
  params.stop = *std::move(texts);
}

void read_response_format(const doc::Context& context, const doc::Node& node, Params& params) {
  if (node.is_mapping()) {
    params.response_format = doc::to_json(node);
  } else if (node.is_scalar() && node.text == "json") {
    params.response_format = "json";
  } else {
    context.error(
        node.span, "wrong-value", "'response_format' must be json or a JSON Schema as a mapping");
  }
}

}  // namespace

chat::Params decode_params(const doc::Context& context, const doc::Node& node) {
  Params params;
  doc::MappingReader reader(context, node, "params");
  for (const auto& row : kNumbers) {
    if (const auto* value = reader.get(row.key); value != nullptr) {
      read_number(context, *value, row, params);
    }
  }
  for (const auto& row : kIntegers) {
    if (const auto* value = reader.get(row.key); value != nullptr) {
      read_integer(context, *value, row, params);
    }
  }
  if (const auto* value = reader.get("stop"); value != nullptr) {
    read_stop(context, *value, params);
  }
  if (const auto* value = reader.get("reasoning_effort"); value != nullptr) {
    params.reasoning_effort = doc::as_string(context, *value, "reasoning_effort");
  }
  if (const auto* value = reader.get("response_format"); value != nullptr) {
    read_response_format(context, *value, params);
  }
  reader.finish();
  return params;
}

}  // namespace faceoff::suite
