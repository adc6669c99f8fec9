#include <faceoff/stats/ratio.h>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

const std::vector<double> kTokens{120, 80, 200, 60, 150, 90, 110, 75};
const std::vector<double> kSeconds{2.1, 1.4, 3.9, 1.2, 2.4, 1.9, 2.0, 1.3};

TEST(RatioOfSums, IsNotTheMeanOfRatios) {
  const RatioOfSums result = ratio_of_sums_ci(kTokens, kSeconds, 0.95);
  EXPECT_NEAR(result.ratio.value(), 885.0 / 16.2, 1e-12);
  EXPECT_FALSE(result.interval.excludes(*result.ratio));
  EXPECT_FALSE(result.fieller.excludes(*result.ratio));
}

TEST(RatioOfSums, FiellersLimitsSolveHisQuadratic) {
  // At its limits R the t statistic of the mean of num - R den is the critical one.
  const RatioOfSums result = ratio_of_sums_ci(kTokens, kSeconds, 0.95);
  for (const double limit : {result.fieller.lo.value(), result.fieller.hi.value()}) {
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < kTokens.size(); ++i) {
      const double rest = kTokens[i] - limit * kSeconds[i];
      sum += rest;
      squares += rest * rest;
    }
    const double mean = sum / 8.0;
    const double se = std::sqrt((squares - 8.0 * mean * mean) / 7.0 / 8.0);
    EXPECT_NEAR(std::abs(mean / se), 2.364624251592784, 1e-9);
  }
}

TEST(RatioOfSums, HasNoFiellerLimitsWhereTheDenominatorMayBeZero) {
  const std::vector<double> cost{1, 1, 1, 1};
  const std::vector<double> right{0, 0, 1, 0};
  const RatioOfSums result = ratio_of_sums_ci(cost, right, 0.95);
  EXPECT_EQ(result.ratio, 4.0);
  EXPECT_GE(result.g.value(), 1.0);
  EXPECT_EQ(result.fieller, Interval{});
  EXPECT_EQ(result.preferred(), Interval{});
}

TEST(RatioOfSums, OfNothingRightIsNull) {
  EXPECT_EQ(ratio_of_sums_ci(std::vector{1.0, 1.0}, std::vector{0.0, 0.0}, 0.95).ratio,
            std::nullopt);
  EXPECT_EQ(ratio_of_sums_ci({}, {}, 0.95).ratio, std::nullopt);
  EXPECT_EQ(ratio_of_sums_ci(std::vector{1.0}, std::vector{2.0}, 0.95).se, std::nullopt);
}

TEST(PairedRatio, InvertsWhenTheModelsSwap) {
  for (const auto method : {geometric_ratio_ci, walsh_ratio_ci}) {
    const PairedRatio forward = method(kTokens, kSeconds, 0.95);
    const PairedRatio backward = method(kSeconds, kTokens, 0.95);
    EXPECT_NEAR(forward.ratio.value() * backward.ratio.value(), 1.0, 1e-12);
    EXPECT_NEAR(forward.interval.lo.value() * backward.interval.hi.value(), 1.0, 1e-12);
    EXPECT_NEAR(forward.p.value(), backward.p.value(), 1e-12);
  }
}

TEST(PairedRatio, OfOneFactorIsThatFactor) {
  std::vector<double> slower;
  for (std::size_t i = 0; i < kSeconds.size(); ++i) {
    slower.push_back(kSeconds[i] * 1.5);
  }
  EXPECT_NEAR(walsh_ratio_ci(kSeconds, slower, 0.95).ratio.value(), 1.5, 1e-12);
  EXPECT_NEAR(geometric_ratio_ci(kSeconds, slower, 0.95).ratio.value(), 1.5, 1e-12);
}

TEST(PairedRatio, NeedsTimesAboveZero) {
  EXPECT_EQ(walsh_ratio_ci(std::vector{1.0, 0.0}, std::vector{1.0, 2.0}, 0.95).ratio, std::nullopt);
  EXPECT_EQ(geometric_ratio_ci(std::vector{1.0, 2.0}, std::vector{-1.0, 2.0}, 0.95).ratio,
            std::nullopt);
  EXPECT_EQ(walsh_ratio_ci({}, {}, 0.95).p, std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
