#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/ranks.h>
#include <faceoff/stats/ratio.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace faceoff::stats {
namespace {

constexpr double kFiellerFrom = 0.1;

// Variances and covariance of the two means.
struct MeanMoments {
  double num = 0.0;
  double den = 0.0;
  double both = 0.0;
};

MeanMoments moments_of(std::span<const double> num, std::span<const double> den) {
  const double n = real(num.size());
  const double centre_num = mean_of(num);
  const double centre_den = mean_of(den);
  double products = 0.0;
  for (std::size_t i = 0; i < num.size(); ++i) {
    products += (num[i] - centre_num) * (den[i] - centre_den);
  }
  const double scale = (n - 1.0) * n;
  return {.num = squares_of(num) / scale, .den = squares_of(den) / scale, .both = products / scale};
}

// The root of Fieller's quadratic; no limits when the denominator may be 0.
Interval fieller_limits(double ratio, const MeanMoments& v, double t_over_den, double g) {
  if (g >= 1.0) {
    return {};
  }
  const double slope = v.den > 0.0 ? v.both / v.den : 0.0;
  const double unexplained = v.den > 0.0 ? v.num - v.both * slope : v.num;
  const double inside = v.num - 2.0 * ratio * v.both + square(ratio) * v.den - g * unexplained;
  const double half = std::abs(t_over_den) * std::sqrt(std::max(0.0, inside));
  const double centre = ratio - g * slope;
  return {.lo = (centre - half) / (1.0 - g), .hi = (centre + half) / (1.0 - g)};
}

// ln b - ln a; empty unless all values are above 0.
std::vector<double> log_ratios(std::span<const double> a, std::span<const double> b) {
  FACEOFF_CHECK(a.size() == b.size(), "paired samples must be of one length");
  const auto positive = [](double value) { return value > 0.0; };
  if (!std::all_of(a.begin(), a.end(), positive) || !std::all_of(b.begin(), b.end(), positive)) {
    return {};
  }
  std::vector<double> result(a.size());
  std::transform(a.begin(), a.end(), b.begin(), result.begin(), [](double from, double to) {
    return std::log(to) - std::log(from);
  });
  return result;
}

std::optional<double> exponent(std::optional<double> value) {
  return value ? std::optional(std::exp(*value)) : std::nullopt;
}

}  // namespace

const Interval& RatioOfSums::preferred() const noexcept {
  return g && *g >= kFiellerFrom ? fieller : interval;
}

RatioOfSums ratio_of_sums_ci(std::span<const double> num,
                             std::span<const double> den,
                             double conf) {
  FACEOFF_CHECK(num.size() == den.size(), "paired samples must be of one length");
  const double whole = sum_of(den);
  if (whole == 0.0) {
    return {};
  }
  const double ratio = sum_of(num) / whole;
  if (num.size() < 2) {
    return {.ratio = ratio};
  }
  const double n = real(num.size());
  const double mean_den = whole / n;
  double residuals = 0.0;
  for (std::size_t i = 0; i < num.size(); ++i) {
    residuals += square(num[i] - ratio * den[i]);
  }
  const double se = std::sqrt(residuals / ((n - 1.0) * n)) / std::abs(mean_den);
  const double t = t_critical(conf, n - 1.0);
  const MeanMoments moments = moments_of(num, den);
  const double g = square(t / mean_den) * moments.den;
  return {.ratio = ratio,
          .se = se,
          .g = g,
          .interval = {.lo = ratio - t * se, .hi = ratio + t * se},
          .fieller = fieller_limits(ratio, moments, t / mean_den, g)};
}

PairedRatio geometric_ratio_ci(std::span<const double> a, std::span<const double> b, double conf) {
  const TTest test = one_sample_t(log_ratios(a, b), conf);
  return {.ratio = exponent(test.diff),
          .interval = {.lo = exponent(test.interval.lo), .hi = exponent(test.interval.hi)},
          .p = test.p};
}

PairedRatio walsh_ratio_ci(std::span<const double> a, std::span<const double> b, double conf) {
  const std::vector<double> logs = log_ratios(a, b);
  if (logs.empty()) {
    return {};
  }
  const HodgesLehmann estimate = hodges_lehmann_paired(logs, conf);
  return {.ratio = exponent(estimate.value),
          .interval = {.lo = exponent(estimate.interval.lo), .hi = exponent(estimate.interval.hi)},
          .p = wilcoxon_signed_rank(logs).p};
}

}  // namespace faceoff::stats
