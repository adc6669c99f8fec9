#include <faceoff/stats/distributions.h>
#include <faceoff/stats/quantile.h>

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

constexpr double kTimedOut = std::numeric_limits<double>::infinity();

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  const std::vector<double> x{5, 1, 4, 2, 3};
  EXPECT_DOUBLE_EQ(quantile(x, 0.9).value(), 4.6);
  EXPECT_EQ(quantile(x, 0.0), 1.0);
  EXPECT_EQ(quantile(x, 1.0), 5.0);
  EXPECT_EQ(quantile({}, 0.5), std::nullopt);
}

TEST(Quantile, FallingOnATimeOutIsNull) {
  const std::vector<double> x{1.0, 2.0, kTimedOut, kTimedOut};
  EXPECT_EQ(quantile(x, 0.25), 1.75);
  EXPECT_EQ(quantile(x, 0.5), std::nullopt);
  EXPECT_EQ(quantile(x, 0.99), std::nullopt);
}

TEST(QuantileCi, HasNoUpperEndWhereTheSampleIsTooSmall) {
  std::vector<double> x;
  for (int i = 1; i <= 40; ++i) {
    x.push_back(i);
  }
  const QuantileInterval p95 = quantile_ci(x, 0.95, 0.95);
  EXPECT_TRUE(p95.interval.lo.has_value());
  EXPECT_EQ(p95.interval.hi, std::nullopt);
  EXPECT_GE(p95.coverage, 0.95);
}

TEST(QuantileCi, KeepsTimeOutsInItsRanks) {
  std::vector<double> x(40, 1.0);
  x[7] = kTimedOut;
  const QuantileInterval p90 = quantile_ci(x, 0.9, 0.95);
  EXPECT_EQ(p90.value, 1.0);
  EXPECT_EQ(p90.interval.lo, 1.0);
  EXPECT_EQ(p90.interval.hi, std::nullopt);
}

TEST(QuantileRanks, AreTheNarrowestThatLeaveEachTailItsShare) {
  for (const double q : {0.05, 0.5, 0.9, 0.95}) {
    for (std::size_t n = 1; n <= 200; n += 7) {
      const QuantileRanks ranks = quantile_ranks(n, q, 0.95);
      EXPECT_GE(ranks.coverage, 0.95) << n << ' ' << q;
      const std::size_t low = ranks.lo_rank.value_or(0);
      EXPECT_GT(binomial_at_most(low, n, q), 0.025) << n << ' ' << q;
      const std::size_t high = ranks.hi_rank.value_or(n + 1);
      EXPECT_GT(binomial_at_least(high - 1, n, q), 0.025) << n << ' ' << q;
    }
  }
}

TEST(QuantileRanks, MirrorAroundTheMedian) {
  const QuantileRanks low = quantile_ranks(60, 0.1, 0.95);
  const QuantileRanks high = quantile_ranks(60, 0.9, 0.95);
  EXPECT_EQ(low.lo_rank.value(), 61 - high.hi_rank.value());
  EXPECT_EQ(low.hi_rank.value(), 61 - high.lo_rank.value());
}

TEST(QuantileMinimum, MatchesTheKnownSampleSizes) {
  EXPECT_EQ(quantile_min_n(0.5, 0.95).two_sided, 6U);
  EXPECT_EQ(quantile_min_n(0.9, 0.95).two_sided, 36U);
  EXPECT_EQ(quantile_min_n(0.95, 0.95).two_sided, 72U);
  EXPECT_EQ(quantile_min_n(0.99, 0.95).two_sided, 368U);
  EXPECT_EQ(quantile_min_n(0.999, 0.95).two_sided, 3688U);
  // One-sided 95 %.
  EXPECT_EQ(quantile_min_n(0.5, 0.9).upper, 5U);
  EXPECT_EQ(quantile_min_n(0.95, 0.9).upper, 59U);
  EXPECT_EQ(quantile_min_n(0.999, 0.9).upper, 2995U);
}

TEST(QuantileMinimum, CountsAnEqualityOfDecimals) {
  EXPECT_EQ(quantile_min_n(0.95, 0.9).lower, 1U);
}

TEST(QuantileMinimum, IsWhereTheRanksFirstExist) {
  for (const double q : {0.5, 0.9, 0.95}) {
    const std::size_t n = quantile_min_n(q, 0.95).upper;
    EXPECT_TRUE(quantile_ranks(n, q, 0.95).hi_rank.has_value());
    EXPECT_FALSE(quantile_ranks(n - 1, q, 0.95).hi_rank.has_value());
  }
}

}  // namespace
}  // namespace faceoff::stats
