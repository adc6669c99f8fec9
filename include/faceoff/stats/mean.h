#pragma once

#include <faceoff/stats/interval.h>

#include <optional>
#include <span>

// Means of scores and of paired differences. Values must be finite. One value per independent unit:
// repeats of one prompt are averaged before (repeats.h), clusters have their own header.
namespace faceoff::stats {

[[nodiscard]] std::optional<double> mean(std::span<const double> x);
// With n - 1 in the denominator; null for n < 2.
[[nodiscard]] std::optional<double> variance(std::span<const double> x);
// Correlation of each value with the next one; null for n < 3 or no spread. Above 0.2 in log
// latencies the requests were not independent.
[[nodiscard]] std::optional<double> lag1_autocorrelation(std::span<const double> x);

// mean +- t_{n-1} s / sqrt(n) (Student 1908). n = 1 has a mean and nothing else. Values without any
// spread give an interval of zero width here: bounded_mean_ci and bounded_difference know better.
struct MeanInterval {
  std::optional<double> mean = std::nullopt;
  std::optional<double> sd = std::nullopt;
  std::optional<double> se = std::nullopt;
  std::optional<double> df = std::nullopt;
  Interval interval = {};
};
[[nodiscard]] MeanInterval mean_t_ci(std::span<const double> x, double conf);

// A mean of scores in `range` by Wilson's formula with n_eff = p (1 - p) width^2 / (s^2 / n)
// observations and t_{n-1} in place of z; follows skewed scores where t and the bootstrap are too
// narrow. n_eff is null, and the rule of degenerate_interval holds, for n = 1 or equal scores.
// The effective sample size is Kish's (1965) idea. REQUIRES: every value in `range`, width > 0.
struct BoundedMean {
  std::optional<double> mean = std::nullopt;
  std::optional<double> n_eff = std::nullopt;
  Interval interval = {};
};
[[nodiscard]] BoundedMean bounded_mean_ci(std::span<const double> x, Range range, double conf);

// t, df and p are null where the standard error is 0 or n is too small.
struct TTest {
  std::optional<double> diff = std::nullopt;
  std::optional<double> se = std::nullopt;
  std::optional<double> t = std::nullopt;
  std::optional<double> df = std::nullopt;
  std::optional<double> p = std::nullopt;  // two-sided
  Interval interval = {};
};
// Of the differences d = b - a themselves.
[[nodiscard]] TTest one_sample_t(std::span<const double> d, double conf);
// REQUIRES: a and b are of one length, item by item.
[[nodiscard]] TTest paired_t(std::span<const double> a, std::span<const double> b, double conf);
// Two independent samples (Welch 1947), Satterthwaite's degrees of freedom.
[[nodiscard]] TTest welch_t(std::span<const double> a, std::span<const double> b, double conf);

// As one_sample_t for differences of scores in `score_range`; equal differences, and n = 1, take
// the rule of degenerate_interval on [-width, width], without t and p (sign_flip_test has a p).
[[nodiscard]] TTest bounded_difference(std::span<const double> d, Range score_range, double conf);

// Equivalence by two one-sided tests (Schuirmann 1987). p_lower tests "mean <= low", p_upper "mean
// >= high", p is the larger; `interval` has the level 1 - 2 alpha. REQUIRES: low < high.
struct Tost {
  std::optional<double> diff = std::nullopt;
  std::optional<double> p_lower = std::nullopt;
  std::optional<double> p_upper = std::nullopt;
  std::optional<double> p = std::nullopt;
  Interval interval = {};
};
[[nodiscard]] Tost tost_paired(std::span<const double> d, Range limits, double alpha = 0.05);

}  // namespace faceoff::stats
