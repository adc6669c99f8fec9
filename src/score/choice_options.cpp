#include "choice_options.h"

#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

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

}  // namespace

ChoiceRules read_choice_rules(Options& options) {
  ChoiceRules rules;
  read_letters(options, rules);
  read_choices(options, rules);
  return rules;
}

std::optional<std::string> choice_objection(const suite::Case& item, const ChoiceRules& rules) {
  const auto bad = std::ranges::find_if(
      item.targets, [&](const std::string& target) { return !choice_of_target(target, rules); });
  return bad == item.targets.end()
             ? std::nullopt
             : std::optional(fmt::format(
                   "the target '{}' is none of the choices {}", clip(*bad, 60), rules.letters));
}

}  // namespace faceoff::score
