#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/decision.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>

namespace faceoff::stats {
namespace {

void check(const GateOptions& options) {
  FACEOFF_CHECK(options.alpha > 0.0 && options.alpha < 0.5, "alpha must be inside (0, 0.5)");
  FACEOFF_CHECK(options.margin >= 0.0, "a margin is not negative");
}

// One-sided p-values against a difference of -margin, with the bounds that belong to them.
struct OneSided {
  std::optional<double> p_worse = std::nullopt;      // small: a drop of more than the margin
  std::optional<double> p_not_worse = std::nullopt;  // small: a drop of less than the margin
  Interval bounds = {};
};

OneSided score_sides(std::size_t n10, std::size_t n01, std::size_t n, const GateOptions& options) {
  check(options);
  const ScoreTest test = tango_test(n10, n01, n, -std::min(1.0, options.margin));
  return {.p_worse = test.p_less,
          .p_not_worse = test.p_greater,
          .bounds = tango_ci(n10, n01, n, 1.0 - 2.0 * options.alpha).interval};
}

OneSided t_sides(const TTest& difference, const GateOptions& options) {
  check(options);
  if (!difference.diff || !difference.se || !difference.df || !(*difference.se > 0.0)) {
    // Equal differences carry no error; the interval the caller gave is all there is.
    return {.bounds = difference.interval};
  }
  const double half = t_critical(1.0 - 2.0 * options.alpha, *difference.df) * *difference.se;
  const double t = (*difference.diff + options.margin) / *difference.se;
  return {.p_worse = t_cdf(t, *difference.df),
          .p_not_worse = t_cdf(-t, *difference.df),
          .bounds = {.lo = *difference.diff - half, .hi = *difference.diff + half}};
}

GateResult alarm(std::optional<double> p, const Interval& bounds, double alpha) {
  if (!p) {
    return {.bounds = bounds};
  }
  return {.decision = *p <= alpha ? Decision::fail : Decision::pass, .p = p, .bounds = bounds};
}

GateResult non_inferiority(const OneSided& sides, double alpha) {
  if (!sides.p_not_worse || !sides.p_worse) {
    return {.bounds = sides.bounds};
  }
  GateResult result{.p = sides.p_not_worse, .bounds = sides.bounds};
  if (*sides.p_not_worse <= alpha) {
    result.decision = Decision::pass;
  } else if (*sides.p_worse <= alpha) {
    result.decision = Decision::fail;
  }
  return result;
}

// With no spread in the differences the bounds alone decide.
GateResult decide_by_bounds(const Interval& bounds, double margin) {
  GateResult result{.bounds = bounds};
  if (bounds.lo && *bounds.lo > -margin) {
    result.decision = Decision::pass;
  } else if (bounds.hi && *bounds.hi < -margin) {
    result.decision = Decision::fail;
  }
  return result;
}

}  // namespace

GateResult alarm_gate(std::size_t n10, std::size_t n01, std::size_t n, GateOptions options) {
  OneSided sides = score_sides(n10, n01, n, options);
  if (options.margin == 0.0 && n > 0) {
    const double half = mcnemar(n10, n01).p_mid / 2.0;
    sides.p_worse = n10 > n01 ? half : 1.0 - half;
  }
  return alarm(sides.p_worse, sides.bounds, options.alpha);
}

GateResult alarm_gate(const TTest& difference, GateOptions options) {
  const OneSided sides = t_sides(difference, options);
  if (sides.p_worse || !difference.interval.bounded()) {
    return alarm(sides.p_worse, sides.bounds, options.alpha);
  }
  GateResult result = decide_by_bounds(sides.bounds, options.margin);
  result.decision = result.decision == Decision::fail ? Decision::fail : Decision::pass;
  return result;
}

GateResult non_inferiority_gate(std::size_t n10,
                                std::size_t n01,
                                std::size_t n,
                                GateOptions options) {
  return non_inferiority(score_sides(n10, n01, n, options), options.alpha);
}

GateResult non_inferiority_gate(const TTest& difference, GateOptions options) {
  const OneSided sides = t_sides(difference, options);
  if (sides.p_not_worse) {
    return non_inferiority(sides, options.alpha);
  }
  return decide_by_bounds(sides.bounds, options.margin);
}

GateResult threshold_gate(std::size_t x, std::size_t n, double threshold, GateOptions options) {
  check(options);
  if (n == 0) {
    return {};
  }
  GateResult result{.p = binomial_test(x, n, threshold, Alternative::greater),
                    .bounds = clopper_pearson_ci(x, n, 1.0 - 2.0 * options.alpha).interval};
  if (*result.bounds.lo >= threshold) {
    result.decision = Decision::pass;
  } else if (*result.bounds.hi < threshold) {
    result.decision = Decision::fail;
  }
  return result;
}

double raw_drop_false_alarm(std::size_t n, double psi, double max_drop) {
  double alarms = 0.0;
  for (std::size_t m = 1; m <= n; ++m) {
    // n10 - n01 = 2 n10 - m must exceed max_drop n; a drop that equals it on paper does not.
    const double limit = (real(m) + max_drop * real(n)) / 2.0;
    const double least = std::max(0.0, std::floor(limit + 1e-9) + 1.0);
    if (least <= real(m)) {
      alarms +=
          binomial_pmf(m, n, psi) * binomial_at_least(static_cast<std::size_t>(least), m, 0.5);
    }
  }
  return alarms;
}

}  // namespace faceoff::stats
