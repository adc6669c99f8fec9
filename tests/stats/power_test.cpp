#include "stats/trinomial.h"

#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/power.h>

#include <cmath>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(RequiredN, MatchesMillersExample) {
  // Omega^2 = 1/9, differences of 3 points, as many repeats as anyone could want.
  const EpochVariance variance{
      .omega2 = 1.0 / 9.0, .sigma2_a = 1.0 / 6.0, .sigma2_b = 1.0 / 6.0, .k_a = 1e12, .k_b = 1e12};
  EXPECT_EQ(required_n_epochs(variance, 0.03)->n, 969U);
}

TEST(RequiredN, MatchesThePlanningTable) {
  const auto prompts = [](double delta, double psi) {
    return required_n_paired_binary((psi - delta) / 2.0, (psi + delta) / 2.0)->n;
  };
  EXPECT_EQ(prompts(0.01, 0.1), 7847U);
  EXPECT_EQ(prompts(0.02, 0.2), 3923U);
  EXPECT_EQ(prompts(0.05, 0.2), 626U);
  EXPECT_EQ(prompts(0.10, 0.3), 234U);
  EXPECT_EQ(prompts(0.20, 0.3), 57U);
}

TEST(RequiredN, IsNullForNoDifference) {
  EXPECT_EQ(required_n_paired_binary(0.1, 0.1), std::nullopt);
  EXPECT_EQ(required_n_paired_mean(0.3, 0.0), std::nullopt);
  EXPECT_EQ(required_n_epochs({.omega2 = 1.0}, 0.0), std::nullopt);
}

TEST(Mde, MatchesThePlanningTable) {
  EXPECT_NEAR(mde_paired_binary(40, 0.2).value(), 0.192, 5e-4);
  EXPECT_NEAR(mde_paired_binary(40, 0.3).value(), 0.236, 5e-4);
  EXPECT_NEAR(mde_paired_binary(100, 0.1).value(), 0.088, 5e-4);
  EXPECT_NEAR(mde_paired_binary(1000, 0.4).value(), 0.056, 5e-4);
  EXPECT_EQ(mde_paired_binary(10, 0.4), std::nullopt);
  EXPECT_EQ(mde_paired_binary(40, 0.1), std::nullopt);
  EXPECT_EQ(mde_paired_binary(0, 0.2), std::nullopt);
}

TEST(Mde, ShrinksWithRepeatsOnlyToTheSpreadBetweenPrompts) {
  const auto mde = [](double k) {
    return mde_paired_mean(100, std::sqrt(0.25 * 0.25 + 2.0 * 0.1 / k)).value();
  };
  EXPECT_NEAR(mde(1.0), 0.144, 5e-4);
  EXPECT_NEAR(mde(3.0), 0.101, 5e-4);
  EXPECT_NEAR(mde(1e12), 0.070, 5e-4);
}

TEST(Mde, OfALatencyRatioIsAFactor) {
  EXPECT_NEAR(mde_ratio(40, 0.3).value(), 1.14, 5e-3);
  EXPECT_NEAR(mde_ratio(100, 0.1).value(), 1.03, 5e-3);
  EXPECT_EQ(mde_ratio(0, 0.3), std::nullopt);
}

TEST(Mde, AndRequiredNInvertEachOther) {
  const double delta = mde_paired_binary(250, 0.25).value();
  const auto size = required_n_paired_binary((0.25 - delta) / 2.0, (0.25 + delta) / 2.0);
  EXPECT_NEAR(size->raw, 250.0, 1e-6);
}

TEST(PowerMcNemar, AgreesWithEnumeratingEveryOutcome) {
  for (const McNemarTest test : {McNemarTest::exact, McNemarTest::mid_p, McNemarTest::asymptotic}) {
    const double expected =
        testing::expectation(30, 0.05, 0.2, [&](std::size_t n10, std::size_t n01) {
          const McNemar p = mcnemar(n10, n01);
          const double value = test == McNemarTest::exact   ? p.p_exact
                               : test == McNemarTest::mid_p ? p.p_mid
                                                            : p.p_asymptotic;
          return value <= 0.05 ? 1.0 : 0.0;
        });
    EXPECT_NEAR(power_mcnemar(30, 0.05, 0.2, 0.05, test), expected, 1e-10);
  }
}

TEST(PowerMcNemar, ReachesEightyPercentAtTheExactTablesDifference) {
  // n = 40, psi = .2: 18.1 points by enumeration where the formula says 19.2.
  EXPECT_NEAR(power_mcnemar(40, (0.2 - 0.181) / 2.0, (0.2 + 0.181) / 2.0, 0.05), 0.80, 5e-3);
}

TEST(PowerMcNemar, IsZeroWhereNothingDiffers) {
  EXPECT_EQ(power_mcnemar(50, 0.0, 0.0, 0.05), 0.0);
  EXPECT_EQ(power_mcnemar(0, 0.1, 0.2, 0.05), 0.0);
}

TEST(DesignEffect, GrowsWithClusterSize) {
  EXPECT_DOUBLE_EQ(design_effect(5.0, 0.25), 2.0);
  EXPECT_DOUBLE_EQ(design_effect(1.0, 0.9), 1.0);
}

}  // namespace
}  // namespace faceoff::stats
