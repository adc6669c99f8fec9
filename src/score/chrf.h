#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// sacreBLEU 2.x (metrics/chrf.py), step by step.
struct ChrfRules {
  std::size_t characters = 6;  // longest n-gram of characters
  std::size_t words = 0;       // longest n-gram of words: 2 for chrF++
  double beta = 2.0;
  bool lowercase = false;
  bool whitespace = false;  // keep blanks in n-grams of characters
  bool eps_smoothing = false;
};

// For each order the n-grams of the hypothesis, of the reference, and the common ones, against the
// reference that gives the highest score.
[[nodiscard]] std::vector<double> chrf_counts(std::string_view hypothesis,
                                              std::span<const std::string> references,
                                              const ChrfRules& rules);
// chrF in [0, 100]. REQUIRES: 3 × order counts.
[[nodiscard]] double chrf(std::span<const double> counts, double beta, bool eps_smoothing);

}  // namespace faceoff::score
