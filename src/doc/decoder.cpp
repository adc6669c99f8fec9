#include "mistake.h"
#include "scalar.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/doc/decoder.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

void wrong_type(const Context& context,
                const Node& node,
                std::string_view what,
                std::string_view expected,
                std::string label = {}) {
  context.error(node.span,
                "wrong-type",
                fmt::format("'{}' must be {}, found {}", what, expected, describe(node)),
                std::move(label));
}

// "42" in quotes is a text; whoever wrote it meant the number.
bool is_quoted_number(const Node& node) {
  if (!node.is_scalar() || node.style == Style::plain) {
    return false;
  }
  Node plain = node;
  plain.style = Style::plain;
  const ScalarKind kind = classify(plain);
  return kind == ScalarKind::integer || kind == ScalarKind::real;
}

std::string number_label(const Node& node) {
  return is_quoted_number(node) ? "write it without quotes" : "";
}

}  // namespace

void Context::error(Span span,
                    std::string_view slug,
                    std::string message,
                    std::string label,
                    std::string help) const {
  Diagnostic diagnostic =
      mistake(source, span, fmt::format("{}::{}", area, slug), std::move(message));
  diagnostic.label = std::move(label);
  diagnostic.help = std::move(help);
  diagnostics->add(std::move(diagnostic));
}

std::optional<std::string> as_string(const Context& context,
                                     const Node& node,
                                     std::string_view what) {
  if (!node.is_scalar() || node.is_null()) {
    wrong_type(context, node, what, "a text", node.is_null() ? "write \"\" for an empty text" : "");
    return std::nullopt;
  }
  return node.text;
}

std::optional<double> as_number(const Context& context, const Node& node, std::string_view what) {
  const ScalarKind kind = node.is_scalar() ? classify(node) : ScalarKind::text;
  if (kind != ScalarKind::integer && kind != ScalarKind::real) {
    wrong_type(context, node, what, "a number", number_label(node));
    return std::nullopt;
  }
  const auto value = number_value(node);
  if (!value) {
    context.error(
        node.span, "out-of-range", fmt::format("'{}' is out of range: '{}'", what, node.text));
  }
  return value;
}

std::optional<std::int64_t> as_integer(const Context& context,
                                       const Node& node,
                                       std::string_view what) {
  const ScalarKind kind = node.is_scalar() ? classify(node) : ScalarKind::text;
  if (kind == ScalarKind::real) {
    context.error(node.span,
                  "wrong-type",
                  fmt::format("'{}' must be a whole number, found '{}'", what, node.text));
    return std::nullopt;
  }
  if (kind != ScalarKind::integer) {
    wrong_type(context, node, what, "a whole number", number_label(node));
    return std::nullopt;
  }
  const auto value = integer_value(node);
  if (!value) {
    context.error(
        node.span, "out-of-range", fmt::format("'{}' is out of range: '{}'", what, node.text));
  }
  return value;
}

std::optional<bool> as_bool(const Context& context, const Node& node, std::string_view what) {
  if (!node.is_scalar() || classify(node) != ScalarKind::boolean) {
    wrong_type(context, node, what, "true or false");
    return std::nullopt;
  }
  return boolean_value(node);
}

std::optional<Duration> as_duration(const Context& context,
                                    const Node& node,
                                    std::string_view what) {
  if (!node.is_scalar() || node.is_null()) {
    wrong_type(context, node, what, "a time such as 1.5s or 300ms");
    return std::nullopt;
  }
  const auto value = parse_duration(node.text);
  if (!value) {
    context.error(node.span, "wrong-value", fmt::format("'{}': {}", what, value.error().message));
    return std::nullopt;
  }
  return *value;
}

std::optional<std::vector<std::string>> as_strings(const Context& context,
                                                   const Node& node,
                                                   std::string_view what) {
  std::vector<std::string> texts;
  if (!node.is_sequence()) {
    if (node.is_mapping() || node.is_null()) {
      wrong_type(context, node, what, "a text or a list of texts");
      return std::nullopt;
    }
    texts.push_back(node.text);
    return texts;
  }
  bool sound = true;
  for (const auto& item : node.items) {
    auto text = as_string(context, item, what);
    sound = sound && text;
    texts.push_back(std::move(text).value_or(std::string{}));
  }
  return sound ? std::optional(std::move(texts)) : std::nullopt;
}

MappingReader::MappingReader(const Context& context, const Node& node, std::string_view what)
    : context_(context), node_(node), what_(what) {
  if (!node.is_mapping()) {
    context.error(node.span,
                  "wrong-type",
                  fmt::format("{} must be a mapping, found {}", what, describe(node)));
  }
}

const Node* MappingReader::get(std::string_view key) {
  allowed_.push_back(key);
  return node_.find(key);
}

const Node* MappingReader::require(std::string_view key) {
  const Node* value = get(key);
  if (value == nullptr && node_.is_mapping()) {
    // The first line is enough: a mapping may be the whole file.
    const Mark begin = node_.span.begin;
    const Span first = node_.members.empty() ? Span{begin, begin} : node_.members.front().key_span;
    context_.error(first, "missing-key", fmt::format("{} needs the key '{}'", what_, key));
  }
  return value;
}

void MappingReader::finish() {
  for (const auto& member : node_.members) {
    if (std::ranges::find(allowed_, member.key) != allowed_.end()) {
      continue;
    }
    const auto near = closest(member.key, allowed_);
    context_.error(member.key_span,
                   "unknown-key",
                   fmt::format("unknown key '{}'", member.key),
                   near ? fmt::format("did you mean '{}'?", *near) : "",
                   fmt::format("keys allowed in {}: {}", what_, fmt::join(allowed_, ", ")));
  }
}

}  // namespace faceoff::doc
