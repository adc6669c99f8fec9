#pragma once

#include <faceoff/stats/interval.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// How well two judges, or a judge and people, agree beyond chance. Null where chance agreement is
// complete (everybody always gave one and the same mark).
namespace faceoff::stats {

enum class KappaWeights : std::uint8_t { none, linear, quadratic };

// Cohen's kappa (1960, weighted 1968) of a square table of counts, row: first rater, column:
// second. Large-sample standard error of Fleiss, Cohen and Everitt (1969); the normal interval is
// not clipped. At least 50 doubly rated items are advisable.
struct Kappa {
  std::optional<double> kappa = std::nullopt;
  std::optional<double> se = std::nullopt;
  Interval interval = {};
};
[[nodiscard]] Kappa cohen_kappa(std::span<const std::vector<double>> table,
                                KappaWeights weights,
                                double conf = 0.95);

// Fleiss (1971): counts[i][c] raters put item i into category c. REQUIRES: the same number of
// raters, at least two, for every item.
[[nodiscard]] std::optional<double> fleiss_kappa(std::span<const std::vector<double>> counts);

enum class MeasurementLevel : std::uint8_t { nominal, ordinal, interval, ratio };

// Krippendorff's alpha ("Computing Krippendorff's alpha-reliability", 2011): units[u] holds the
// ratings of one item, null for a missing one. Items with fewer than two ratings are dropped.
[[nodiscard]] std::optional<double> krippendorff_alpha(
    std::span<const std::vector<std::optional<double>>> units, MeasurementLevel level);

}  // namespace faceoff::stats
