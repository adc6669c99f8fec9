#include <faceoff/base/histogram.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

using namespace std::chrono_literals;

TEST(DurationHistogram, IsEmptyAtFirst) {
  EXPECT_EQ(DurationHistogram{}.quantile(0.5), std::nullopt);
  EXPECT_EQ(DurationHistogram{}.max(), 0ns);
}

TEST(DurationHistogram, IsRightToASixteenthAndExactAtTheEnd) {
  for (const Duration d : {Duration{0ns},
                           Duration{1ns},
                           Duration{15ns},
                           Duration{16ns},
                           Duration{17ns},
                           Duration{999us},
                           Duration{20ms},
                           Duration{3h}}) {
    DurationHistogram one;
    one.add(d);
    EXPECT_EQ(one.quantile(0.5), d);
    EXPECT_EQ(one.max(), d);
    one.add(24h * 365);
    const Duration half = *one.quantile(0.5);
    EXPECT_GE(half, d);
    EXPECT_LE(half, d + d / 16);
  }
}

TEST(DurationHistogram, FindsQuantilesByNearestRank) {
  DurationHistogram all;
  for (int i = 1; i <= 100; ++i) {
    all.add(i * 1ms);
  }
  EXPECT_NEAR(to_ms(*all.quantile(0.5)), 50.0, 50.0 / 16);
  EXPECT_NEAR(to_ms(*all.quantile(0.99)), 99.0, 99.0 / 16);
  EXPECT_EQ(all.quantile(1.0), 100ms);
  DurationHistogram twice = all;
  twice.merge(all);
  EXPECT_EQ(twice.count(), 200U);
  EXPECT_EQ(twice.quantile(0.5), all.quantile(0.5));
}

TEST(DurationHistogram, TakesNegativeDurationsAsNothing) {
  DurationHistogram one;
  one.add(-5ms);
  EXPECT_EQ(one.quantile(1.0), 0ns);
}

}  // namespace
}  // namespace faceoff
