#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace faceoff::stats {
namespace {

// Equalities of decimal inputs count: 0.05^1 <= (1 - 0.9) / 2 holds on paper.
constexpr double kTie = 1.0 + 1e-9;

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// The smallest n with share^n <= tail.
std::size_t smallest_power(double share, double tail) {
  const double guess = std::ceil(std::log(tail) / std::log(share)) - 2.0;
  auto n = static_cast<std::size_t>(std::max(1.0, guess));
  while (std::pow(share, real(n)) > tail * kTie) {
    ++n;
  }
  return n;
}

void check_inner(double q) {
  FACEOFF_CHECK(q > 0.0 && q < 1.0, "a quantile with an interval must be inside (0, 1)");
}

}  // namespace

std::optional<double> quantile(std::span<const double> x, double q) {
  FACEOFF_CHECK(q >= 0.0 && q <= 1.0, "a quantile must be inside [0, 1]");
  if (x.empty()) {
    return std::nullopt;
  }
  return finite(quantile_of_sorted(sorted(x), q));
}

QuantileRanks quantile_ranks(std::size_t n, double q, double conf) {
  check_inner(q);
  const double tail = (1.0 - conf) / 2.0 * kTie;
  QuantileRanks result;
  if (n == 0) {
    return result;
  }
  const std::size_t too_high =
      first_true(1, n, [&](std::size_t r) { return binomial_at_most(r - 1, n, q) > tail; });
  const std::size_t high_enough =
      first_true(1, n, [&](std::size_t s) { return binomial_at_least(s, n, q) <= tail; });
  double covered = 1.0;
  if (high_enough <= n) {
    result.hi_rank = high_enough;
    covered = binomial_at_most(high_enough - 1, n, q);
  }
  if (too_high > 1) {
    result.lo_rank = too_high - 1;
    covered -= binomial_at_most(too_high - 2, n, q);
  }
  result.coverage = covered;
  return result;
}

QuantileInterval quantile_ci(std::span<const double> x, double q, double conf) {
  const QuantileRanks ranks = quantile_ranks(x.size(), q, conf);
  QuantileInterval result{.coverage = ranks.coverage};
  if (x.empty()) {
    return result;
  }
  const std::vector<double> ascending = sorted(x);
  result.value = finite(quantile_of_sorted(ascending, q));
  if (ranks.lo_rank) {
    result.interval.lo = finite(ascending[*ranks.lo_rank - 1]);
  }
  if (ranks.hi_rank) {
    result.interval.hi = finite(ascending[*ranks.hi_rank - 1]);
  }
  return result;
}

QuantileMinimum quantile_min_n(double q, double conf) {
  check_inner(q);
  const double tail = (1.0 - conf) / 2.0;
  const std::size_t lower = smallest_power(1.0 - q, tail);
  const std::size_t upper = smallest_power(q, tail);
  return {.lower = lower, .upper = upper, .two_sided = std::max(lower, upper)};
}

}  // namespace faceoff::stats
