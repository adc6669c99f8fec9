#include <faceoff/stats/interval.h>

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(Interval, ExcludesValuesBeyondItsEnds) {
  const Interval interval{.lo = -0.1, .hi = 0.3};
  EXPECT_TRUE(interval.excludes(-0.2));
  EXPECT_TRUE(interval.excludes(0.4));
  EXPECT_FALSE(interval.excludes(-0.1));
  EXPECT_FALSE(interval.excludes(0.0));
  EXPECT_DOUBLE_EQ(interval.half_width().value(), 0.2);
}

TEST(Interval, WithoutAnEndExcludesNothingOnThatSide) {
  const Interval open{.lo = 1.0};
  EXPECT_TRUE(open.excludes(0.5));
  EXPECT_FALSE(open.excludes(1e300));
  EXPECT_FALSE(open.bounded());
  EXPECT_EQ(open.half_width(), std::nullopt);
}

TEST(DegenerateInterval, OfFortyRightAnswersReachesDownTo93Percent) {
  const Interval interval = degenerate_interval(1.0, {}, 40, 0.95);
  EXPECT_NEAR(interval.lo.value(), 0.928, 5e-4);
  EXPECT_EQ(interval.hi, 1.0);
}

TEST(DegenerateInterval, OfFortyEqualDifferencesIsSevenPointsEachWay) {
  const Interval interval = degenerate_interval(0.0, {.lo = -1.0, .hi = 1.0}, 40, 0.95);
  EXPECT_NEAR(interval.lo.value(), -0.072, 5e-4);
  EXPECT_NEAR(interval.hi.value(), 0.072, 5e-4);
}

TEST(DegenerateInterval, OfNothingHasNoEnds) {
  EXPECT_EQ(degenerate_interval(0.5, {}, 0, 0.95), Interval{});
}

TEST(AllEqual, ForgivesRoundingButNothingElse) {
  EXPECT_TRUE(all_equal(std::vector{0.3 - 0.1, 0.4 - 0.2, 0.2}, 1.0));
  EXPECT_FALSE(all_equal(std::vector{0.2, 0.2 + 1e-9}, 1.0));
  EXPECT_TRUE(all_equal({}, 1.0));
}

TEST(DetectableDifference, IsAbout143PercentOfTheHalfWidth) {
  const Interval interval{.lo = -0.1, .hi = 0.1};
  EXPECT_NEAR(detectable_difference(interval).value(), 0.14294, 1e-5);
  EXPECT_EQ(detectable_difference({.lo = 0.0}), std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
