#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>
#include <cstdint>
#include <optional>

// Looking at the result while the run goes on. An ordinary p-value read after every prompt is wrong
// 10 to 37 times in a hundred; these hold at any stopping time, given a random order of prompts.
namespace faceoff::stats {

// Evidence against "both win equally often": E = 2^m B(w + 1/2, l + 1/2) / pi over m discordant
// prompts, a Beta(1/2, 1/2) mixture (Robbins 1970). Stop at E >= 1 / alpha (Ville 1939).
struct SignEvidence {
  double log_e = 0.0;
  double p_anytime = 1.0;  // min(1, 1 / E) now; the caller keeps the running minimum
};
[[nodiscard]] SignEvidence evalue_sign(std::size_t wins, std::size_t losses);

// Interval around a running mean that holds at all n at once: the normal mixture of Robbins (1970),
// as used by Johari et al. (2017), with the sample's sd put in, hence asymptotic: start at 30. tau
// is the size of difference it is tuned to. Null for n < 2 or sd = 0. REQUIRES: tau > 0.
struct RunningMean {
  std::size_t n = 0;
  double mean = 0.0;
  double sd = 0.0;
};
[[nodiscard]] Interval msprt_ci(const RunningMean& sample, double tau, double conf);

// "At least `needed` of `total`": whether the answers so far settle it whatever comes next. Stops
// early without any price in error.
enum class Curtailed : std::uint8_t { undecided, reached, out_of_reach };
[[nodiscard]] Curtailed curtail(std::size_t successes,
                                std::size_t failures,
                                std::size_t needed,
                                std::size_t total);

}  // namespace faceoff::stats
