#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/power.h>

#include <algorithm>
#include <cmath>

namespace faceoff::stats {
namespace {

struct Quantiles {
  double significance = 0.0;
  double power = 0.0;
};

Quantiles quantiles_of(Plan plan) {
  FACEOFF_CHECK(plan.power >= 0.5 && plan.power < 1.0, "power must be inside [0.5, 1)");
  return {.significance = normal_critical(1.0 - plan.alpha), .power = normal_quantile(plan.power)};
}

std::optional<SampleSize> rounded_up(double raw) {
  if (!std::isfinite(raw)) {
    return std::nullopt;
  }
  return SampleSize{.raw = raw, .n = static_cast<std::size_t>(std::ceil(raw))};
}

double p_value(std::size_t fewer, std::size_t m, McNemarTest test) {
  const McNemar tests = mcnemar(fewer, m - fewer);
  switch (test) {
    case McNemarTest::exact:
      return tests.p_exact;
    case McNemarTest::asymptotic:
      return tests.p_asymptotic;
    case McNemarTest::mid_p:
      break;
  }
  return tests.p_mid;
}

// P(p <= alpha) among m discordant prompts of which B wins each with probability `share`.
double conditional_power(std::size_t m, double share, double alpha, McNemarTest test) {
  // The p-value grows with the smaller count.
  const std::size_t losing =
      first_true(0, m / 2, [&](std::size_t k) { return p_value(k, m, test) > alpha; });
  if (losing == 0) {
    return 0.0;
  }
  if (losing > m / 2) {
    return 1.0;
  }
  return binomial_at_most(losing - 1, m, share) + binomial_at_least(m - losing + 1, m, share);
}

}  // namespace

std::optional<SampleSize> required_n_paired_binary(double p10, double p01, Plan plan) {
  FACEOFF_CHECK(p10 >= 0.0 && p01 >= 0.0 && p10 + p01 <= 1.0, "p10 and p01 must be shares");
  const Quantiles z = quantiles_of(plan);
  const double psi = p10 + p01;
  const double d = p01 - p10;
  const double root = z.significance * std::sqrt(psi) + z.power * std::sqrt(psi - d * d);
  return rounded_up(square(root / d));
}

std::optional<double> mde_paired_binary(std::size_t n, double psi, Plan plan) {
  FACEOFF_CHECK(psi >= 0.0 && psi <= 1.0, "psi must be inside [0, 1]");
  const Quantiles z = quantiles_of(plan);
  const auto surplus = [&](double d) {
    return d * std::sqrt(real(n)) - z.significance * std::sqrt(psi) -
           z.power * std::sqrt(std::max(0.0, psi - d * d));
  };
  if (!(psi > 0.0) || surplus(psi) < 0.0) {
    return std::nullopt;
  }
  double low = 0.0;
  double high = psi;
  while (true) {
    const double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high) {
      return high;
    }
    (surplus(middle) < 0.0 ? low : high) = middle;
  }
}

std::optional<SampleSize> required_n_paired_mean(double sd, double delta, Plan plan) {
  const Quantiles z = quantiles_of(plan);
  return rounded_up(square((z.significance + z.power) * sd / delta));
}

std::optional<double> mde_paired_mean(std::size_t n, double sd, Plan plan) {
  if (n == 0) {
    return std::nullopt;
  }
  const Quantiles z = quantiles_of(plan);
  return (z.significance + z.power) * sd / std::sqrt(real(n));
}

std::optional<double> mde_ratio(std::size_t n, double sd_log, Plan plan) {
  const std::optional<double> difference = mde_paired_mean(n, sd_log, plan);
  if (!difference) {
    return std::nullopt;
  }
  return std::exp(*difference);
}

std::optional<SampleSize> required_n_epochs(const EpochVariance& variance,
                                            double delta,
                                            Plan plan) {
  FACEOFF_CHECK(variance.k_a >= 1.0 && variance.k_b >= 1.0, "a prompt is asked at least once");
  const Quantiles z = quantiles_of(plan);
  const double whole =
      variance.omega2 + variance.sigma2_a / variance.k_a + variance.sigma2_b / variance.k_b;
  return rounded_up(square((z.significance + z.power) / delta) * whole);
}

double design_effect(double mean_cluster_size, double icc) {
  return 1.0 + (mean_cluster_size - 1.0) * icc;
}

double power_mcnemar(std::size_t n, double p10, double p01, double alpha, McNemarTest test) {
  FACEOFF_CHECK(p10 >= 0.0 && p01 >= 0.0 && p10 + p01 <= 1.0, "p10 and p01 must be shares");
  const double psi = p10 + p01;
  const double share = psi > 0.0 ? p01 / psi : 0.5;
  // A p-value equal to alpha on paper must not be lost to rounding.
  const double limit = alpha * (1.0 + 1e-9);
  double power = 0.0;
  for (std::size_t m = 0; m <= n; ++m) {
    const double probability = binomial_pmf(m, n, psi);
    if (probability > 1e-18) {
      power += probability * conditional_power(m, share, limit, test);
    }
  }
  return std::min(1.0, power);
}

}  // namespace faceoff::stats
