#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/ranking.h>

#include <algorithm>

namespace faceoff::stats {
namespace {

void check_rows(std::span<const std::vector<double>> scores) {
  for (const std::vector<double>& row : scores) {
    FACEOFF_CHECK(row.size() >= 2 && row.size() == scores.front().size(),
                  "every item needs a score of each of two or more models");
  }
}

OmnibusTest chi_squared_test(double statistic, std::size_t models) {
  return {.statistic = statistic, .df = models - 1, .p = chi2_sf(statistic, real(models - 1))};
}

}  // namespace

std::optional<OmnibusTest> cochran_q(std::span<const std::vector<double>> scores) {
  check_rows(scores);
  if (scores.empty()) {
    return std::nullopt;
  }
  const std::size_t models = scores.front().size();
  const double k = real(models);
  std::vector<double> columns(models);
  double rows = 0.0;
  for (const std::vector<double>& row : scores) {
    const double right = sum_of(row);
    rows += right * (k - right);
    for (std::size_t j = 0; j < models; ++j) {
      columns[j] += row[j];
    }
  }
  if (!(rows > 0.0)) {
    return std::nullopt;
  }
  return chi_squared_test(k * (k - 1.0) * squares_of(columns) / rows, models);
}

std::optional<OmnibusTest> friedman(std::span<const std::vector<double>> scores) {
  check_rows(scores);
  if (scores.empty()) {
    return std::nullopt;
  }
  const std::size_t models = scores.front().size();
  const double k = real(models);
  const double n = real(scores.size());
  std::vector<double> rank_sums(models);
  double ties = 0.0;
  for (const std::vector<double>& row : scores) {
    const std::vector<std::size_t> ranks = doubled_midranks(row);
    ties += tie_term(ranks);
    for (std::size_t j = 0; j < models; ++j) {
      rank_sums[j] += real(ranks[j]) / 2.0;
    }
  }
  const double untied = 1.0 - ties / (n * k * (k * k - 1.0));
  if (untied <= 1e-12) {
    return std::nullopt;
  }
  const double raw = 12.0 / (n * k * (k + 1.0)) * squares_of(rank_sums);
  return chi_squared_test(raw / untied, models);
}

std::vector<RankRange> rank_ranges(std::span<const std::vector<bool>> better) {
  const std::size_t models = better.size();
  std::vector<RankRange> ranges(models, {.best = 1, .worst = models});
  for (std::size_t i = 0; i < models; ++i) {
    FACEOFF_CHECK(better[i].size() == models, "every model needs a comparison with each other");
    for (std::size_t j = 0; j < models; ++j) {
      if (better[i][j]) {
        ++ranges[j].best;
        --ranges[i].worst;
      }
    }
  }
  return ranges;
}

}  // namespace faceoff::stats
