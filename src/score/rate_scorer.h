#pragma once

#include "scores.h"

#include <memory>
#include <optional>
#include <string>
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
[[nodiscard]] Score rated(std::string_view scorer,
                          std::string_view what,
                          const ErrorRate& found,
                          std::string_view answer);

// A rate against the nearest target; everything lives as long as the program.
struct RateKind {
  std::string_view scorer;
  std::string_view what;  // for people
  ErrorRate (*compare)(const std::string& answer, const std::string& target);
};
// With the option ignore_case.
[[nodiscard]] std::unique_ptr<Scorer> make_rate_scorer(const RateKind& kind,
                                                       const suite::ScorerSpec& spec,
                                                       doc::Diagnostics& diagnostics);

}  // namespace faceoff::score
