#include "best_of.h"
#include "distance.h"
#include "json_text.h"
#include "python_text.h"

#include <cmath>
#include <set>

namespace faceoff::score {
namespace {

double text_similarity(std::string_view a, std::string_view b) {
  const auto left = code_points(a);
  const auto right = code_points(b);
  const std::size_t longer = std::max(left.size(), right.size());
  return longer == 0
             ? 1.0
             : 1.0 - static_cast<double>(edit_distance(left, right)) / static_cast<double>(longer);
}

double number_similarity(const JsonValue& a, const JsonValue& b) {
  const auto x = static_cast<double>(to_long_double(a.number));
  const auto y = static_cast<double>(to_long_double(b.number));
  const double size = std::abs(x) + std::abs(y);
  return size == 0.0 ? 1.0 : 1.0 - std::abs(x - y) / size;
}

double similarity(const JsonValue& a, const JsonValue& b);

double object_similarity(const JsonValue& a, const JsonValue& b) {
  std::set<std::string_view> keys;
  for (const JsonMember& member : a.members) {
    keys.insert(member.key);
  }
  for (const JsonMember& member : b.members) {
    keys.insert(member.key);
  }
  double sum = 0.0;
  for (const std::string_view key : keys) {
    const JsonValue* left = find_member(a, key);
    const JsonValue* right = find_member(b, key);
    sum += left != nullptr && right != nullptr ? similarity(*left, *right) : 0.0;
  }
  return keys.empty() ? 1.0 : sum / static_cast<double>(keys.size());
}

double array_similarity(const JsonValue& a, const JsonValue& b) {
  const std::size_t longer = std::max(a.items.size(), b.items.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < std::min(a.items.size(), b.items.size()); ++i) {
    sum += similarity(a.items[i], b.items[i]);
  }
  return longer == 0 ? 1.0 : sum / static_cast<double>(longer);
}

// Values of different kinds are compared as texts, and null with nothing but null.
double similarity(const JsonValue& a, const JsonValue& b) {
  if (a.kind == JsonKind::null || b.kind == JsonKind::null) {
    return a.kind == b.kind ? 1.0 : 0.0;
  }
  if (a.kind != b.kind) {
    return text_similarity(a.kind == JsonKind::string ? a.text : write_json(a),
                           b.kind == JsonKind::string ? b.text : write_json(b));
  }
  switch (a.kind) {
    case JsonKind::object:
      return object_similarity(a, b);
    case JsonKind::array:
      return array_similarity(a, b);
    case JsonKind::number:
      return number_similarity(a, b);
    case JsonKind::string:
      return text_similarity(a.text, b.text);
    default:
      return a.boolean == b.boolean ? 1.0 : 0.0;
  }
}

JsonValue read(std::string_view text) {
  auto value = parse_json_value(strip(text));
  if (value) {
    return *std::move(value);
  }
  JsonValue plain;
  plain.kind = JsonKind::string;
  plain.text = text;
  return plain;
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("json/diff", [](std::string_view answer, std::string_view target) {
      return similarity(read(answer), read(target));
    });
  });
}

}  // namespace

constinit const Info json_diff_scorer{
    .name = "json/diff",
    .summary = "how much the answer's JSON is like a target's, as JSONDiff of autoevals",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
