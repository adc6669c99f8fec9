#include "json_text.h"
#include "options.h"
#include "scores.h"
#include "table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

struct Expected {
  std::string pointer;
  JsonValue value;
};

struct Rules {
  JsonExtract extract = JsonExtract::any;
  bool valid = false;   // validity alone is asked for
  bool equals = false;  // with the target
  std::vector<Expected> pointers;
  std::vector<std::string> keys;
  std::optional<Decimal> tolerance;
};

class Json final : public Scorer {
 public:
  explicit Json(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto found = find_json(input.completion.text, rules_.extract);
    if (!found) {
      return not_judged("json", Verdict::no_extraction, "the answer has no JSON");
    }
    if (!found->value) {
      return passed_or_not("json", false, found->text, found->value.error().message);
    }
    const auto wrong = difference(*found->value, input.item);
    return passed_or_not(
        "json", !wrong, found->text, wrong.value_or("the JSON is valid and as expected"));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    if (rules_.equals && item.targets.empty()) {
      return "scorer 'json' with 'equals: target' needs a target";
    }
    for (const std::string& target : item.targets) {
      const auto value = parse_json_value(target);
      if (compares_target(item) && !value) {
        return fmt::format(
            "the target '{}' is no JSON: {}", clip(target, 60), value.error().message);
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] bool compares_target(const suite::Case& item) const {
    const bool asks_nothing = !rules_.valid && rules_.pointers.empty() && rules_.keys.empty();
    return rules_.equals || (asks_nothing && !item.targets.empty());
  }

  // What is wrong with a valid answer, or nullopt.
  [[nodiscard]] std::optional<std::string> difference(const JsonValue& answer,
                                                      const suite::Case& item) const {
    for (const std::string& key : rules_.keys) {
      if (find_member(answer, key) == nullptr) {
        return fmt::format("key '{}' is missing", clip(key, 60));
      }
    }
    for (const Expected& expected : rules_.pointers) {
      const JsonValue* part = find_part(answer, expected.pointer);
      if (part == nullptr) {
        return fmt::format("nothing stands at '{}'", clip(expected.pointer, 60));
      }
      if (!equal(*part, expected.value, rules_.tolerance)) {
        return fmt::format("'{}' is {}, not {}",
                           clip(expected.pointer, 60),
                           describe(*part),
                           describe(expected.value));
      }
    }
    if (!compares_target(item) || equals_target(answer, item)) {
      return std::nullopt;
    }
    return fmt::format("the JSON does not equal {}", name_targets(item));
  }

  [[nodiscard]] bool equals_target(const JsonValue& answer, const suite::Case& item) const {
    return std::ranges::any_of(item.targets, [&](const std::string& target) {
      const auto value = parse_json_value(target);
      return value && equal(answer, *value, rules_.tolerance);
    });
  }

  Rules rules_;
};

void read_pointers(Options& options, Rules& rules) {
  const doc::Node* node = options.node("pointers");
  if (node == nullptr) {
    return;
  }
  if (!node->is_mapping() || node->members.empty()) {
    options.wrong(
        "pointers",
        fmt::format("'pointers' must map JSON pointers to values, found {}", doc::describe(*node)));
    return;
  }
  for (const doc::Member& member : node->members) {
    auto value = parse_json_value(doc::to_json(member.value));
    if (!is_json_pointer(member.key)) {
      options.context().error(member.key_span,
                              "wrong-value",
                              fmt::format("'{}' is no JSON pointer", clip(member.key, 60)),
                              {},
                              "write it as '/key' or '/list/0/key', with ~1 for / and ~0 for ~");
    } else if (!value) {
      options.context().error(member.value.span, "wrong-value", value.error().message);
    } else {
      rules.pointers.push_back({member.key, *std::move(value)});
    }
  }
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  static constexpr std::array<std::string_view, 3> kExtracts{"any", "whole", "block"};
  static constexpr std::array<std::string_view, 2> kEquals{"nothing", "target"};
  Options options(spec, diagnostics);
  Rules rules;
  rules.extract = static_cast<JsonExtract>(options.word("extract", kExtracts, 0));
  rules.valid = options.flag("valid", false);
  rules.equals = options.word("equals", kEquals, 0) == 1;
  rules.keys = options.texts("keys");
  read_pointers(options, rules);
  const auto tolerance = options.amount("tolerance");
  rules.tolerance = tolerance ? parse_decimal(*tolerance) : std::nullopt;
  if (tolerance && !rules.tolerance) {
    options.wrong("tolerance", "'tolerance' must be a decimal number");
  }
  return options.finish() ? std::make_unique<Json>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info json_scorer{
    .name = "json",
    .summary = "the answer holds valid JSON with the values, keys or whole content asked for",
    .options = "extract, valid, pointers, keys, equals, tolerance",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
