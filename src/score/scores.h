#pragma once

#include "words.h"

#include <faceoff/score/scorer.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace faceoff::score {

// The two-valued score of an answer that could be judged; `answer` is cut for the record.
[[nodiscard]] inline Score passed_or_not(std::string_view scorer,
                                         bool passed,
                                         std::string_view answer,
                                         std::string reason) {
  return {.scorer = std::string(scorer),
          .verdict = Verdict::scored,
          .value = passed ? 1.0 : 0.0,
          .answer = clip(answer),
          .reason = std::move(reason)};
}

// A score between 0 and 1; rounding errors beyond them are cut.
[[nodiscard]] inline Score graded(std::string_view scorer,
                                  double value,
                                  std::string_view answer,
                                  std::string reason) {
  Score score = passed_or_not(scorer, false, answer, std::move(reason));
  score.value = std::clamp(value, 0.0, 1.0);
  return score;
}

[[nodiscard]] inline Score not_judged(std::string_view scorer,
                                      Verdict verdict,
                                      std::string reason) {
  return {.scorer = std::string(scorer),
          .verdict = verdict,
          .value = 0.0,
          .answer = std::nullopt,
          .reason = std::move(reason)};
}

// "'42'" or, for several, "one of 3 targets".
[[nodiscard]] inline std::string name_targets(const suite::Case& item) {
  return item.targets.size() == 1 ? "'" + clip(item.targets.front(), 60) + "'"
                                  : "one of " + std::to_string(item.targets.size()) + " targets";
}

}  // namespace faceoff::score
