#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

// Planning: how many prompts for a difference, which difference with these prompts. Two-sided
// alpha; for a one-sided gate pass twice its alpha. Differences are absolute fractions.
namespace faceoff::stats {

struct Plan {
  double alpha = 0.05;  // REQUIRES: inside (0, 1)
  double power = 0.8;   // REQUIRES: inside [0.5, 1)
};

struct SampleSize {
  double raw = 0.0;
  std::size_t n = 0;  // raw, rounded up
};

// Prompts for a paired 0/1 comparison where A alone is right with probability p10 and B alone with
// p01: (z_{1-alpha/2} sqrt(psi) + z_power sqrt(psi - d^2))^2 / d^2, psi = p10 + p01, d = p01 - p10
// (Miettinen 1968, Connor 1987). Null for d = 0.
[[nodiscard]] std::optional<SampleSize> required_n_paired_binary(double p10,
                                                                 double p01,
                                                                 Plan plan = {});
// The same formula solved for d, given the rate psi of prompts where the models differ. Null where
// even d = psi would not be seen.
[[nodiscard]] std::optional<double> mde_paired_binary(std::size_t n, double psi, Plan plan = {});

// ((z_{1-alpha/2} + z_power) sd / delta)^2 for differences of standard deviation sd.
[[nodiscard]] std::optional<SampleSize> required_n_paired_mean(double sd,
                                                               double delta,
                                                               Plan plan = {});
[[nodiscard]] std::optional<double> mde_paired_mean(std::size_t n, double sd, Plan plan = {});
// Detectable latency ratio, exp of the above for the standard deviation of ln b - ln a.
[[nodiscard]] std::optional<double> mde_ratio(std::size_t n, double sd_log, Plan plan = {});

// Prompts when each is asked k times (Miller 2024, section 5): the variance of a difference is
// omega2 + sigma2_a / k_a + sigma2_b / k_b. REQUIRES: k_a, k_b >= 1.
struct EpochVariance {
  double omega2 = 0.0;
  double sigma2_a = 0.0;
  double sigma2_b = 0.0;
  double k_a = 1.0;
  double k_b = 1.0;
};
[[nodiscard]] std::optional<SampleSize> required_n_epochs(const EpochVariance& variance,
                                                          double delta,
                                                          Plan plan = {});

// 1 + (mean cluster size - 1) icc: what clusters multiply the number of prompts by (Kish 1965).
[[nodiscard]] double design_effect(double mean_cluster_size, double icc);

enum class McNemarTest : std::uint8_t { exact, mid_p, asymptotic };
// P(p <= alpha) over all outcomes of n prompts, without simulation.
[[nodiscard]] double power_mcnemar(
    std::size_t n, double p10, double p01, double alpha, McNemarTest test = McNemarTest::mid_p);

}  // namespace faceoff::stats
