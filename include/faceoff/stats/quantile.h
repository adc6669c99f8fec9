#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>
#include <optional>
#include <span>

// Quantiles of latencies. A time-out is +infinity, never left out: a quantile or an end that falls
// on it is null. Input that is already sorted is not sorted again.
namespace faceoff::stats {

// Linear interpolation at h = (n - 1) q (Hyndman and Fan 1996, type 7; the default of R and numpy).
// Null for no data. REQUIRES: 0 <= q <= 1, no NaN.
[[nodiscard]] std::optional<double> quantile(std::span<const double> x, double q);

// 1-based ranks of the order statistics that enclose the q-quantile with `conf`, alpha / 2 on each
// side (Hahn and Meeker 1991, 5.2): lo_rank is the largest r with P(Bin(n, q) <= r - 1) <= alpha/2,
// hi_rank the smallest s with P(Bin(n, q) >= s) <= alpha/2. Null: n is too small for that end.
// Holds for any distribution. REQUIRES: 0 < q < 1.
struct QuantileRanks {
  std::optional<std::size_t> lo_rank = std::nullopt;
  std::optional<std::size_t> hi_rank = std::nullopt;
  double coverage = 1.0;
};
[[nodiscard]] QuantileRanks quantile_ranks(std::size_t n, double q, double conf);

struct QuantileInterval {
  std::optional<double> value = std::nullopt;
  Interval interval = {};
  double coverage = 1.0;  // the level reached, at least `conf`
};
[[nodiscard]] QuantileInterval quantile_ci(std::span<const double> x, double q, double conf);

// The smallest n at which the ends exist: 36 for p90, 72 for p95, 368 for p99 at 95 %.
struct QuantileMinimum {
  std::size_t lower = 0;
  std::size_t upper = 0;
  std::size_t two_sided = 0;
};
[[nodiscard]] QuantileMinimum quantile_min_n(double q, double conf);

}  // namespace faceoff::stats
