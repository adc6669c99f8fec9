#include "judge_menu.h"

#include "options.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::size_t kMostItems = 50;

// A label is repeated by the judge on one line.
bool is_label(std::string_view text) {
  return !is_blank(text) && trim_spaces(text).size() == text.size() && text.size() <= 80 &&
         text.find_first_of("\n\r\"\\*_`.[]()<>") == std::string_view::npos;
}

struct Entry {
  MenuItem item;
  std::optional<double> value;
};

std::optional<double> read_value(const doc::Context& context,
                                 const doc::Node& node,
                                 std::string_view label) {
  const auto value = doc::as_number(context, node, label);
  if (value && (*value < 0.0 || *value > 1.0)) {
    context.error(
        node.span,
        "wrong-value",
        fmt::format(
            "the value of '{}' must be from 0 to 1, found '{}'", display_text(label), node.text));
    return std::nullopt;
  }
  return value;
}

Entry read_entry(const doc::Context& context, const doc::Member& member, Bare bare) {
  Entry entry{.item = {.label = member.key, .when = {}}, .value = std::nullopt};
  if (!member.value.is_mapping()) {
    if (bare == Bare::no || !member.value.is_null()) {
      entry.value = read_value(context, member.value, member.key);
    }
    return entry;
  }
  doc::MappingReader reader(context, member.value, "a verdict");
  if (const doc::Node* value = bare == Bare::yes ? reader.get("value") : reader.require("value")) {
    entry.value = read_value(context, *value, member.key);
  }
  if (const doc::Node* when = reader.get("when")) {
    entry.item.when = doc::as_string(context, *when, "when").value_or("");
  }
  reader.finish();
  return entry;
}

}  // namespace

ValuedMenu read_menu(const Options& options,
                     std::string_view key,
                     const doc::Node& node,
                     Bare bare) {
  ValuedMenu menu;
  const doc::Context& context = options.context();
  std::vector<Entry> entries;
  if (bare == Bare::yes && node.is_sequence()) {
    for (auto& label : doc::as_strings(context, node, key).value_or(std::vector<std::string>())) {
      entries.push_back({.item = {.label = std::move(label), .when = {}}, .value = std::nullopt});
    }
  } else if (node.is_mapping()) {
    for (const auto& member : node.members) {
      entries.push_back(read_entry(context, member, bare));
    }
  } else {
    options.wrong(key,
                  fmt::format("'{}' must be a mapping of verdicts to values{}, found {}",
                              key,
                              bare == Bare::yes ? " or a list of verdicts" : "",
                              doc::describe(node)));
    return menu;
  }
  if (entries.size() < 2 || entries.size() > kMostItems) {
    options.wrong(
        key, fmt::format("'{}' has 2 to {} verdicts, found {}", key, kMostItems, entries.size()));
    return menu;
  }
  std::size_t valued = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& label = entries[i].item.label;
    if (!is_label(label)) {
      options.wrong(key,
                    fmt::format("'{}' cannot be a verdict: it takes 1 to 80 bytes on one line, "
                                "without quotes, brackets, dots and marks of emphasis",
                                display_text(clip(label, 60))));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (casefold(entries[j].item.label) == casefold(label)) {
        options.wrong(
            key,
            fmt::format("the verdicts '{}' and '{}' are too alike", entries[j].item.label, label));
      }
    }
    valued += entries[i].value ? 1U : 0U;
  }
  if (valued != 0 && valued != entries.size()) {
    options.wrong(key, fmt::format("either all verdicts of '{}' have a value or none has", key));
  }
  for (auto& entry : entries) {
    menu.items.push_back(std::move(entry.item));
    if (entry.value) {
      menu.values.push_back(*entry.value);
    }
  }
  return menu;
}

}  // namespace faceoff::score
