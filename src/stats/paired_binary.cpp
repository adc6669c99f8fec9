#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace faceoff::stats {
namespace {

void check_discordant(std::size_t n10, std::size_t n01, std::size_t n) {
  FACEOFF_CHECK(n10 <= n && n01 <= n - n10, "discordant prompts cannot exceed all prompts");
}

// Tango's score at a difference of `delta`; falls from +infinity to -infinity as delta grows.
double tango_score(double n10, double n01, double n, double delta) {
  const double a = 2.0 * n;
  const double b = -n01 - n10 + (2.0 * n - n01 + n10) * delta;
  const double c = -n10 * delta * (1.0 - delta);
  const double root = std::sqrt(std::max(0.0, b * b - 4.0 * a * c));
  // The textbook form cancels for b > 0.
  const double q = b > 0.0 ? -2.0 * c / (b + root) : (root - b) / (2.0 * a);
  const double variance = n * (2.0 * q + delta * (1.0 - delta));
  const double numerator = n01 - n10 - n * delta;
  if (numerator == 0.0) {
    return 0.0;
  }
  if (variance <= 0.0) {
    return std::copysign(std::numeric_limits<double>::infinity(), numerator);
  }
  return numerator / std::sqrt(variance);
}

// Where the score passes `level` between `low` and `high`.
double tango_root(const PairedCounts& counts, double level, double low, double high) {
  const double n = real(counts.total());
  while (true) {
    const double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high) {
      return middle;
    }
    if (tango_score(real(counts.n10), real(counts.n01), n, middle) > level) {
      low = middle;
    } else {
      high = middle;
    }
  }
}

// Newcombe's phi of the 2x2 table with his continuity correction.
double corrected_phi(const PairedCounts& counts) {
  const double n = real(counts.total());
  const double first = real(counts.n11 + counts.n10);
  const double second = real(counts.n11 + counts.n01);
  const double product = first * (n - first) * second * (n - second);
  if (product <= 0.0) {
    return 0.0;
  }
  double q = real(counts.n11) * real(counts.n00) - real(counts.n10) * real(counts.n01);
  if (q > n / 2.0) {
    q -= n / 2.0;
  } else if (q >= 0.0) {
    q = 0.0;
  }
  return q / std::sqrt(product);
}

double square_and_add(double one, double other, double phi) {
  return std::sqrt(std::max(0.0, square(one) - 2.0 * phi * one * other + square(other)));
}

}  // namespace

McNemar mcnemar(std::size_t n10, std::size_t n01) {
  const std::size_t m = n10 + n01;
  if (m == 0) {
    return {};
  }
  const std::size_t fewer = std::min(n10, n01);
  const double tail = 2.0 * binomial_at_most(fewer, m, 0.5);
  const double gap = std::abs(real(n01) - real(n10));
  const double root = std::sqrt(real(m));
  const double z = (real(n01) - real(n10)) / root;
  return {.p_exact = std::min(1.0, tail),
          .p_mid = std::min(1.0, tail - binomial_pmf(fewer, m, 0.5)),
          .z = z,
          .p_asymptotic = normal_two_sided(z),
          .p_asymptotic_cc = normal_two_sided(std::max(0.0, gap - 1.0) / root)};
}

Estimate tango_ci(std::size_t n10, std::size_t n01, std::size_t n, double conf) {
  check_discordant(n10, n01, n);
  const double z = normal_critical(conf);
  if (n == 0) {
    return {};
  }
  const PairedCounts counts{.n11 = n - n10 - n01, .n10 = n10, .n01 = n01, .n00 = 0};
  const double diff = (real(n01) - real(n10)) / real(n);
  return {.value = diff,
          .interval = {.lo = n10 == n ? -1.0 : tango_root(counts, z, -1.0, diff),
                       .hi = n01 == n ? 1.0 : tango_root(counts, -z, diff, 1.0)}};
}

ScoreTest tango_test(std::size_t n10, std::size_t n01, std::size_t n, double delta0) {
  check_discordant(n10, n01, n);
  FACEOFF_CHECK(delta0 >= -1.0 && delta0 <= 1.0, "a difference of shares is inside [-1, 1]");
  if (n == 0) {
    return {};
  }
  const double z = tango_score(real(n10), real(n01), real(n), delta0);
  ScoreTest result{.z = z,
                   .p_greater = normal_cdf(-z),
                   .p_less = normal_cdf(z),
                   .p_two_sided = normal_two_sided(z)};
  if (std::isinf(z)) {
    result.z = std::nullopt;
  }
  return result;
}

Estimate newcombe_paired_ci(const PairedCounts& counts, double conf) {
  const std::size_t n = counts.total();
  const Estimate a = wilson_ci(counts.n11 + counts.n10, n, conf);
  const Estimate b = wilson_ci(counts.n11 + counts.n01, n, conf);
  if (n == 0) {
    return {};
  }
  const double phi = corrected_phi(counts);
  const double diff = (real(counts.n01) - real(counts.n10)) / real(n);
  const double down = square_and_add(*b.value - *b.interval.lo, *a.interval.hi - *a.value, phi);
  const double up = square_and_add(*b.interval.hi - *b.value, *a.value - *a.interval.lo, phi);
  return {.value = diff, .interval = {.lo = diff - down, .hi = diff + up}};
}

Estimate bonett_price_ci(std::size_t n10, std::size_t n01, std::size_t n, double conf) {
  check_discordant(n10, n01, n);
  const double z = normal_critical(conf);
  if (n == 0) {
    return {};
  }
  const double adjusted = real(n) + 2.0;
  const double p10 = (real(n10) + 1.0) / adjusted;
  const double p01 = (real(n01) + 1.0) / adjusted;
  const double centre = p01 - p10;
  const double half = z * std::sqrt((p01 + p10 - square(centre)) / adjusted);
  return {.value = (real(n01) - real(n10)) / real(n),
          .interval = {.lo = std::max(-1.0, centre - half), .hi = std::min(1.0, centre + half)}};
}

double prob_b_better(std::size_t n10, std::size_t n01, double prior) {
  return beta_cdf(0.5, prior + real(n10), prior + real(n01));
}

std::size_t min_discordant(double alpha) {
  FACEOFF_CHECK(alpha > 0.0 && alpha <= 1.0, "alpha must be inside (0, 1]");
  std::size_t m = 1;
  // Without a contrary prompt the mid-p is 2 * 2^-m - 2^-m.
  while (std::exp2(-real(m)) > alpha) {
    ++m;
  }
  return m;
}

}  // namespace faceoff::stats
