#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/agreement.h>
#include <faceoff/stats/distributions.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

namespace faceoff::stats {
namespace {

// 1 for the same category, falling to 0 for the two ends of the scale.
double agreement_weight(std::size_t i,
                        std::size_t j,
                        std::size_t categories,
                        KappaWeights weights) {
  if (weights == KappaWeights::none) {
    return i == j ? 1.0 : 0.0;
  }
  const double distance = std::abs(real(i) - real(j)) / real(categories - 1);
  return 1.0 - (weights == KappaWeights::linear ? distance : square(distance));
}

struct Margins {
  std::vector<double> rows;
  std::vector<double> columns;
  double total = 0.0;
};

Margins margins_of(std::span<const std::vector<double>> table) {
  Margins margins{.rows = std::vector<double>(table.size()),
                  .columns = std::vector<double>(table.size())};
  for (std::size_t i = 0; i < table.size(); ++i) {
    FACEOFF_CHECK(table[i].size() == table.size(), "a table of agreement must be square");
    for (std::size_t j = 0; j < table.size(); ++j) {
      margins.rows[i] += table[i][j];
      margins.columns[j] += table[i][j];
      margins.total += table[i][j];
    }
  }
  return margins;
}

double squared_distance(double a, double b, MeasurementLevel level) {
  switch (level) {
    case MeasurementLevel::interval:
      return square(a - b);
    case MeasurementLevel::ratio:
      return a + b == 0.0 ? 0.0 : square((a - b) / (a + b));
    case MeasurementLevel::nominal:
    case MeasurementLevel::ordinal:
      break;
  }
  return a == b ? 0.0 : 1.0;
}

// An ordinal distance is an interval distance on this scale: the ratings at and below a value, its
// own counted half.
std::map<double, double> ordinal_scale(const std::map<double, double>& frequencies) {
  std::map<double, double> scale;
  double below = 0.0;
  for (const auto& [value, count] : frequencies) {
    scale[value] = below + count / 2.0;
    below += count;
  }
  return scale;
}

using Units = std::vector<std::vector<double>>;

Units pairable(std::span<const std::vector<std::optional<double>>> units) {
  Units kept;
  for (const auto& unit : units) {
    std::vector<double> ratings;
    for (const std::optional<double>& rating : unit) {
      if (rating) {
        ratings.push_back(*rating);
      }
    }
    if (ratings.size() >= 2) {
      kept.push_back(std::move(ratings));
    }
  }
  return kept;
}

std::map<double, double> frequencies_of(const Units& units) {
  std::map<double, double> frequencies;
  for (const auto& unit : units) {
    for (const double rating : unit) {
      frequencies[rating] += 1.0;
    }
  }
  return frequencies;
}

}  // namespace

Kappa cohen_kappa(std::span<const std::vector<double>> table, KappaWeights weights, double conf) {
  const std::size_t k = table.size();
  const Margins margins = margins_of(table);
  const double n = margins.total;
  if (!(n > 0.0) || k < 2) {
    return {};
  }
  double observed = 0.0;
  double expected = 0.0;
  std::vector<double> row_weight(k);
  std::vector<double> column_weight(k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double w = agreement_weight(i, j, k, weights);
      observed += w * table[i][j] / n;
      expected += w * margins.rows[i] * margins.columns[j] / (n * n);
      row_weight[i] += w * margins.columns[j] / n;
      column_weight[j] += w * margins.rows[i] / n;
    }
  }
  if (1.0 - expected <= 1e-12) {
    return {};
  }
  const double kappa = (observed - expected) / (1.0 - expected);
  double spread = 0.0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double w = agreement_weight(i, j, k, weights);
      spread += table[i][j] / n * square(w - (row_weight[i] + column_weight[j]) * (1.0 - kappa));
    }
  }
  const double variance =
      (spread - square(kappa - expected * (1.0 - kappa))) / (n * square(1.0 - expected));
  const double se = std::sqrt(std::max(0.0, variance));
  const double half = normal_critical(conf) * se;
  return {.kappa = kappa, .se = se, .interval = {.lo = kappa - half, .hi = kappa + half}};
}

std::optional<double> fleiss_kappa(std::span<const std::vector<double>> counts) {
  if (counts.empty()) {
    return std::nullopt;
  }
  const double raters = sum_of(counts.front());
  std::vector<double> categories(counts.front().size());
  double agreement = 0.0;
  for (const std::vector<double>& item : counts) {
    FACEOFF_CHECK(item.size() == categories.size() && sum_of(item) == raters && raters >= 2.0,
                  "every item needs the same two or more raters");
    double pairs = 0.0;
    for (std::size_t c = 0; c < item.size(); ++c) {
      categories[c] += item[c];
      pairs += item[c] * (item[c] - 1.0);
    }
    agreement += pairs / (raters * (raters - 1.0)) / real(counts.size());
  }
  double expected = 0.0;
  for (const double category : categories) {
    expected += square(category / (raters * real(counts.size())));
  }
  if (1.0 - expected <= 1e-12) {
    return std::nullopt;
  }
  return (agreement - expected) / (1.0 - expected);
}

std::optional<double> krippendorff_alpha(std::span<const std::vector<std::optional<double>>> units,
                                         MeasurementLevel level) {
  Units kept = pairable(units);
  if (level == MeasurementLevel::ordinal) {
    const std::map<double, double> scale = ordinal_scale(frequencies_of(kept));
    for (auto& unit : kept) {
      for (double& rating : unit) {
        rating = scale.at(rating);
      }
    }
    level = MeasurementLevel::interval;
  }
  double observed = 0.0;
  double n = 0.0;
  for (const auto& unit : kept) {
    n += real(unit.size());
    for (std::size_t i = 0; i < unit.size(); ++i) {
      for (std::size_t j = i + 1; j < unit.size(); ++j) {
        observed += 2.0 * squared_distance(unit[i], unit[j], level) / real(unit.size() - 1);
      }
    }
  }
  double expected = 0.0;
  const std::map<double, double> frequencies = frequencies_of(kept);
  for (const auto& [value, count] : frequencies) {
    for (const auto& [other, other_count] : frequencies) {
      expected += count * other_count * squared_distance(value, other, level);
    }
  }
  if (!(expected > 0.0)) {
    return std::nullopt;
  }
  return 1.0 - (n - 1.0) * observed / expected;
}

}  // namespace faceoff::stats
