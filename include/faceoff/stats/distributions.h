#pragma once

#include <cstddef>

// The distributions that the other headers are built on. Values agree with 40-digit references to
// 1e-12 or better. Arguments outside the stated domain are a defect of the caller and abort.
namespace faceoff::stats {

// P(Z <= x), accurate in both tails.
[[nodiscard]] double normal_cdf(double x);
// P(|Z| >= |z|).
[[nodiscard]] double normal_two_sided(double z);
// REQUIRES: 0 < p < 1.
[[nodiscard]] double normal_quantile(double p);
// z_{1 - alpha/2} of a two-sided level, alpha = 1 - conf. REQUIRES: 0 < conf < 1.
[[nodiscard]] double normal_critical(double conf);

// Student's t; the degrees of freedom need not be whole (Welch, Satterthwaite). REQUIRES: df > 0.
[[nodiscard]] double t_cdf(double x, double df);
[[nodiscard]] double t_two_sided(double t, double df);
// REQUIRES: 0 < p < 1, df > 0.
[[nodiscard]] double t_quantile(double p, double df);
[[nodiscard]] double t_critical(double conf, double df);

// The regularised incomplete beta function I_x(a, b) = P(Beta(a, b) <= x).
// REQUIRES: 0 <= x <= 1, a > 0, b > 0.
[[nodiscard]] double beta_cdf(double x, double a, double b);
// REQUIRES: 0 <= p <= 1, a > 0, b > 0.
[[nodiscard]] double beta_quantile(double p, double a, double b);
// ln B(a, b). REQUIRES: a > 0, b > 0.
[[nodiscard]] double log_beta(double a, double b);

// X ~ Bin(n, p): P(X = k), P(X <= k), P(X >= k). REQUIRES: 0 <= p <= 1.
[[nodiscard]] double binomial_pmf(std::size_t k, std::size_t n, double p);
[[nodiscard]] double binomial_at_most(std::size_t k, std::size_t n, double p);
[[nodiscard]] double binomial_at_least(std::size_t k, std::size_t n, double p);

// P(chi-squared with df degrees of freedom > x); 1 for x <= 0. REQUIRES: df > 0.
[[nodiscard]] double chi2_sf(double x, double df);

}  // namespace faceoff::stats
