#include "stats/trinomial.h"

#include <faceoff/stats/paired_binary.h>

#include <algorithm>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

// 161 patients of Fagerland, Lydersen and Laake (2014), airway hyper-responsiveness.
constexpr PairedCounts kPublished{.n11 = 59, .n10 = 16, .n01 = 6, .n00 = 80};

TEST(McNemar, MatchesThePublishedMidP) {
  EXPECT_NEAR(mcnemar(16, 6).p_mid, 0.034690, 5e-7);
  EXPECT_NEAR(mcnemar(16, 6).p_exact, 0.0525, 5e-5);
}

TEST(McNemar, WithoutDisagreementIsCertainOfNothing) {
  const McNemar test = mcnemar(0, 0);
  EXPECT_EQ(test.p_mid, 1.0);
  EXPECT_EQ(test.p_exact, 1.0);
  EXPECT_EQ(test.p_asymptotic, 1.0);
  EXPECT_EQ(test.z, 0.0);
}

TEST(McNemar, GivesBothModelsTheSamePAndOppositeZ) {
  for (std::size_t n10 = 0; n10 <= 12; ++n10) {
    for (std::size_t n01 = 0; n01 <= 12; ++n01) {
      EXPECT_EQ(mcnemar(n10, n01).p_mid, mcnemar(n01, n10).p_mid);
      EXPECT_EQ(mcnemar(n10, n01).z, -mcnemar(n01, n10).z);
      EXPECT_LE(mcnemar(n10, n01).p_mid, mcnemar(n10, n01).p_exact);
    }
  }
}

TEST(McNemar, MidPNeverErrsMoreThanItsLevelInTypicalRuns) {
  for (const double psi : {0.05, 0.16, 0.32}) {
    for (const std::size_t n : {std::size_t{10}, std::size_t{40}, std::size_t{100}}) {
      const double error =
          testing::expectation(n, psi / 2.0, psi / 2.0, [](std::size_t n10, std::size_t n01) {
            return mcnemar(n10, n01).p_mid <= 0.05 ? 1.0 : 0.0;
          });
      EXPECT_LE(error, 0.05) << psi << ' ' << n;
    }
  }
}

TEST(Tango, MatchesThePublishedInterval) {
  const Estimate estimate = tango_ci(16, 6, 161, 0.95);
  EXPECT_NEAR(estimate.interval.lo.value(), -0.1240, 5e-5);
  EXPECT_NEAR(estimate.interval.hi.value(), -0.0054, 5e-5);
}

TEST(Newcombe, MatchesThePublishedInterval) {
  const Estimate estimate = newcombe_paired_ci(kPublished, 0.95);
  EXPECT_NEAR(estimate.interval.lo.value(), -0.1186, 5e-5);
  EXPECT_NEAR(estimate.interval.hi.value(), -0.0046, 5e-5);
}

TEST(BonettPrice, MatchesThePublishedInterval) {
  const Estimate estimate = bonett_price_ci(16, 6, 161, 0.95);
  EXPECT_NEAR(estimate.interval.lo.value(), -0.1195, 5e-5);
  EXPECT_NEAR(estimate.interval.hi.value(), -0.0032, 5e-5);
}

TEST(Tango, ExcludesZeroWheneverTheMidPIsSignificant) {
  for (const double alpha : {0.10, 0.05, 0.01}) {
    for (std::size_t m = 1; m <= 200; ++m) {
      for (std::size_t fewer = 0; fewer <= m / 2; ++fewer) {
        if (mcnemar(m - fewer, fewer).p_mid > alpha) {
          break;
        }
        EXPECT_LT(tango_ci(m - fewer, fewer, m + m / 2, 1.0 - alpha).interval.hi.value(), 0.0)
            << alpha << ' ' << m << ' ' << fewer;
      }
    }
  }
}

TEST(Tango, HoldsTheEstimateAndMirrorsWhenTheModelsSwap) {
  for (std::size_t n10 = 0; n10 <= 12; ++n10) {
    for (std::size_t n01 = 0; n10 + n01 <= 12; ++n01) {
      const Estimate one = tango_ci(n10, n01, 12, 0.95);
      const Estimate other = tango_ci(n01, n10, 12, 0.95);
      EXPECT_FALSE(one.interval.excludes(one.value.value())) << n10 << ' ' << n01;
      EXPECT_NEAR(one.interval.lo.value(), -other.interval.hi.value(), 1e-12);
      EXPECT_GE(one.interval.lo.value(), -1.0);
      EXPECT_LE(one.interval.hi.value(), 1.0);
      EXPECT_GT(one.interval.half_width().value(), 0.0);
    }
  }
}

