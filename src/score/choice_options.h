#pragma once

#include "choice_text.h"
#include "options.h"

#include <optional>
#include <string>

namespace faceoff::score {

// The options letters and choices.
[[nodiscard]] ChoiceRules read_choice_rules(Options& options);

// Why a case cannot be judged by choices: a target that is none of them.
[[nodiscard]] std::optional<std::string> choice_objection(const suite::Case& item,
                                                          const ChoiceRules& rules);

}  // namespace faceoff::score
