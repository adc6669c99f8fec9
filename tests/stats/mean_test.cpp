#include <faceoff/stats/distributions.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/proportion.h>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(Mean, OfNothingIsNullAndOfOneHasNoError) {
  EXPECT_EQ(mean({}), std::nullopt);
  EXPECT_EQ(variance(std::vector{1.0}), std::nullopt);
  const MeanInterval one = mean_t_ci(std::vector{0.4}, 0.95);
  EXPECT_EQ(one.mean, 0.4);
  EXPECT_EQ(one.se, std::nullopt);
  EXPECT_EQ(one.interval, Interval{});
}

TEST(Mean, KeepsItsPrecisionFarFromZero) {
  EXPECT_NEAR(variance(std::vector{1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0}).value(), 1.0, 1e-9);
}

TEST(PairedT, ChangesSignWhenTheModelsSwap) {
  const std::vector a{0.5, 0.75, 1.0, 0.25, 0.5};
  const std::vector b{0.75, 0.75, 0.5, 0.5, 1.0};
  const TTest forward = paired_t(a, b, 0.95);
  const TTest backward = paired_t(b, a, 0.95);
  EXPECT_NEAR(forward.diff.value(), -backward.diff.value(), 1e-15);
  EXPECT_NEAR(forward.p.value(), backward.p.value(), 1e-14);
  EXPECT_NEAR(forward.interval.lo.value(), -backward.interval.hi.value(), 1e-14);
}

TEST(PairedT, IntervalTouchesZeroWhereThePIsOneMinusItsLevel) {
  const std::vector d{0.1, 0.3, -0.2, 0.4, 0.0, 0.25};
  const TTest test = one_sample_t(d, 0.95);
  const TTest at_p = one_sample_t(d, 1.0 - test.p.value());
  EXPECT_NEAR(at_p.interval.lo.value(), 0.0, 1e-12);
}

TEST(PairedT, WithoutSpreadHasNoP) {
  const TTest test = one_sample_t(std::vector{0.2, 0.2, 0.2}, 0.95);
  EXPECT_EQ(test.t, std::nullopt);
  EXPECT_EQ(test.p, std::nullopt);
}

TEST(WelchT, EqualsPooledTForEqualSizesAndSpreads) {
  const std::vector a{1.0, 2.0, 3.0, 4.0};
  const std::vector b{3.0, 4.0, 5.0, 6.0};
  const TTest test = welch_t(a, b, 0.95);
  EXPECT_NEAR(test.diff.value(), 2.0, 1e-15);
  EXPECT_NEAR(test.df.value(), 6.0, 1e-12);
}

TEST(WelchT, NeedsTwoValuesOnEachSide) {
  EXPECT_EQ(welch_t(std::vector{1.0}, std::vector{1.0, 2.0}, 0.95).se, std::nullopt);
  EXPECT_EQ(welch_t({}, std::vector{1.0, 2.0}, 0.95).diff, std::nullopt);
}

TEST(BoundedMean, OfBinaryScoresIsWilsonWithOneObservationLess) {
  const std::vector<double> x{1, 1, 1, 0, 1, 0, 1, 1, 1, 1};
  const BoundedMean result = bounded_mean_ci(x, {}, 0.95);
  EXPECT_NEAR(result.n_eff.value(), 9.0, 1e-12);
  const Interval expected = wilson_interval(0.8 * 9.0, 9.0, t_critical(0.95, 9.0));
  EXPECT_NEAR(result.interval.lo.value(), expected.lo.value(), 1e-12);
  EXPECT_NEAR(result.interval.hi.value(), expected.hi.value(), 1e-12);
}

TEST(BoundedMean, DoesNotDependOnTheScale) {
  const BoundedMean unit = bounded_mean_ci(std::vector{0.5, 0.75, 1.0, 0.25}, {}, 0.95);
  const BoundedMean five =
      bounded_mean_ci(std::vector{3.0, 4.0, 5.0, 2.0}, {.lo = 1.0, .hi = 5.0}, 0.95);
  EXPECT_NEAR(five.interval.lo.value(), 1.0 + 4.0 * unit.interval.lo.value(), 1e-12);
  EXPECT_NEAR(five.interval.hi.value(), 1.0 + 4.0 * unit.interval.hi.value(), 1e-12);
}

TEST(BoundedMean, OfEqualScoresIsNotCertain) {
  const BoundedMean result = bounded_mean_ci(std::vector(40, 1.0), {}, 0.95);
  EXPECT_EQ(result.n_eff, std::nullopt);
  EXPECT_NEAR(result.interval.lo.value(), 0.928, 5e-4);
  EXPECT_EQ(bounded_mean_ci({}, {}, 0.95).mean, std::nullopt);
}

TEST(BoundedDifference, OfEqualDifferencesIsNotCertain) {
  // Rounding leaves 0.3 - 0.1 and 0.4 - 0.2 apart in the last place.
  const TTest test = bounded_difference(std::vector{0.3 - 0.1, 0.4 - 0.2, 0.2}, {}, 0.95);
  EXPECT_NEAR(test.diff.value(), 0.2, 1e-12);
  EXPECT_EQ(test.p, std::nullopt);
  EXPECT_LT(test.interval.lo.value(), 0.0);
  EXPECT_GT(test.interval.half_width().value(), 0.3);
}

TEST(BoundedDifference, WithSpreadIsTheOrdinaryT) {
  const std::vector d{0.1, 0.3, -0.2, 0.4};
  EXPECT_EQ(bounded_difference(d, {}, 0.95).p, one_sample_t(d, 0.95).p);
}

TEST(Tost, IsSignificantExactlyWhenTheNinetyPercentIntervalLiesInside) {
  const std::vector d{0.02, -0.01, 0.03, 0.0, 0.01, -0.02, 0.01, 0.02};
  for (const double limit : {0.005, 0.01, 0.015, 0.02, 0.03}) {
    const Tost test = tost_paired(d, {.lo = -limit, .hi = limit});
    const bool inside = test.interval.lo > -limit && test.interval.hi < limit;
    EXPECT_EQ(test.p.value() < 0.05, inside) << limit;
  }
}

TEST(Lag1Autocorrelation, SeesAlternationAndTrend) {
  EXPECT_LT(lag1_autocorrelation(std::vector{1.0, -1.0, 1.0, -1.0, 1.0, -1.0}).value(), -0.5);
  EXPECT_GT(lag1_autocorrelation(std::vector{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}).value(), 0.4);
  EXPECT_EQ(lag1_autocorrelation(std::vector{2.0, 2.0, 2.0}), std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
