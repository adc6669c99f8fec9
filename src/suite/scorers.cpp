#include "fields.h"

#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

ScorerSpecPtr named(const doc::Context& context, std::string name, doc::Span span) {
  auto spec = std::make_shared<ScorerSpec>();
  spec->name = std::move(name);
  spec->span = span;
  spec->source = context.source;
  return spec;
}

// `name` or `name: {options}`.
ScorerSpecPtr decode_scorer(const doc::Context& context, const doc::Node& node) {
  if (!node.is_mapping()) {
    auto name = doc::as_string(context, node, "score");
    return name ? named(context, *std::move(name), node.span) : nullptr;
  }
  if (node.members.size() != 1) {
    context.error(
        node.span,
        "wrong-value",
        fmt::format("a scorer is one name with its options, found {} names", node.members.size()),
        {},
        "make each scorer an item of its own: [exact, {number: {abs_tol: 0.5}}]");
    return nullptr;
  }
  const auto& member = node.members.front();
  if (!member.value.is_mapping() && !member.value.is_null()) {
    context.error(member.value.span,
                  "wrong-type",
                  fmt::format("the options of '{}' must be a mapping, found {}",
                              member.key,
                              doc::describe(member.value)));
    return nullptr;
  }
  auto spec = std::make_shared<ScorerSpec>();
  spec->name = member.key;
  spec->options = member.value;
  spec->span = member.key_span;
  spec->source = context.source;
  return spec;
}

}  // namespace

std::vector<ScorerSpecPtr> decode_scorers(const doc::Context& context, const doc::Node& node) {
  std::vector<ScorerSpecPtr> scorers;
  const auto add = [&](const doc::Node& item) {
    if (auto scorer = decode_scorer(context, item)) {
      scorers.push_back(std::move(scorer));
    }
  };
  if (node.is_sequence()) {
    for (const auto& item : node.items) {
      add(item);
    }
  } else {
    add(node);
  }
  return scorers;
}

}  // namespace faceoff::suite
