#include <faceoff/stats/distributions.h>
#include <faceoff/stats/proportion.h>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

// The share of outcomes, by probability, whose interval holds the true p.
template <class Method>
double coverage(std::size_t n, double p, Method method) {
  double covered = 0.0;
  for (std::size_t x = 0; x <= n; ++x) {
    covered += method(x, n, 0.95).interval.excludes(p) ? 0.0 : binomial_pmf(x, n, p);
  }
  return covered;
}

TEST(Wilson, MatchesTheReportedExample) {
  const Estimate estimate = wilson_ci(33, 40, 0.95);
  EXPECT_NEAR(estimate.value.value(), 0.825, 1e-12);
  EXPECT_NEAR(estimate.interval.lo.value(), 0.681, 5e-4);
  EXPECT_NEAR(estimate.interval.hi.value(), 0.913, 5e-4);
}

TEST(Wilson, OfOneRightAnswerIsWide) {
  EXPECT_NEAR(wilson_ci(1, 1, 0.95).interval.lo.value(), 0.207, 5e-4);
  EXPECT_EQ(wilson_ci(1, 1, 0.95).interval.hi, 1.0);
}

TEST(Wilson, CoversAsEnumerationSays) {
  EXPECT_NEAR(coverage(10, 0.8, wilson_ci), 0.967, 5e-4);
  EXPECT_NEAR(coverage(30, 0.95, wilson_ci), 0.939, 5e-4);
  EXPECT_NEAR(coverage(100, 0.95, wilson_ci), 0.966, 5e-4);
}

TEST(Jeffreys, CoversAsEnumerationSays) {
  EXPECT_NEAR(coverage(30, 0.8, jeffreys_ci), 0.930, 5e-4);
  EXPECT_NEAR(coverage(100, 0.95, jeffreys_ci), 0.935, 5e-4);
}

TEST(ClopperPearson, NeverCoversLessThanItsLevel) {
  for (std::size_t n = 1; n <= 40; n += 3) {
    for (double p = 0.01; p < 1.0; p += 0.07) {
      EXPECT_GE(coverage(n, p, clopper_pearson_ci), 0.95) << n << ' ' << p;
    }
  }
}

TEST(Proportion, IntervalsHoldTheEstimateAndMirror) {
  for (const auto method : {wilson_ci, clopper_pearson_ci, jeffreys_ci}) {
    for (std::size_t x = 0; x <= 25; ++x) {
      const Estimate one = method(x, 25, 0.9);
      const Estimate other = method(25 - x, 25, 0.9);
      EXPECT_FALSE(one.interval.excludes(one.value.value())) << x;
      EXPECT_NEAR(one.interval.lo.value(), 1.0 - other.interval.hi.value(), 1e-12) << x;
    }
  }
}

TEST(Proportion, OfNothingIsNull) {
  for (const auto method : {wilson_ci, clopper_pearson_ci, jeffreys_ci}) {
    EXPECT_EQ(method(0, 0, 0.95), Estimate{});
  }
  EXPECT_EQ(newcombe_independent_ci({.x = 1, .n = 2}, {}, 0.95), Estimate{});
  EXPECT_EQ(wilson_interval(0.0, 0.0, 1.96), Interval{});
  EXPECT_NEAR(beta_credible_ci(0, 0, {}, 0.95).value.value(), 0.5, 1e-15);
}

TEST(BinomialTest, TwoSidedAddsEveryOutcomeThatIsNotMoreLikely) {
  for (const double p0 : {0.1, 0.37, 0.5, 0.9}) {
    for (std::size_t x = 0; x <= 23; ++x) {
      double expected = 0.0;
      for (std::size_t k = 0; k <= 23; ++k) {
        const double pmf = binomial_pmf(k, 23, p0);
        expected += pmf <= binomial_pmf(x, 23, p0) * (1.0 + 1e-7) ? pmf : 0.0;
      }
      EXPECT_NEAR(binomial_test(x, 23, p0), expected, 1e-12) << x << ' ' << p0;
    }
  }
}

TEST(BinomialTest, HoldsForImpossibleAndCertainShares) {
  EXPECT_EQ(binomial_test(0, 5, 0.0), 1.0);
  EXPECT_EQ(binomial_test(1, 5, 0.0), 0.0);
  EXPECT_EQ(binomial_test(5, 5, 1.0), 1.0);
  EXPECT_EQ(binomial_test(4, 5, 1.0), 0.0);
  EXPECT_EQ(binomial_test(0, 0, 0.3), 1.0);
}

TEST(BinomialTest, OneSidedTailsOverlapInTheOutcome) {
  EXPECT_NEAR(binomial_test(7, 10, 0.5, Alternative::greater) +
                  binomial_test(7, 10, 0.5, Alternative::less),
              1.0 + binomial_pmf(7, 10, 0.5),
              1e-14);
}

TEST(NewcombeIndependent, ChangesSignWithTheOrder) {
  const Estimate forward = newcombe_independent_ci({.x = 56, .n = 70}, {.x = 48, .n = 80}, 0.95);
  const Estimate backward = newcombe_independent_ci({.x = 48, .n = 80}, {.x = 56, .n = 70}, 0.95);
  EXPECT_NEAR(forward.value.value(), -0.2, 1e-12);
  EXPECT_NEAR(forward.interval.lo.value(), -0.3339, 5e-5);
  EXPECT_NEAR(forward.interval.hi.value(), -0.0524, 5e-5);
  EXPECT_NEAR(forward.interval.lo.value(), -backward.interval.hi.value(), 1e-12);
}

}  // namespace
}  // namespace faceoff::stats