TEST(Tango, ReachesTheEdgeWhenAllPromptsAgreeOnOneModel) {
  EXPECT_EQ(tango_ci(0, 10, 10, 0.95).interval.hi, 1.0);
  EXPECT_EQ(tango_ci(10, 0, 10, 0.95).interval.lo, -1.0);
}

TEST(Tango, CoversAsEnumerationSays) {
  // p = .8, correlation .5, no difference; p = .95, correlation .3, 5 points apart.
  const auto covered = [](std::size_t n, double p10, double p01) {
    return testing::expectation(n, p10, p01, [=](std::size_t n10, std::size_t n01) {
      return tango_ci(n10, n01, n, 0.95).interval.excludes(p01 - p10) ? 0.0 : 1.0;
    });
  };
  EXPECT_NEAR(covered(30, 0.08, 0.08), 0.952, 6e-4);
  EXPECT_NEAR(covered(100, 0.08, 0.08), 0.951, 6e-4);
  EXPECT_GE(covered(30, 0.075, 0.025), 0.93);
}

TEST(TangoTest, AgreesWithTheIntervalAtItsEnds) {
  const Estimate estimate = tango_ci(12, 5, 200, 0.9);
  EXPECT_NEAR(tango_test(12, 5, 200, estimate.interval.lo.value()).p_greater.value(), 0.05, 1e-9);
  EXPECT_NEAR(tango_test(12, 5, 200, estimate.interval.hi.value()).p_less.value(), 0.05, 1e-9);
}

TEST(TangoTest, HoldsAtTheEdges) {
  EXPECT_EQ(tango_test(0, 0, 20, 0.0).z, 0.0);
  EXPECT_EQ(tango_test(0, 0, 20, 0.0).p_two_sided, 1.0);
  EXPECT_EQ(tango_test(0, 3, 20, -1.0).z, std::nullopt);
  EXPECT_EQ(tango_test(0, 3, 20, -1.0).p_greater, 0.0);
  EXPECT_EQ(tango_test(0, 0, 0, 0.1).p_greater, std::nullopt);
}

TEST(PairedBinary, OfNothingIsNull) {
  EXPECT_EQ(tango_ci(0, 0, 0, 0.95), Estimate{});
  EXPECT_EQ(newcombe_paired_ci({}, 0.95), Estimate{});
  EXPECT_EQ(bonett_price_ci(0, 0, 0, 0.95), Estimate{});
}

TEST(Newcombe, MirrorsWhenTheModelsSwap) {
  const Estimate one = newcombe_paired_ci(kPublished, 0.95);
  const Estimate other = newcombe_paired_ci({.n11 = 59, .n10 = 6, .n01 = 16, .n00 = 80}, 0.95);
  EXPECT_NEAR(one.interval.lo.value(), -other.interval.hi.value(), 1e-12);
}

TEST(ProbBBetter, IsOneHalfWithoutEvidenceAndComplementsOnSwap) {
  EXPECT_NEAR(prob_b_better(0, 0), 0.5, 1e-15);
  EXPECT_NEAR(prob_b_better(3, 9) + prob_b_better(9, 3), 1.0, 1e-14);
  EXPECT_NEAR(prob_b_better(3, 9), 1.0 - mcnemar(3, 9).p_mid / 2.0, 1e-2);
}

TEST(MinDiscordant, IsTheHardFloorOfSignificance) {
  EXPECT_EQ(min_discordant(0.05), 5U);
  EXPECT_EQ(min_discordant(0.01), 7U);
  // After Holm over 5, 10, 20 and 50 tags.
  EXPECT_EQ(min_discordant(0.05 / 5), 7U);
  EXPECT_EQ(min_discordant(0.05 / 10), 8U);
  EXPECT_EQ(min_discordant(0.05 / 20), 9U);
  EXPECT_EQ(min_discordant(0.05 / 50), 10U);
}

}  // namespace
}  // namespace faceoff::stats
