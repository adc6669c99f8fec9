#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>

// One share x of n: how often one model was right. Observations must be independent: repeats of one
// prompt are averaged first (mean.h), prompts of one source are clustered (cluster.h).
// n = 0 gives null for the estimate and both ends. REQUIRES: x <= n.
namespace faceoff::stats {

// Score interval, no continuity correction (Wilson 1927). The default for a 0/1 score: near its
// nominal level from n = 10 on, inside [0, 1], and not of zero width at 0 or n.
[[nodiscard]] Estimate wilson_ci(std::size_t x, std::size_t n, double conf);

// The same formula for an effective number of observations and any quantile, e.g. of Student's t:
// `successes` of `n` need not be whole. Null for n <= 0.
[[nodiscard]] Interval wilson_interval(double successes, double n, double quantile);

// Never below its nominal level, therefore wider (Clopper and Pearson 1934). For a gate that must
// guarantee a level.
[[nodiscard]] Estimate clopper_pearson_ci(std::size_t x, std::size_t n, double conf);

// Equal-tailed Beta(x + 1/2, n - x + 1/2), with 0 at x = 0 and 1 at x = n (Brown, Cai, DasGupta
// 2001).
[[nodiscard]] Estimate jeffreys_ci(std::size_t x, std::size_t n, double conf);

struct BetaPrior {
  double a = 1.0;
  double b = 1.0;
};

// Posterior mean and equal-tailed interval of Beta(a + x, b + n - x), without a boundary fix
// (Bowyer, Aitchison, Ivanova 2025 use a = b = 1). Defined for n = 0. REQUIRES: a > 0, b > 0.
[[nodiscard]] Estimate beta_credible_ci(std::size_t x, std::size_t n, BetaPrior prior, double conf);

// Exact test of a share against p0. Two-sided adds up every outcome that is not more likely than
// x, within a relative 1e-7 (the rule of R's binom.test). 1 for n = 0. REQUIRES: 0 <= p0 <= 1.
[[nodiscard]] double binomial_test(std::size_t x,
                                   std::size_t n,
                                   double p0,
                                   Alternative alternative = Alternative::two_sided);

struct Share {
  std::size_t x = 0;
  std::size_t n = 0;
};

// B - A of two independent samples by squaring and adding two Wilson intervals (Newcombe 1998,
// Statistics in Medicine 17:873, method 10). For different prompts, or where only totals are known;
// on the same prompts it throws the pairing away.
[[nodiscard]] Estimate newcombe_independent_ci(Share a, Share b, double conf);

}  // namespace faceoff::stats
