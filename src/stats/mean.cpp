#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>

namespace faceoff::stats {
namespace {

// Completes a t test from its estimate, standard error and degrees of freedom.
TTest t_test(double diff, double se, double df, double conf) {
  const double half = t_critical(conf, df) * se;
  TTest result{
      .diff = diff, .se = se, .df = df, .interval = {.lo = diff - half, .hi = diff + half}};
  if (se > 0.0) {
    result.t = diff / se;
    result.p = t_two_sided(*result.t, df);
  }
  return result;
}

}  // namespace

std::optional<double> mean(std::span<const double> x) {
  if (x.empty()) {
    return std::nullopt;
  }
  return mean_of(x);
}

std::optional<double> variance(std::span<const double> x) {
  if (x.size() < 2) {
    return std::nullopt;
  }
  return squares_of(x) / real(x.size() - 1);
}

std::optional<double> lag1_autocorrelation(std::span<const double> x) {
  if (x.size() < 3 || all_equal(x, magnitude_of(x))) {
    return std::nullopt;
  }
  const double centre = mean_of(x);
  double products = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    products += (x[i] - centre) * (x[i + 1] - centre);
  }
  return products / squares_of(x);
}

MeanInterval mean_t_ci(std::span<const double> x, double conf) {
  MeanInterval result{.mean = mean(x)};
  if (x.size() < 2) {
    return result;
  }
  const double df = real(x.size() - 1);
  const double sd = all_equal(x, magnitude_of(x)) ? 0.0 : std::sqrt(squares_of(x) / df);
  const double se = sd / std::sqrt(real(x.size()));
  const double half = t_critical(conf, df) * se;
  result.sd = sd;
  result.se = se;
  result.df = df;
  result.interval = {.lo = *result.mean - half, .hi = *result.mean + half};
  return result;
}

BoundedMean bounded_mean_ci(std::span<const double> x, Range range, double conf) {
  FACEOFF_CHECK(range.width() > 0.0, "a range of scores must have a width");
  if (x.empty()) {
    return {};
  }
  const double centre = mean_of(x);
  if (x.size() < 2 || all_equal(x, range.width())) {
    return {.mean = centre, .interval = degenerate_interval(centre, range, x.size(), conf)};
  }
  const double df = real(x.size() - 1);
  const double p = (centre - range.lo) / range.width();
  const double variance_of_mean = squares_of(x) / df / real(x.size());
  const double n_eff = p * (1.0 - p) * square(range.width()) / variance_of_mean;
  const Interval unit = wilson_interval(p * n_eff, n_eff, t_critical(conf, df));
  if (!unit.bounded()) {
    return {.mean = centre};
  }
  return {.mean = centre,
          .n_eff = n_eff,
          .interval = {.lo = range.lo + *unit.lo * range.width(),
                       .hi = range.lo + *unit.hi * range.width()}};
}

TTest one_sample_t(std::span<const double> d, double conf) {
  const MeanInterval summary = mean_t_ci(d, conf);
  if (!summary.se) {
    return {.diff = summary.mean};
  }
  return t_test(*summary.mean, *summary.se, *summary.df, conf);
}

TTest paired_t(std::span<const double> a, std::span<const double> b, double conf) {
  return one_sample_t(differences(a, b), conf);
}

TTest welch_t(std::span<const double> a, std::span<const double> b, double conf) {
  if (a.empty() || b.empty()) {
    return {};
  }
  const double diff = mean_of(b) - mean_of(a);
  const std::optional<double> variance_a = variance(a);
  const std::optional<double> variance_b = variance(b);
  if (!variance_a || !variance_b) {
    return {.diff = diff};
  }
  const double part_a = *variance_a / real(a.size());
  const double part_b = *variance_b / real(b.size());
  const double whole = part_a + part_b;
  if (!(whole > 0.0)) {
    return {.diff = diff, .se = 0.0};
  }
  const double df =
      square(whole) / (square(part_a) / real(a.size() - 1) + square(part_b) / real(b.size() - 1));
  return t_test(diff, std::sqrt(whole), df, conf);
}

TTest bounded_difference(std::span<const double> d, Range score_range, double conf) {
  const double width = score_range.width();
  FACEOFF_CHECK(width > 0.0, "a range of scores must have a width");
  if (d.empty()) {
    return {};
  }
  if (d.size() > 1 && !all_equal(d, width)) {
    return one_sample_t(d, conf);
  }
  const double diff = mean_of(d);
  return {.diff = diff,
          .interval = degenerate_interval(diff, {.lo = -width, .hi = width}, d.size(), conf)};
}

Tost tost_paired(std::span<const double> d, Range limits, double alpha) {
  FACEOFF_CHECK(limits.width() > 0.0, "the limits of equivalence must be apart");
  const TTest test = one_sample_t(d, 1.0 - 2.0 * alpha);
  Tost result{.diff = test.diff, .interval = test.interval};
  if (!test.t) {
    return result;
  }
  result.p_lower = t_cdf((limits.lo - *test.diff) / *test.se, *test.df);
  result.p_upper = t_cdf((*test.diff - limits.hi) / *test.se, *test.df);
  result.p = std::max(*result.p_lower, *result.p_upper);
  return result;
}

}  // namespace faceoff::stats
