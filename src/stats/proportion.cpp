#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>

namespace faceoff::stats {
namespace {

void check_counts(std::size_t x, std::size_t n) {
  FACEOFF_CHECK(x <= n, "a count cannot exceed the number of observations");
}

// Both tails of "not more likely than x". The probabilities fall away from the mode, so the far
// tail begins where they first get as small as at x.
double two_sided_binomial(std::size_t x, std::size_t n, double p0) {
  const double centre = real(n) * p0;
  const double limit = binomial_pmf(x, n, p0) * (1.0 + 1e-7);
  if (real(x) == centre) {
    return 1.0;
  }
  if (real(x) < centre) {
    const std::size_t far = first_true(static_cast<std::size_t>(std::ceil(centre)), n, [&](auto k) {
      return binomial_pmf(k, n, p0) <= limit;
    });
    return std::min(1.0, binomial_at_most(x, n, p0) + binomial_at_least(far, n, p0));
  }
  const std::size_t above = first_true(0,
                                       static_cast<std::size_t>(std::floor(centre)),
                                       [&](auto k) { return binomial_pmf(k, n, p0) > limit; });
  const double near = binomial_at_least(x, n, p0);
  return above == 0 ? near : std::min(1.0, near + binomial_at_most(above - 1, n, p0));
}

}  // namespace

Interval wilson_interval(double successes, double n, double quantile) {
  if (!(n > 0.0)) {
    return {};
  }
  const double p = successes / n;
  const double z2 = square(quantile);
  const double shrink = 1.0 + z2 / n;
  const double centre = (p + z2 / (2.0 * n)) / shrink;
  const double half =
      quantile * std::sqrt(std::max(0.0, p * (1.0 - p)) / n + z2 / (4.0 * n * n)) / shrink;
  return {.lo = successes <= 0.0 ? 0.0 : std::max(0.0, centre - half),
          .hi = successes >= n ? 1.0 : std::min(1.0, centre + half)};
}

Estimate wilson_ci(std::size_t x, std::size_t n, double conf) {
  check_counts(x, n);
  if (n == 0) {
    return {};
  }
  return {.value = real(x) / real(n),
          .interval = wilson_interval(real(x), real(n), normal_critical(conf))};
}

Estimate clopper_pearson_ci(std::size_t x, std::size_t n, double conf) {
  check_counts(x, n);
  if (n == 0) {
    return {};
  }
  const double tail = (1.0 - conf) / 2.0;
  const double lo = x == 0 ? 0.0 : beta_quantile(tail, real(x), real(n - x) + 1.0);
  const double hi = x == n ? 1.0 : beta_quantile(1.0 - tail, real(x) + 1.0, real(n - x));
  return {.value = real(x) / real(n), .interval = {.lo = lo, .hi = hi}};
}

Estimate jeffreys_ci(std::size_t x, std::size_t n, double conf) {
  check_counts(x, n);
  if (n == 0) {
    return {};
  }
  const double tail = (1.0 - conf) / 2.0;
  const double a = real(x) + 0.5;
  const double b = real(n - x) + 0.5;
  return {.value = real(x) / real(n),
          .interval = {.lo = x == 0 ? 0.0 : beta_quantile(tail, a, b),
                       .hi = x == n ? 1.0 : beta_quantile(1.0 - tail, a, b)}};
}

Estimate beta_credible_ci(std::size_t x, std::size_t n, BetaPrior prior, double conf) {
  check_counts(x, n);
  const double tail = (1.0 - conf) / 2.0;
  const double a = prior.a + real(x);
  const double b = prior.b + real(n - x);
  return {.value = a / (a + b),
          .interval = {.lo = beta_quantile(tail, a, b), .hi = beta_quantile(1.0 - tail, a, b)}};
}

double binomial_test(std::size_t x, std::size_t n, double p0, Alternative alternative) {
  check_counts(x, n);
  switch (alternative) {
    case Alternative::less:
      return binomial_at_most(x, n, p0);
    case Alternative::greater:
      return binomial_at_least(x, n, p0);
    case Alternative::two_sided:
      break;
  }
  return two_sided_binomial(x, n, p0);
}

Estimate newcombe_independent_ci(Share a, Share b, double conf) {
  const Estimate from = wilson_ci(a.x, a.n, conf);
  const Estimate to = wilson_ci(b.x, b.n, conf);
  if (!from.value || !to.value) {
    return {};
  }
  const double diff = *to.value - *from.value;
  const double down = std::hypot(*to.value - *to.interval.lo, *from.interval.hi - *from.value);
  const double up = std::hypot(*to.interval.hi - *to.value, *from.value - *from.interval.lo);
  return {.value = diff, .interval = {.lo = diff - down, .hi = diff + up}};
}

}  // namespace faceoff::stats
