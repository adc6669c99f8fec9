#include "numeric.h"
#include "rank_distributions.h"

#include <faceoff/stats/distributions.h>
#include <faceoff/stats/ranks.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace faceoff::stats {
namespace {

constexpr std::size_t kSignedRankExactLimit = 50;
constexpr double kRankSumExactWork = 1e8;
constexpr double kRankSumMaximumWork = 2e9;

struct RankedDifferences {
  std::vector<std::size_t> ranks;  // doubled, of the non-zero differences
  std::size_t positive_sum = 0;
};

RankedDifferences rank_differences(std::span<const double> d, ZeroRule zeros) {
  std::vector<double> values;
  for (const double value : d) {
    if (value != 0.0 || zeros == ZeroRule::pratt) {
      values.push_back(value);
    }
  }
  std::vector<double> sizes(values.size());
  std::transform(values.begin(), values.end(), sizes.begin(), [](double v) { return std::abs(v); });
  const std::vector<std::size_t> all = doubled_midranks(sizes);
  RankedDifferences result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0.0) {
      result.ranks.push_back(all[i]);
      result.positive_sum += values[i] > 0.0 ? all[i] : 0;
    }
  }
  return result;
}

// Standardises a statistic; the correction takes 1/2 off the distance from its mean.
double standardise(double distance, double sd, bool correction) {
  if (distance == 0.0 || !(sd > 0.0)) {
    return 0.0;
  }
  return (distance - (correction ? std::copysign(0.5, distance) : 0.0)) / sd;
}

}  // namespace

SignedRank wilcoxon_signed_rank(std::span<const double> d, RankOptions options) {
  const RankedDifferences ranked = rank_differences(d, options.zeros);
  SignedRank result{.w_plus = real(ranked.positive_sum) / 2.0, .n_used = ranked.ranks.size()};
  const bool exact =
      options.method == RankMethod::exact ||
      (options.method == RankMethod::automatic && result.n_used <= kSignedRankExactLimit);
  if (exact) {
    result.p = two_sided_tail(signed_sum_distribution(ranked.ranks), ranked.positive_sum);
    return result;
  }
  double sum = 0.0;
  double squares = 0.0;
  for (const std::size_t doubled : ranked.ranks) {
    sum += real(doubled) / 2.0;
    squares += square(real(doubled) / 2.0);
  }
  result.z = standardise(
      result.w_plus - sum / 2.0, std::sqrt(squares / 4.0), options.continuity_correction);
  result.p = normal_two_sided(*result.z);
  return result;
}

MannWhitney mann_whitney(std::span<const double> x,
                         std::span<const double> y,
                         RankOptions options) {
  if (x.empty() || y.empty()) {
    return {};
  }
  std::vector<double> pooled(x.begin(), x.end());
  pooled.insert(pooled.end(), y.begin(), y.end());
  const std::vector<std::size_t> ranks = doubled_midranks(pooled);
  std::size_t sum_x = 0;
  std::size_t sum_y = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    (i < x.size() ? sum_x : sum_y) += ranks[i];
  }
  const double m = real(x.size());
  const double n = real(y.size());
  MannWhitney result{.u = real(sum_x) / 2.0 - m * (m + 1.0) / 2.0};
  const std::size_t fewer = std::min(x.size(), y.size());
  const double work = subset_sum_work(ranks, fewer);
  if ((options.method == RankMethod::automatic && work <= kRankSumExactWork) ||
      (options.method == RankMethod::exact && work <= kRankSumMaximumWork)) {
    result.p =
        two_sided_tail(subset_sum_distribution(ranks, fewer), x.size() == fewer ? sum_x : sum_y);
    return result;
  }
  const double all = m + n;
  const double variance = m * n / 12.0 * (all + 1.0 - tie_term(ranks) / (all * (all - 1.0)));
  result.z = standardise(
      result.u - m * n / 2.0, std::sqrt(std::max(0.0, variance)), options.continuity_correction);
  result.p = normal_two_sided(*result.z);
  return result;
}

}  // namespace faceoff::stats
