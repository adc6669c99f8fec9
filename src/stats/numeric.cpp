#include "numeric.h"

#include <faceoff/base/check.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace faceoff::stats {

double sum_of(std::span<const double> x) noexcept {
  return std::accumulate(x.begin(), x.end(), 0.0);
}

double mean_of(std::span<const double> x) noexcept {
  const double rough = sum_of(x) / real(x.size());
  // A second pass takes away the rounding of the first.
  double rest = 0.0;
  for (const double value : x) {
    rest += value - rough;
  }
  return rough + rest / real(x.size());
}

double squares_of(std::span<const double> x) noexcept {
  const double centre = mean_of(x);
  double sum = 0.0;
  for (const double value : x) {
    sum += square(value - centre);
  }
  return sum;
}

double magnitude_of(std::span<const double> x) noexcept {
  double largest = 0.0;
  for (const double value : x) {
    largest = std::max(largest, std::abs(value));
  }
  return largest;
}

std::vector<double> differences(std::span<const double> a, std::span<const double> b) {
  FACEOFF_CHECK(a.size() == b.size(), "paired samples must be of one length");
  std::vector<double> result(a.size());
  std::transform(b.begin(), b.end(), a.begin(), result.begin(), std::minus<>{});
  return result;
}

std::vector<double> sorted(std::span<const double> x) {
  std::vector<double> result(x.begin(), x.end());
  if (!std::is_sorted(result.begin(), result.end())) {
    std::sort(result.begin(), result.end());
  }
  return result;
}

std::vector<std::size_t> doubled_midranks(std::span<const double> x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return x[i] < x[j]; });
  std::vector<std::size_t> ranks(x.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && x[order[end]] == x[order[begin]]) {
      ++end;
    }
    for (std::size_t i = begin; i < end; ++i) {
      ranks[order[i]] = begin + 1 + end;
    }
    begin = end;
  }
  return ranks;
}

double tie_term(std::span<const std::size_t> doubled_ranks) {
  std::vector<std::size_t> ascending(doubled_ranks.begin(), doubled_ranks.end());
  std::sort(ascending.begin(), ascending.end());
  double sum = 0.0;
  for (std::size_t begin = 0; begin < ascending.size();) {
    std::size_t end = begin + 1;
    while (end < ascending.size() && ascending[end] == ascending[begin]) {
      ++end;
    }
    const double t = real(end - begin);
    sum += t * t * t - t;
    begin = end;
  }
  return sum;
}

double quantile_of_sorted(std::span<const double> ascending, double q) noexcept {
  const double h = real(ascending.size() - 1) * q;
  const double below = std::floor(h);
  const auto index = static_cast<std::size_t>(below);
  const double share = h - below;
  const double low = ascending[index];
  if (share == 0.0 || index + 1 >= ascending.size()) {
    return low;
  }
  const double high = ascending[index + 1];
  // Two infinite neighbours would give NaN.
  return low == high ? low : low + share * (high - low);
}

}  // namespace faceoff::stats
