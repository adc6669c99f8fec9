#pragma once

#include <faceoff/stats/interval.h>

#include <optional>
#include <span>

// Ratios: tokens per second, cost per correct answer, "takes 0.55 times as long".
namespace faceoff::stats {

// sum(num) / sum(den), one value per prompt: linearised standard error (Cochran 1977, 6.4) with
// t_{n-1}, and the limits of Fieller (1954), which are to be preferred from g = 0.1 on, where g =
// t^2 var(mean den) / (mean den)^2. At g >= 1 the denominator may be 0 and Fieller has no limits.
// Null ratio where sum(den) = 0, null errors for n < 2. REQUIRES: equal lengths.
struct RatioOfSums {
  std::optional<double> ratio = std::nullopt;
  std::optional<double> se = std::nullopt;
  std::optional<double> g = std::nullopt;
  Interval interval = {};
  Interval fieller = {};
  // The one to show: Fieller's from g = 0.1 on.
  [[nodiscard]] const Interval& preferred() const noexcept;
};
[[nodiscard]] RatioOfSums ratio_of_sums_ci(std::span<const double> num,
                                           std::span<const double> den,
                                           double conf);

// Both ratios are b / a on the same prompts, from ln b - ln a; above 1 the candidate takes longer.
// Null unless every value is above 0. REQUIRES: equal lengths.
struct PairedRatio {
  std::optional<double> ratio = std::nullopt;
  Interval interval = {};
  std::optional<double> p = std::nullopt;
};
// Geometric mean, paired t on the logarithms.
[[nodiscard]] PairedRatio geometric_ratio_ci(std::span<const double> a,
                                             std::span<const double> b,
                                             double conf);
// Hodges-Lehmann estimate of the logarithms with the Wilcoxon signed-rank test, the default for
// latency: a few slow outliers do not move it.
[[nodiscard]] PairedRatio walsh_ratio_ci(std::span<const double> a,
                                         std::span<const double> b,
                                         double conf);

}  // namespace faceoff::stats
