#include <faceoff/compare/plan.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/power.h>

#include <algorithm>
#include <cmath>

namespace faceoff::compare {
namespace {

constexpr std::uint64_t kExactCases = 2000;
constexpr double kMostCases = 1e7;  // more than anybody has

bool is_binary(const Design& design) {
  return design.repeats <= 1;
}

// Variance of one case's difference.
double variance(const Design& design) {
  const double chance = design.disagreement * design.wavering;
  return design.disagreement - chance + chance / std::max<std::uint32_t>(1, design.repeats);
}

// Independent cases that these are worth.
double effective(std::uint64_t cases, const Design& design) {
  const auto n = static_cast<double>(cases);
  if (design.clusters == 0) {
    return n;
  }
  const double size = std::max(1.0, n / static_cast<double>(design.clusters));
  return n / stats::design_effect(size, design.icc);
}

stats::Plan plan_of(const Design& design) {
  return {.alpha = design.alpha, .power = design.power};
}

}  // namespace

double expected_disagreement(double accuracy, double phi) {
  return 2.0 * accuracy * (1.0 - accuracy) * (1.0 - phi);
}

std::optional<double> detectable_with(std::uint64_t cases, const Design& design) {
  const auto n = static_cast<std::size_t>(effective(cases, design));
  if (n == 0) {
    return std::nullopt;
  }
  return is_binary(design)
             ? stats::mde_paired_binary(n, design.disagreement, plan_of(design))
             : stats::mde_paired_mean(n, std::sqrt(variance(design)), plan_of(design));
}

std::optional<std::uint64_t> cases_needed(double difference, const Design& design) {
  if (difference > design.disagreement) {
    return std::nullopt;
  }
  const auto size =
      is_binary(design)
          ? stats::required_n_paired_binary((design.disagreement - difference) / 2.0,
                                            (design.disagreement + difference) / 2.0,
                                            plan_of(design))
          : stats::required_n_paired_mean(std::sqrt(variance(design)), difference, plan_of(design));
  if (!size) {
    return std::nullopt;
  }
  if (design.clusters == 0) {
    return size->n;
  }
  // n / (1 + (n / clusters - 1) icc) independent cases are wanted.
  const auto clusters = static_cast<double>(design.clusters);
  const double share = 1.0 - size->raw * design.icc / clusters;
  if (share <= 0.0) {
    return std::nullopt;
  }
  const double n = std::max(size->raw, size->raw * (1.0 - design.icc) / share);
  return static_cast<std::uint64_t>(std::ceil(n - 1e-9));
}

double chance_to_show(std::uint64_t cases, double difference, const Design& design) {
  const double psi = std::max(design.disagreement, difference);
  if (is_binary(design) && design.clusters == 0 && cases <= kExactCases) {
    return stats::power_mcnemar(
        cases, (psi - difference) / 2.0, (psi + difference) / 2.0, design.alpha);
  }
  const double z = stats::normal_critical(1.0 - design.alpha);
  const double root = std::sqrt(effective(cases, design));
  const double under_null = std::sqrt(is_binary(design) ? psi : variance(design));
  const double under_difference =
      is_binary(design) ? std::sqrt(std::max(1e-12, psi - difference * difference)) : under_null;
  return stats::normal_cdf((difference * root - z * under_null) / under_difference);
}

std::optional<std::uint64_t> cases_to_show(const Comparison& comparison, double difference) {
  if (!comparison.detectable || comparison.n_pairs == 0 || !(difference > 0.0)) {
    return std::nullopt;
  }
  const bool ratio = comparison.estimate.kind == Estimate::Kind::ratio;
  const double seen = ratio ? std::log(*comparison.detectable) : *comparison.detectable;
  const double wanted = ratio ? std::log(difference) : difference;
  if (!(seen > 0.0) || !(wanted > 0.0)) {
    return std::nullopt;
  }
  const double factor = seen / wanted;
  const double cases = static_cast<double>(comparison.n_pairs) * factor * factor;
  return cases > kMostCases ? std::nullopt
                            : std::optional(static_cast<std::uint64_t>(std::ceil(cases)));
}

}  // namespace faceoff::compare
