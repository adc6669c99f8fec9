#pragma once

#include <faceoff/stats/interval.h>
#include <faceoff/stats/permutation.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

// Resampling of prompts for statistics without a formula (an F1 of a whole set, a correlation, a
// median). No cure for small samples: below n = 50 it is narrower than it says, and for tail
// quantiles it is plainly wrong (quantile.h has their interval).
namespace faceoff::stats {

enum class BootstrapMethod : std::uint8_t { percentile, bca };

struct BootstrapOptions {
  double conf = 0.95;
  BootstrapMethod method = BootstrapMethod::bca;
  std::size_t resamples = 10'000;     // REQUIRES: >= 1
  std::uint64_t seed = kDefaultSeed;  // equal seeds give equal numbers on every machine
};

// Efron 1987: end points are type-7 quantiles of the resampled statistic; bca shifts them by the
// share of resamples below the estimate (ties count half) and by the jackknife's acceleration.
// No ends for fewer than two values, for values without spread, or where all resamples lie on one
// side of the estimate.
[[nodiscard]] Interval bootstrap_mean_ci(std::span<const double> x, BootstrapOptions options = {});

// A statistic of the items with these indices, 0 <= index < n, repeats included.
using IndexStatistic = std::function<double(std::span<const std::size_t>)>;
// REQUIRES: `statistic` is pure and returns a finite value for any indices.
[[nodiscard]] Interval bootstrap_ci(std::size_t n,
                                    const IndexStatistic& statistic,
                                    BootstrapOptions options = {});

// Percentile bootstrap of the type-7 quantile; `options.method` is not read. For quantiles near the
// middle only.
[[nodiscard]] Interval bootstrap_quantile_ci(std::span<const double> x,
                                             double q,
                                             BootstrapOptions options = {});

// Of the mean: sum((m - J_i)^3) / (6 (sum((m - J_i)^2))^1.5) over the leave-one-out means J_i of
// mean m (Efron and Tibshirani 1993, 14.15). Null for n < 2 or no spread.
[[nodiscard]] std::optional<double> jackknife_acceleration(std::span<const double> x);

}  // namespace faceoff::stats
