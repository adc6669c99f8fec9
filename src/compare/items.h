#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/results.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::compare {

// All repeats of one case, which is the unit of analysis.
struct Item {
  std::uint32_t trials = 0;
  std::uint32_t failed = 0;
  std::uint32_t scored = 0;  // repeats with a score
  std::uint32_t passed = 0;  // ... of 1
  double sum = 0.0;          // of the scores, by repeat
  double squares = 0.0;      // ... and of their squares

  [[nodiscard]] double mean() const noexcept { return sum / scored; }
  // Variance of the mean by the spread of the repeats; absent for one repeat.
  [[nodiscard]] std::optional<double> mean_variance() const noexcept;
  // One repeat with a score of 0 or 1.
  [[nodiscard]] bool binary() const noexcept {
    return trials == 1 && scored == 1 && (sum == 0.0 || sum == 1.0);
  }
};
[[nodiscard]] Item item_of(const Trials& trials, CaseIndex item, OnError on_error);

// The geometric mean over the repeats of a case, as a logarithm; infinite where a time limit
// struck. Absent without a time, or with one that is not above 0.
[[nodiscard]] std::optional<double> log_seconds(const Trials& trials, CaseIndex item, Time time);

// Correlation of the logarithms of successive times by start; absent where starts are not known.
[[nodiscard]] std::optional<double> autocorrelation(const Trials& trials, Time time);

// Every tag of the column's cases once, sorted.
[[nodiscard]] std::vector<std::string> tags_of(const Trials& trials);

// Whether any of the cases declares a cluster, and one number per case in order of first
// appearance; a case without a cluster is one of its own.
struct Clusters {
  std::size_t count = 0;  // 0: none declared
  std::size_t largest = 0;
  std::vector<std::size_t> of;
};
[[nodiscard]] Clusters clusters_of(const CaseTable& cases, std::span<const CaseIndex> items);

}  // namespace faceoff::compare
