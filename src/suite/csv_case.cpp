#include "case.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

constexpr std::array<std::string_view, 5> kColumns{"id", "prompt", "target", "tags", "cluster"};
constexpr std::array<std::string_view, 9> kOtherKeys{
    "messages", "vars", "targets", "system", "params", "score", "data", "repeat", "on_truncated"};

doc::Node split_tags(const doc::Node& field) {
  doc::Node tags;
  tags.kind = doc::Kind::sequence;
  tags.span = field.span;
  for (const auto part : split(field.text, ';')) {
    const auto tag = trim(part);
    if (tag.empty()) {
      continue;
    }
    doc::Node& item = tags.items.emplace_back();
    item.style = doc::Style::quoted;
    item.text = tag;
    item.span = field.span;
  }
  return tags;
}

bool holds(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

doc::Node case_of_csv_row(const doc::Context& context, doc::Node row) {
  doc::Node result;
  result.kind = doc::Kind::mapping;
  result.span = row.span;
  doc::Member vars{"vars", row.span, {}};
  vars.value.kind = doc::Kind::mapping;
  vars.value.span = row.span;
  for (auto& member : row.members) {
    if (holds(kOtherKeys, member.key)) {
      context.error(member.key_span,
                    "csv-column",
                    fmt::format("a CSV file cannot have the column '{}'", member.key),
                    {},
                    fmt::format("columns with a meaning: {}; for the rest use JSON Lines",
                                fmt::join(kColumns, ", ")));
    } else if (!holds(kColumns, member.key)) {
      vars.value.members.push_back(std::move(member));
    } else if (!member.value.text.empty()) {
      if (member.key == "tags") {
        member.value = split_tags(member.value);
      }
      result.members.push_back(std::move(member));
    }
  }
  result.members.push_back(std::move(vars));
  return result;
}

}  // namespace faceoff::suite
