#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>
#include <optional>

// Two models on the same n prompts, each answer right or wrong. n10 counts the prompts that only A
// got right, n01 those that only B did; the difference is (n01 - n10) / n. The same functions serve
// wins and losses with ties. REQUIRES everywhere: n10 + n01 <= n; n = 0 gives null.
namespace faceoff::stats {

struct PairedCounts {
  std::size_t n11 = 0;
  std::size_t n10 = 0;
  std::size_t n01 = 0;
  std::size_t n00 = 0;
  [[nodiscard]] std::size_t total() const noexcept { return n11 + n10 + n01 + n00; }
  [[nodiscard]] std::size_t discordant() const noexcept { return n10 + n01; }
  friend bool operator==(const PairedCounts&, const PairedCounts&) = default;
};

// Tests of "both models are equally often right alone". Without a discordant prompt every p is 1.
struct McNemar {
  double p_exact = 1.0;          // conditional binomial
  double p_mid = 1.0;            // mid-p (Fagerland, Lydersen, Laake 2013): the default
  double z = 0.0;                // (n01 - n10) / sqrt(n10 + n01)
  double p_asymptotic = 1.0;     // McNemar 1947, from z
  double p_asymptotic_cc = 1.0;  // with Edwards' continuity correction
};
[[nodiscard]] McNemar mcnemar(std::size_t n10, std::size_t n01);

// Score interval (Tango 1998), the default. A mid-p of at most 0.10, 0.05 or 0.01 implies that the
// interval of the same level excludes 0; the rare reverse cases are "borderline".
[[nodiscard]] Estimate tango_ci(std::size_t n10, std::size_t n01, std::size_t n, double conf);

// The same score against a difference of delta0. With delta0 = -margin, p_greater is the p-value of
// "B is worse by less than the margin" (Tango 1998, section 4). REQUIRES: -1 <= delta0 <= 1.
struct ScoreTest {
  std::optional<double> z = std::nullopt;  // null where the score is unbounded or n = 0
  std::optional<double> p_greater = std::nullopt;
  std::optional<double> p_less = std::nullopt;
  std::optional<double> p_two_sided = std::nullopt;
};
[[nodiscard]] ScoreTest tango_test(std::size_t n10, std::size_t n01, std::size_t n, double delta0);

// Square-and-add of two Wilson intervals with the continuity-corrected phi (Newcombe 1998,
// Statistics in Medicine 17:2635, method 10). Without that correction it covers too little.
[[nodiscard]] Estimate newcombe_paired_ci(const PairedCounts& counts, double conf);

// Wald after adding one to each discordant count and two to n, clipped to [-1, 1] (Bonett and Price
// 2012).
[[nodiscard]] Estimate bonett_price_ci(std::size_t n10,
                                       std::size_t n01,
                                       std::size_t n,
                                       double conf);

// P(B wins a discordant prompt more often than A) under a Beta(prior, prior) prior: 1/2 Jeffreys,
// 1 uniform. About 1 minus the one-sided mid-p. REQUIRES: prior > 0.
[[nodiscard]] double prob_b_better(std::size_t n10, std::size_t n01, double prior = 0.5);

// The fewest discordant prompts, all in one direction, with a mid-p of at most alpha: 5 at 0.05,
// 7 at 0.01. With fewer no result can be significant. REQUIRES: 0 < alpha <= 1.
[[nodiscard]] std::size_t min_discordant(double alpha);

}  // namespace faceoff::stats
