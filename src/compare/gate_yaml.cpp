#include "gate_words.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

constexpr std::string_view kUnknown = "bad-gate";

std::string place_of(const doc::Context& context, doc::Mark mark) {
  return fmt::format("{}:{}:{}", context.source->name, mark.line, mark.column);
}

// Where a mistake in the text stands in the file: known for a text on one line without escapes.
doc::Span span_of(const doc::Node& node, const GateMistake& mistake) {
  if (node.style == doc::Style::block || node.span.begin.line != node.span.end.line) {
    return node.span;
  }
  const std::uint32_t quote = node.style == doc::Style::quoted ? 1 : 0;
  const auto column = [&](std::size_t byte) {
    const auto points = std::count_if(
        node.text.begin(),
        node.text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, node.text.size())),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return node.span.begin.column + quote + static_cast<std::uint32_t>(points);
  };
  return {{node.span.begin.line, column(mistake.begin)},
          {node.span.begin.line, column(mistake.end)}};
}

std::optional<Gate> from_text(const doc::Context& context, const doc::Node& node) {
  auto gate = parse_gate(node.text);
  if (gate) {
    return *std::move(gate);
  }
  const GateMistake& mistake = gate.error();
  const bool near = mistake.help.starts_with("did you mean");
  context.error(span_of(node, mistake),
                kUnknown,
                mistake.message,
                near ? mistake.help : "",
                near ? "" : mistake.help);
  return std::nullopt;
}

bool report(const doc::Context& context,
            const doc::Node& node,
            const std::optional<WordMistake>& mistake) {
  if (mistake) {
    context.error(node.span, kUnknown, mistake->message, {}, mistake->help);
  }
  return !mistake;
}

// {gate: not-worse, backend: llama, margin: 3pp, tag: math}
std::optional<Gate> from_mapping(const doc::Context& context, const doc::Node& node) {
  doc::MappingReader reader(context, node, "a gate");
  const doc::Node* kind = reader.require("gate");
  const doc::Node* backend = reader.get("backend");
  const doc::Node* tag = reader.get("tag");
  const doc::Node* limit = reader.get("limit");
  const doc::Node* margin = reader.get("margin");
  reader.finish();
  Gate gate;
  const auto word = kind != nullptr ? doc::as_string(context, *kind, "gate") : std::nullopt;
  if (!word || !report(context, *kind, read_kind(*word, gate))) {
    return std::nullopt;
  }
  const auto name = [&](const doc::Node* part, std::string_view what, std::string& to) {
    if (part != nullptr) {
      to = doc::as_string(context, *part, what).value_or("");
    }
  };
  name(backend, "backend", gate.backend);
  name(tag, "tag", gate.tag);
  const KindRow& row = row_of(gate.kind);
  const bool takes_margin = row.amount == Amount::points && gate.kind != GateKind::max_drop;
  const std::string_view key = takes_margin ? "margin" : "limit";
  const doc::Node* amount = takes_margin ? margin : limit;
  if (const doc::Node* other = takes_margin ? limit : margin) {
    context.error(other->span,
                  kUnknown,
                  fmt::format("'{}' takes a '{}'", *word, key),
                  {},
                  fmt::format("write e.g. {}", row.example));
    return std::nullopt;
  }
  if (amount == nullptr && row.needs_amount) {
    context.error(node.span,
                  kUnknown,
                  fmt::format("'{}' needs a '{}'", *word, key),
                  {},
                  fmt::format("write e.g. {}", row.example));
    return std::nullopt;
  }
  if (amount != nullptr) {
    const auto text = doc::as_string(context, *amount, key);
    if (!text || !report(context, *amount, read_amount(*text, gate))) {
      return std::nullopt;
    }
  }
  if (!report(context, node, check_parts(gate))) {
    return std::nullopt;
  }
  return gate;
}

}  // namespace

std::vector<Gate> decode_gates(const doc::Context& context, const doc::Node& node) {
  std::vector<Gate> gates;
  if (!node.is_sequence()) {
    context.error(node.span,
                  "wrong-type",
                  fmt::format("'gates' must be a list, found {}", doc::describe(node)),
                  {},
                  "write e.g. gates: [alarm, score >= 80%]");
    return gates;
  }
  for (const doc::Node& item : node.items) {
    auto gate = item.is_scalar() ? from_text(context, item) : from_mapping(context, item);
    if (gate) {
      gate->origin = place_of(context, item.span.begin);
      gates.push_back(*std::move(gate));
    }
  }
  return gates;
}

}  // namespace faceoff::compare
