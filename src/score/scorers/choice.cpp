#include "choice_options.h"
#include "options.h"
#include "scores.h"
#include "table.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

class Choice final : public Scorer {
 public:
  explicit Choice(ChoiceRules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto found = find_choice(input.completion.text, rules_);
    if (!found) {
      return not_judged("choice", Verdict::no_extraction, "the answer makes no single choice");
    }
    const bool right = std::ranges::any_of(input.item.targets, [&](const std::string& target) {
      return choice_of_target(target, rules_) == found->letter;
    });
    return passed_or_not("choice",
                         right,
                         std::string_view(&found->letter, 1),
                         fmt::format("{} ({}) {} {}",
                                     found->letter,
                                     describe(found->rule),
                                     right ? "is" : "is not",
                                     name_targets(input.item)));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    return choice_objection(item, rules_);
  }

 private:
  ChoiceRules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  ChoiceRules rules = read_choice_rules(options);
  return options.finish() ? std::make_unique<Choice>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info choice_scorer{
    .name = "choice",
    .summary = "the answer picks the letter of a target, or names its text",
    .options = "letters, choices",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
