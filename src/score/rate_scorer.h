#pragma once

#include "scores.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {

struct ErrorRate {
  double edits = 0.0;
  double length = 0.0;  // of the reference
  [[nodiscard]] double rate() const noexcept {
    return length > 0 ? edits / length : edits > 0 ? 1.0 : 0.0;
  }
};

// An error rate as a score: 1 minus the rate, at least 0. `what` names the rate for people.
[[nodiscard]] inline Score rated(std::string_view scorer,
                                 std::string_view what,
                                 const ErrorRate& found,
                                 std::string_view answer) {
  Score score = graded(
      scorer,
      1.0 - found.rate(),
      answer,
      fmt::format(
          "{} {:.4g} ({} edits, reference {})", what, found.rate(), found.edits, found.length));
  score.statistics = Statistics{"rate", {found.edits, found.length}};
  return score;
}

}  // namespace faceoff::score
