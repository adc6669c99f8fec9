#include "gate_math.h"

#include <faceoff/stats/decision.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>

namespace faceoff::compare {
namespace {

constexpr stats::Range kDifferences{-1.0, 1.0};
constexpr stats::Range kScores{0.0, 1.0};
constexpr double kMostCases = 1e7;

std::size_t units_of(const Comparison& c) {
  return static_cast<std::size_t>(c.clusters > 0 ? c.clusters : c.n_pairs);
}

// Of n equal values v: the level at which the range of degenerate_interval reaches `to` from v, as
// a one-sided p.
double degenerate_p(double v, double to, double end, std::size_t n) {
  const double rest = std::abs(end - v);
  if (rest <= 0.0) {
    return 1.0;
  }
  const double left = std::clamp(1.0 - std::abs(to - v) / rest, 0.0, 1.0);
  return std::min(0.5, std::pow(left, static_cast<double>(n)) / 2.0);
}

// p_less and p_greater of equal values against `to`.
SidedTest degenerate_test(double v, double to, stats::Range range, std::size_t n) {
  if (v < to) {
    const double p = degenerate_p(v, to, range.hi, n);
    return {p, 1.0 - p};
  }
  if (v > to) {
    const double p = degenerate_p(v, to, range.lo, n);
    return {1.0 - p, p};
  }
  return {0.5, 0.5};
}

std::optional<std::uint64_t> whole(double cases) {
  if (!(cases > 0.0) || cases > kMostCases) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(std::ceil(cases));
}

// A run that could end early has an interval that holds at any time, and no test but its own.
bool is_sequential(const Comparison& c) {
  return c.test.name == "e-value";
}

}  // namespace

bool is_comparative(GateKind kind) noexcept {
  return kind != GateKind::score && kind != GateKind::quantile && kind != GateKind::error_rate &&
         kind != GateKind::cost;
}

bool is_tested(GateKind kind) noexcept {
  return kind != GateKind::max_drop && kind != GateKind::cost;
}

SidedTest difference_test(const Comparison& c, double delta) {
  if (!c.estimate.value || (c.clusters > 0 && !c.estimate.lo)) {
    return {};
  }
  if (is_sequential(c)) {
    const double level = 1.0 - c.estimate.conf;
    return {.p_less = c.estimate.hi && *c.estimate.hi < delta ? level : 1.0,
            .p_greater = c.estimate.lo && *c.estimate.lo > delta ? level : 1.0};
  }
  if (c.counts) {
    const stats::ScoreTest test = stats::tango_test(c.counts->n10, c.counts->n01, c.n_pairs, delta);
    return {test.p_less, test.p_greater};
  }
  if (c.estimate.se && c.estimate.df && *c.estimate.se > 0.0) {
    const double t = (*c.estimate.value - delta) / *c.estimate.se;
    return {stats::t_cdf(t, *c.estimate.df), stats::t_cdf(-t, *c.estimate.df)};
  }
  return degenerate_test(*c.estimate.value, delta, kDifferences, units_of(c));
}

stats::Interval difference_bounds(const Comparison& c, double alpha) {
  const double conf = 1.0 - 2.0 * alpha;
  if (!c.estimate.value || (c.clusters > 0 && !c.estimate.lo)) {
    return {};
  }
  if (is_sequential(c)) {
    return {.lo = c.estimate.lo, .hi = c.estimate.hi};
  }
  if (c.counts) {
    return stats::tango_ci(c.counts->n10, c.counts->n01, c.n_pairs, conf).interval;
  }
  if (c.estimate.se && c.estimate.df && *c.estimate.se > 0.0) {
    const double half = stats::t_critical(conf, *c.estimate.df) * *c.estimate.se;
    return {.lo = *c.estimate.value - half, .hi = *c.estimate.value + half};
  }
  return stats::degenerate_interval(*c.estimate.value, kDifferences, units_of(c), conf);
}

std::optional<double> drop_p(const Comparison& c) {
  if (!c.estimate.value || !c.test.p || (c.clusters > 0 && !c.estimate.lo)) {
    return std::nullopt;
  }
  if (is_sequential(c)) {
    return *c.estimate.value < 0.0 ? *c.test.p : 1.0;
  }
  return *c.estimate.value < 0.0 ? *c.test.p / 2.0 : 1.0 - *c.test.p / 2.0;
}

std::optional<double> difference_error(const Comparison& c) {
  if (c.n_pairs == 0) {
    return std::nullopt;
  }
  if (c.estimate.se && *c.estimate.se > 0.0) {
    return c.estimate.se;
  }
  const auto n = static_cast<double>(c.n_pairs);
  const auto differing = static_cast<double>(c.n_higher + c.n_lower);
  return std::sqrt((differing + 1.0) / (n + 2.0) / n);
}

ShareTest share_test(std::uint64_t x, std::uint64_t n, double threshold, double alpha) {
  ShareTest out{.method = "clopper-pearson"};
  if (n == 0) {
    return out;
  }
  out.p_below = stats::binomial_test(x, n, threshold, stats::Alternative::less);
  out.p_above = stats::binomial_test(x, n, threshold, stats::Alternative::greater);
  out.bounds = stats::clopper_pearson_ci(x, n, 1.0 - 2.0 * alpha).interval;
  return out;
}

ShareTest score_test(const ScoreEstimate& score, double threshold, double alpha) {
  if (score.passed && score.clusters == 0) {
    return share_test(*score.passed, score.n, threshold, alpha);
  }
  ShareTest out{.method = "wilson-neff"};
  if (!score.value || score.method.empty()) {
    return out;
  }
  if (score.n_eff && score.df) {
    const double error = std::sqrt(threshold * (1.0 - threshold) / *score.n_eff);
    const double t = (*score.value - threshold) / error;
    out.p_below = stats::t_cdf(t, *score.df);
    out.p_above = stats::t_cdf(-t, *score.df);
    out.bounds = stats::wilson_interval(
        *score.value * *score.n_eff, *score.n_eff, stats::t_critical(1.0 - 2.0 * alpha, *score.df));
    return out;
  }
  const auto units = static_cast<std::size_t>(score.clusters > 0 ? score.clusters : score.n);
  const SidedTest test = degenerate_test(*score.value, threshold, kScores, units);
  out.method = "degenerate";
  out.p_below = test.p_less;
  out.p_above = test.p_greater;
  out.bounds = stats::degenerate_interval(*score.value, kScores, units, 1.0 - 2.0 * alpha);
  return out;
}

std::optional<std::uint64_t> cases_for(double se,
                                       std::uint64_t now,
                                       double distance,
                                       const GateOptions& options) {
  if (!(distance > 0.0)) {
    return std::nullopt;
  }
  const double z =
      stats::normal_quantile(1.0 - options.alpha) + stats::normal_quantile(options.power);
  const double ratio = z * se / distance;
  return whole(static_cast<double>(now) * ratio * ratio);
}

std::optional<std::uint64_t> cases_for_share(double p,
                                             double threshold,
                                             double alpha,
                                             double power) {
  const double distance = std::abs(p - threshold);
  if (!(distance > 0.0)) {
    return std::nullopt;
  }
  const double root =
      stats::normal_quantile(1.0 - alpha) * std::sqrt(threshold * (1.0 - threshold)) +
      stats::normal_quantile(power) * std::sqrt(p * (1.0 - p));
  return whole(root * root / (distance * distance));
}

}  // namespace faceoff::compare
