#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/sequential.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace faceoff::stats {

SignEvidence evalue_sign(std::size_t wins, std::size_t losses) {
  const double log_e = real(wins + losses) * std::numbers::ln2 +
                       log_beta(real(wins) + 0.5, real(losses) + 0.5) - std::log(std::numbers::pi);
  return {.log_e = log_e, .p_anytime = std::min(1.0, std::exp(-log_e))};
}

Interval msprt_ci(const RunningMean& sample, double tau, double conf) {
  FACEOFF_CHECK(tau > 0.0, "tau must be positive");
  FACEOFF_CHECK(conf > 0.0 && conf < 1.0, "conf must be inside (0, 1)");
  if (sample.n < 2 || !(sample.sd > 0.0)) {
    return {};
  }
  const double n = real(sample.n);
  const double variance = square(sample.sd);
  const double mixed = variance + n * square(tau);
  const double half = std::sqrt(2.0 * variance * mixed / square(n * tau) *
                                std::log(std::sqrt(mixed / variance) / (1.0 - conf)));
  return {.lo = sample.mean - half, .hi = sample.mean + half};
}

Curtailed curtail(std::size_t successes,
                  std::size_t failures,
                  std::size_t needed,
                  std::size_t total) {
  FACEOFF_CHECK(successes + failures <= total, "more answers than prompts");
  if (successes >= needed) {
    return Curtailed::reached;
  }
  return total - failures < needed ? Curtailed::out_of_reach : Curtailed::undecided;
}

}  // namespace faceoff::stats
