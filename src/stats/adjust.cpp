#include "numeric.h"

#include <faceoff/stats/adjust.h>

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace faceoff::stats {
namespace {

std::vector<std::size_t> ascending_order(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  return order;
}

// The factor of the p-value with `rank` (from 0) in a family of m.
double factor(Adjustment method, std::size_t rank, std::size_t m) {
  switch (method) {
    case Adjustment::none:
      return 1.0;
    case Adjustment::bonferroni:
      return real(m);
    case Adjustment::holm:
    case Adjustment::hochberg:
      return real(m - rank);
    case Adjustment::benjamini_hochberg:
      return real(m) / real(rank + 1);
    case Adjustment::benjamini_yekutieli:
      break;
  }
  double harmonic = 0.0;
  for (std::size_t i = 1; i <= m; ++i) {
    harmonic += 1.0 / real(i);
  }
  return harmonic * real(m) / real(rank + 1);
}

bool steps_up(Adjustment method) {
  return method == Adjustment::hochberg || method == Adjustment::benjamini_hochberg ||
         method == Adjustment::benjamini_yekutieli;
}

}  // namespace

std::vector<double> adjust_p(std::span<const double> p, Adjustment method) {
  const std::size_t m = p.size();
  const std::vector<std::size_t> order = ascending_order(p);
  std::vector<double> adjusted(m);
  for (std::size_t rank = 0; rank < m; ++rank) {
    adjusted[order[rank]] = std::min(1.0, p[order[rank]] * factor(method, rank, m));
  }
  if (method == Adjustment::holm) {
    for (std::size_t rank = 1; rank < m; ++rank) {
      adjusted[order[rank]] = std::max(adjusted[order[rank]], adjusted[order[rank - 1]]);
    }
  }
  if (steps_up(method)) {
    for (std::size_t rank = m; rank-- > 1;) {
      adjusted[order[rank - 1]] = std::min(adjusted[order[rank - 1]], adjusted[order[rank]]);
    }
  }
  return adjusted;
}

}  // namespace faceoff::stats
