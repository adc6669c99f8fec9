#include <faceoff/stats/distributions.h>
#include <faceoff/stats/sequential.h>

#include <cmath>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(SignEvidence, ExpectsToStayAtOneWhenTheModelsAreAlike) {
  // Under the null the mean of E over all outcomes of any fixed length is 1.
  for (const std::size_t m : {std::size_t{1}, std::size_t{7}, std::size_t{40}}) {
    double mean = 0.0;
    for (std::size_t wins = 0; wins <= m; ++wins) {
      mean += binomial_pmf(wins, m, 0.5) * std::exp(evalue_sign(wins, m - wins).log_e);
    }
    EXPECT_NEAR(mean, 1.0, 1e-11) << m;
  }
}

TEST(SignEvidence, StartsAtNothingAndGrowsWithOneSidedWins) {
  EXPECT_NEAR(evalue_sign(0, 0).log_e, 0.0, 1e-12);
  EXPECT_EQ(evalue_sign(0, 0).p_anytime, 1.0);
  EXPECT_LT(evalue_sign(12, 0).p_anytime, 0.05);
  EXPECT_EQ(evalue_sign(12, 3).log_e, evalue_sign(3, 12).log_e);
}

TEST(RunningMean, IsWiderThanAFixedSampleAndShrinks) {
  const Interval early = msprt_ci({.n = 50, .mean = 0.02, .sd = 0.4}, 0.05, 0.95);
  const Interval late = msprt_ci({.n = 500, .mean = 0.02, .sd = 0.4}, 0.05, 0.95);
  EXPECT_GT(early.half_width().value(), 1.96 * 0.4 / std::sqrt(50.0));
  EXPECT_GT(early.half_width().value(), late.half_width().value());
  EXPECT_EQ(msprt_ci({.n = 1, .mean = 0.0, .sd = 0.4}, 0.05, 0.95), Interval{});
  EXPECT_EQ(msprt_ci({.n = 50, .mean = 0.0, .sd = 0.0}, 0.05, 0.95), Interval{});
}

TEST(Curtail, StopsAsSoonAsTheVerdictCannotChange) {
  EXPECT_EQ(curtail(0, 20, 180, 200), Curtailed::undecided);
  EXPECT_EQ(curtail(0, 21, 180, 200), Curtailed::out_of_reach);
  EXPECT_EQ(curtail(179, 20, 180, 200), Curtailed::undecided);
  EXPECT_EQ(curtail(180, 0, 180, 200), Curtailed::reached);
}

}  // namespace
}  // namespace faceoff::stats
