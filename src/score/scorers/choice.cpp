#include "choice_text.h"
#include "options.h"
#include "scores.h"
#include "table.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <set>
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
    const auto bad = std::ranges::find_if(item.targets, [this](const std::string& target) {
      return !choice_of_target(target, rules_);
    });
    return bad == item.targets.end()
               ? std::nullopt
               : std::optional(fmt::format(
                     "the target '{}' is none of the choices {}", clip(*bad, 60), rules_.letters));
  }

 private:
  ChoiceRules rules_;
};

bool are_letters(const std::string& text) {
  const std::set<char> distinct(text.begin(), text.end());
  return text.size() >= 2 && distinct.size() == text.size() &&
         std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void read_letters(Options& options, ChoiceRules& rules) {
  const doc::Node* node = options.node("letters");
  const auto letters =
      node == nullptr ? std::nullopt : doc::as_string(options.context(), *node, "letters");
  if (letters && !are_letters(*letters)) {
    options.wrong("letters", "'letters' must be two or more different capital letters A to Z");
  } else if (letters) {
    rules.letters = *letters;
  }
}

void read_choices(Options& options, ChoiceRules& rules) {
  rules.choices = options.texts("choices");
  if (rules.choices.size() > rules.letters.size()) {
    options.wrong(
        "choices",
        fmt::format(
            "there are {} choices for {} letters", rules.choices.size(), rules.letters.size()),
        "name more letters with 'letters'");
    return;
  }
  std::set<std::string> distinct;
  for (const std::string& choice : rules.choices) {
    if (!distinct.insert(casefold(trim_spaces(choice))).second) {
      options.wrong("choices", fmt::format("choice '{}' stands twice", choice));
    }
  }
  if (!rules.choices.empty()) {
    rules.letters.resize(rules.choices.size());
  }
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  ChoiceRules rules;
  read_letters(options, rules);
  read_choices(options, rules);
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
