#include "numeric.h"

#include <faceoff/stats/repeats.h>

#include <algorithm>
#include <cmath>

namespace faceoff::stats {
namespace {

// Sums over the prompts that an analysis of variance needs.
struct Sums {
  std::vector<double> prompt_means;
  double samples = 0.0;
  double squared_sizes = 0.0;
  double inverse_sizes = 0.0;
  double total = 0.0;
  double within = 0.0;
};

Sums collect(std::span<const std::vector<double>> scores) {
  Sums sums;
  for (const std::vector<double>& item : scores) {
    if (item.empty()) {
      continue;
    }
    const double size = real(item.size());
    sums.prompt_means.push_back(mean_of(item));
    sums.samples += size;
    sums.squared_sizes += square(size);
    sums.inverse_sizes += 1.0 / size;
    sums.total += sum_of(item);
    sums.within += squares_of(item);
  }
  return sums;
}

double between_squares(std::span<const std::vector<double>> scores, double grand_mean) {
  double sum = 0.0;
  for (const std::vector<double>& item : scores) {
    if (!item.empty()) {
      sum += real(item.size()) * square(mean_of(item) - grand_mean);
    }
  }
  return sum;
}

}  // namespace

VarianceComponents variance_components(std::span<const std::vector<double>> scores) {
  const Sums sums = collect(scores);
  const double n = real(sums.prompt_means.size());
  if (sums.prompt_means.empty()) {
    return {};
  }
  VarianceComponents result{.mean = mean_of(sums.prompt_means)};
  if (n >= 2.0) {
    result.se = std::sqrt(squares_of(sums.prompt_means) / (n - 1.0) / n);
  }
  if (sums.samples <= n) {
    return result;
  }
  const double within = sums.within / (sums.samples - n);
  result.var_within = within;
  result.se_rerun = std::sqrt(within * sums.inverse_sizes) / n;
  if (n < 2.0) {
    return result;
  }
  const double between = between_squares(scores, sums.total / sums.samples) / (n - 1.0);
  const double k0 = (sums.samples - sums.squared_sizes / sums.samples) / (n - 1.0);
  result.var_between = std::max(0.0, (between - within) / k0);
  const double whole = *result.var_between + within;
  if (whole > 0.0) {
    result.icc = *result.var_between / whole;
  }
  return result;
}

std::optional<double> pass_at_k(std::size_t n, std::size_t c, std::size_t k) {
  if (c > n || k > n || k == 0) {
    return std::nullopt;
  }
  if (n - c < k) {
    return 1.0;
  }
  double none = 1.0;
  for (std::size_t i = n - c + 1; i <= n; ++i) {
    none *= 1.0 - real(k) / real(i);
  }
  return 1.0 - none;
}

std::optional<double> pass_hat_k(std::size_t n, std::size_t c, std::size_t k) {
  if (c > n || k > n || k == 0) {
    return std::nullopt;
  }
  if (c < k) {
    return 0.0;
  }
  double all = 1.0;
  for (std::size_t i = 0; i < k; ++i) {
    all *= real(c - i) / real(n - i);
  }
  return all;
}

}  // namespace faceoff::stats
