#include "fields.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

// What is wrong with a name, or nothing.
std::string name_problem(std::string_view name) {
  if (name.empty()) {
    return "is empty";
  }
  if (count_code_points(name) > kMaxNameLength) {
    return fmt::format("has more than {} characters", kMaxNameLength);
  }
  if (display_text(name) != name) {
    return "holds characters that cannot be shown";
  }
  if (trim(name).size() != name.size()) {
    return "begins or ends with a blank";
  }
  // Names may become paths in somebody's hands.
  const auto parts = split(name, '/');
  if (name.front() == '/' || std::ranges::find(parts, "..") != parts.end()) {
    return "looks like a path that leads elsewhere";
  }
  return {};
}

std::vector<std::string> read_tags(const doc::Context& context, const doc::Node& node) {
  std::vector<std::string> tags;
  const auto add = [&](const doc::Node& item) {
    auto tag = as_name(context, item, "tags");
    if (tag && std::ranges::find(tags, *tag) == tags.end()) {
      tags.push_back(*std::move(tag));
    }
  };
  if (node.is_sequence()) {
    std::ranges::for_each(node.items, add);
  } else {
    add(node);
  }
  return tags;
}

std::optional<std::int32_t> read_repeat(const doc::Context& context, const doc::Node& node) {
  const auto value = doc::as_integer(context, node, "repeat");
  if (value && (*value < 1 || *value > kMaxRepeat)) {
    context.error(node.span,
                  "out-of-range",
                  fmt::format("'repeat' must be between 1 and {}, found {}", kMaxRepeat, *value));
    return std::nullopt;
  }
  return value ? std::optional(static_cast<std::int32_t>(*value)) : std::nullopt;
}

std::optional<double> read_threshold(const doc::Context& context, const doc::Node& node) {
  const auto value = doc::as_number(context, node, "threshold");
  if (value && !(*value > 0.0 && *value <= 1.0)) {
    context.error(
        node.span,
        "out-of-range",
        fmt::format("'threshold' must be more than 0 and at most 1, found {}", node.text));
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<std::string> as_name(const doc::Context& context,
                                   const doc::Node& node,
                                   std::string_view what) {
  auto name = doc::as_string(context, node, what);
  if (!name) {
    return std::nullopt;
  }
  if (const auto problem = name_problem(*name); !problem.empty()) {
    context.error(
        node.span,
        "bad-name",
        fmt::format(
            "'{}' {}: '{}'", what, problem, fit_width(display_text(name->substr(0, 400)), 60)));
    return std::nullopt;
  }
  return name;
}

std::optional<std::size_t> as_choice(const doc::Context& context,
                                     const doc::Node& node,
                                     std::string_view what,
                                     const std::vector<std::string_view>& values) {
  const auto text = doc::as_string(context, node, what);
  if (!text) {
    return std::nullopt;
  }
  const auto it = std::ranges::find(values, *text);
  if (it == values.end()) {
    const auto near = closest(*text, values);
    context.error(
        node.span,
        "wrong-value",
        fmt::format("'{}' must be one of {}, found '{}'", what, fmt::join(values, ", "), *text),
        near ? fmt::format("did you mean '{}'?", *near) : "");
    return std::nullopt;
  }
  return static_cast<std::size_t>(it - values.begin());
}

Fields read_fields(const doc::Context& context, doc::MappingReader& reader) {
  Fields fields;
  if (const auto* node = reader.get("system"); node != nullptr) {
    fields.system = doc::as_string(context, *node, "system") ? node : nullptr;
  }
  if (const auto* node = reader.get("params"); node != nullptr) {
    fields.params = decode_params(context, *node);
  }
  if (const auto* node = reader.get("score"); node != nullptr) {
    fields.scorers = decode_scorers(context, *node);
  }
  if (const auto* node = reader.get("tags"); node != nullptr) {
    fields.tags = read_tags(context, *node);
  }
  if (const auto* node = reader.get("vars"); node != nullptr) {
    fields.vars = decode_variables(context, *node);
  }
  if (const auto* node = reader.get("repeat"); node != nullptr) {
    fields.repeat = read_repeat(context, *node);
  }
  if (const auto* node = reader.get("data"); node != nullptr) {
    if (const auto choice = as_choice(context, *node, "data", {"local-only", "any"})) {
      fields.local_only = *choice == 0;
    }
  }
  if (const auto* node = reader.get("on_truncated"); node != nullptr) {
    if (const auto choice = as_choice(context, *node, "on_truncated", {"zero", "score"})) {
      fields.on_truncated = *choice == 0 ? OnTruncated::zero : OnTruncated::score;
    }
  }
  if (const auto* node = reader.get("combine"); node != nullptr) {
    if (const auto choice = as_choice(context, *node, "combine", {"lowest", "mean"})) {
      fields.combine = *choice == 0 ? Combine::lowest : Combine::mean;
    }
  }
  if (const auto* node = reader.get("threshold"); node != nullptr) {
    fields.threshold = read_threshold(context, *node);
  }
  return fields;
}

Defaults decode_defaults(const doc::Context& context, const doc::Node& node) {
  Defaults defaults;
  defaults.source = context.source;
  doc::MappingReader reader(context, node, "defaults");
  defaults.fields = read_fields(context, reader);
  if (const auto* prompt = reader.get("prompt"); prompt != nullptr) {
    defaults.prompt = doc::as_string(context, *prompt, "prompt") ? prompt : nullptr;
  }
  reader.finish();
  if (defaults.prompt != nullptr) {
    check_syntax(context, {*defaults.prompt, context.source, "the prompt", true});
  }
  if (defaults.fields.system != nullptr) {
    check_syntax(context, {*defaults.fields.system, context.source, "the system message", true});
  }
  return defaults;
}

}  // namespace faceoff::suite
