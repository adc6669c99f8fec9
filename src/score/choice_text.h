#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

struct ChoiceRules {
  std::string letters = "ABCDEFGHIJ";  // capital ASCII letters, none twice
  std::vector<std::string> choices;    // their texts, in the order of the letters; may be empty
};

// How a letter was found; in the order in which the ways are tried.
enum class ChoiceRule : std::uint8_t {
  whole,      // the answer is the letter: "B", "(b)", "**B.**"
  text,       // the answer is the text of a choice
  answer_is,  // "the answer is (B)", "the correct option is B"
  answer,     // "Answer: B"
  opening,    // "B) Paris, because": opens the answer, and no other line opens like that
  naming,     // the text of exactly one choice stands in the answer
  bold,       // "**B**", "\boxed{B}"
  brackets,   // "(B)"
  bracket,    // "B)"
  period,     // "B." at the beginning or the end of a line
  option,     // "option B"
  last_line,  // a lone letter is the last line
  last_lone,  // the last capital letter that stands alone
};
[[nodiscard]] std::string_view describe(ChoiceRule rule) noexcept;

struct ChoiceFound {
  char letter;
  ChoiceRule rule;
};

// The choice that `text` makes; nullopt when it makes none or names two at once ("A or B"). Of
// several letters that one rule finds, the last counts. A list of choices that the answer repeats
// makes none, and neither do the article "A" and the pronoun "I". Takes time linear in the text.
[[nodiscard]] std::optional<ChoiceFound> find_choice(std::string_view text,
                                                     const ChoiceRules& rules);

// The letter of a target: a letter itself, or the text of a choice.
[[nodiscard]] std::optional<char> choice_of_target(std::string_view target,
                                                   const ChoiceRules& rules);

}  // namespace faceoff::score
