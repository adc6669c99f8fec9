#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/base/random.h>
#include <faceoff/stats/bootstrap.h>
#include <faceoff/stats/distributions.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace faceoff::stats {
namespace {

// uniform() < 1 in steps of 2^-53: the product stays below n, and its bias below n / 2^53.
std::size_t draw_index(Random& random, double n) {
  return static_cast<std::size_t>(random.uniform() * n);
}

// Third moment over second of the jackknife's influence values.
std::optional<double> acceleration_of(std::span<const double> leave_one_out) {
  const double centre = mean_of(leave_one_out);
  double squares = 0.0;
  double cubes = 0.0;
  for (const double value : leave_one_out) {
    squares += square(centre - value);
    cubes += square(centre - value) * (centre - value);
  }
  if (!(squares > 0.0)) {
    return std::nullopt;
  }
  return cubes / (6.0 * std::pow(squares, 1.5));
}

// The two quantile levels at which bca reads the resamples.
std::optional<std::pair<double, double>> bca_levels(std::span<const double> ascending,
                                                    double estimate,
                                                    double acceleration,
                                                    double conf) {
  // A resample that repeats the estimate in another order of summation is still a tie.
  const double slack = 1e-12 * std::abs(estimate);
  const auto first = std::lower_bound(ascending.begin(), ascending.end(), estimate - slack);
  const auto last = std::upper_bound(ascending.begin(), ascending.end(), estimate + slack);
  const double below =
      static_cast<double>(first - ascending.begin()) + 0.5 * static_cast<double>(last - first);
  const double share = below / real(ascending.size());
  if (!(share > 0.0 && share < 1.0)) {
    return std::nullopt;
  }
  const double z0 = normal_quantile(share);
  const auto level = [&](double z) {
    return normal_cdf(z0 + (z0 + z) / (1.0 - acceleration * (z0 + z)));
  };
  const double z = normal_critical(conf);
  return std::pair(level(-z), level(z));
}

Interval percentile_interval(std::span<const double> ascending, double conf) {
  const double tail = (1.0 - conf) / 2.0;
  return {.lo = quantile_of_sorted(ascending, tail),
          .hi = quantile_of_sorted(ascending, 1.0 - tail)};
}

Interval bca_interval(std::span<const double> ascending,
                      double estimate,
                      std::optional<double> acceleration,
                      double conf) {
  if (!acceleration) {
    return {};
  }
  const auto levels = bca_levels(ascending, estimate, *acceleration, conf);
  if (!levels) {
    return {};
  }
  return {.lo = quantile_of_sorted(ascending, levels->first),
          .hi = quantile_of_sorted(ascending, levels->second)};
}

// Values of `statistic(random)` in ascending order.
template <class Statistic>
std::vector<double> resample(const BootstrapOptions& options, Statistic statistic) {
  FACEOFF_CHECK(options.resamples >= 1, "a bootstrap needs resamples");
  Random random(options.seed);
  std::vector<double> values(options.resamples);
  std::generate(values.begin(), values.end(), [&] { return statistic(random); });
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<double> leave_one_out(std::size_t n, const IndexStatistic& statistic) {
  std::vector<double> values(n);
  std::vector<std::size_t> others(n - 1);
  for (std::size_t left_out = 0; left_out < n; ++left_out) {
    for (std::size_t i = 0; i + 1 < n; ++i) {
      others[i] = i < left_out ? i : i + 1;
    }
    values[left_out] = statistic(others);
  }
  return values;
}

}  // namespace

Interval bootstrap_mean_ci(std::span<const double> x, BootstrapOptions options) {
  if (x.size() < 2 || all_equal(x, magnitude_of(x))) {
    return {};
  }
  const double n = real(x.size());
  const std::vector<double> means = resample(options, [&](Random& random) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += x[draw_index(random, n)];
    }
    return sum / n;
  });
  if (options.method == BootstrapMethod::percentile) {
    return percentile_interval(means, options.conf);
  }
  return bca_interval(means, mean_of(x), jackknife_acceleration(x), options.conf);
}

Interval bootstrap_ci(std::size_t n, const IndexStatistic& statistic, BootstrapOptions options) {
  if (n < 2) {
    return {};
  }
  std::vector<std::size_t> indices(n);
  const std::vector<double> values = resample(options, [&](Random& random) {
    std::generate(indices.begin(), indices.end(), [&] { return draw_index(random, real(n)); });
    return statistic(indices);
  });
  if (values.front() == values.back()) {
    return {};
  }
  if (options.method == BootstrapMethod::percentile) {
    return percentile_interval(values, options.conf);
  }
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return bca_interval(
      values, statistic(indices), acceleration_of(leave_one_out(n, statistic)), options.conf);
}

Interval bootstrap_quantile_ci(std::span<const double> x, double q, BootstrapOptions options) {
  FACEOFF_CHECK(q >= 0.0 && q <= 1.0, "a quantile must be inside [0, 1]");
  if (x.size() < 2 || all_equal(x, magnitude_of(x))) {
    return {};
  }
  // Over sorted values a resample is a count per value: its order statistics are read off the
  // running total, without sorting.
  const std::vector<double> ascending = sorted(x);
  const double h = real(x.size() - 1) * q;
  const auto low = static_cast<std::size_t>(std::floor(h));
  const double share = h - std::floor(h);
  std::vector<std::size_t> counts(x.size());
  const std::vector<double> values = resample(options, [&](Random& random) {
    std::fill(counts.begin(), counts.end(), std::size_t{0});
    for (std::size_t i = 0; i < x.size(); ++i) {
      ++counts[draw_index(random, real(x.size()))];
    }
    std::size_t index = 0;
    std::size_t total = counts[0];
    while (total <= low) {
      total += counts[++index];
    }
    const double value = ascending[index];
    if (share == 0.0) {
      return value;
    }
    while (total <= low + 1) {
      total += counts[++index];
    }
    return value + share * (ascending[index] - value);
  });
  return percentile_interval(values, options.conf);
}

std::optional<double> jackknife_acceleration(std::span<const double> x) {
  if (x.size() < 2 || all_equal(x, magnitude_of(x))) {
    return std::nullopt;
  }
  const double sum = sum_of(x);
  std::vector<double> means(x.size());
  std::transform(x.begin(), x.end(), means.begin(), [&](double value) {
    return (sum - value) / real(x.size() - 1);
  });
  return acceleration_of(means);
}

}  // namespace faceoff::stats
