#pragma once

#include <faceoff/stats/distributions.h>

#include <cstddef>

namespace faceoff::stats::testing {

// The sum over all outcomes (n10, n01) of n paired prompts of their probability times
// weight(n10, n01), without simulation.
template <class Weight>
double expectation(std::size_t n, double p10, double p01, Weight weight) {
  double sum = 0.0;
  for (std::size_t m = 0; m <= n; ++m) {
    const double discordant = binomial_pmf(m, n, p10 + p01);
    for (std::size_t n01 = 0; n01 <= m; ++n01) {
      const double split = binomial_pmf(n01, m, p01 / (p10 + p01));
      if (discordant * split > 1e-15) {
        sum += discordant * split * weight(m - n01, n01);
      }
    }
  }
  return sum;
}

}  // namespace faceoff::stats::testing
