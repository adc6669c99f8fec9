#include <faceoff/stats/judge.h>
#include <faceoff/stats/paired_binary.h>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

constexpr auto kA = Preference::a;
constexpr auto kB = Preference::b;
constexpr auto kTie = Preference::tie;

TEST(JudgeSwap, CountsOnlyVerdictsThatSurviveTheSwap) {
  const std::vector a_first{kB, kA, kA, kTie, kB, kTie};
  const std::vector b_first{kB, kA, kB, kTie, kTie, kA};
  const JudgeSwap result = judge_swap(a_first, b_first);
  EXPECT_EQ(result.wins, 1U);
  EXPECT_EQ(result.losses, 1U);
  EXPECT_EQ(result.ties, 4U);
  EXPECT_EQ(result.flips, 1U);
  EXPECT_EQ(result.first_position_flips, 1U);
  EXPECT_NEAR(result.winrate.value(), 0.5, 1e-15);
  EXPECT_NEAR(result.winrate_avg.value(), (1.0 + 0.0 + 0.5 + 0.5 + 0.75 + 0.25) / 6.0, 1e-15);
  EXPECT_NEAR(result.consistency.value(), 0.5, 1e-15);
}

TEST(JudgeSwap, SeesAJudgeThatPrefersTheSecondAnswer) {
  const JudgeSwap result = judge_swap(std::vector{kB, kB}, std::vector{kA, kA});
  EXPECT_EQ(result.flips, 2U);
  EXPECT_EQ(result.first_position_flips, 0U);
  EXPECT_EQ(judge_swap({}, {}).winrate, std::nullopt);
}

TEST(WinRate, MatchesTheReportedExample) {
  const Estimate estimate = win_rate_ci(18, 12, 40, 0.95);
  EXPECT_NEAR(estimate.value.value(), 0.575, 1e-12);
  EXPECT_NEAR(estimate.interval.lo.value(), 0.441, 5e-4);
  EXPECT_NEAR(estimate.interval.hi.value(), 0.698, 5e-4);
  EXPECT_NEAR(mcnemar(12, 18).p_mid, 0.28, 5e-3);
  EXPECT_EQ(win_rate_ci(0, 0, 0, 0.95), Estimate{});
}

TEST(LengthControl, LeavesTheRateAloneWhereLengthsAreBalanced) {
  const std::vector<double> preference{1, 0, 1, 0, 1, 1, 1, 1};
  const std::vector<double> lengths{10, 10, -10, -10, 20, -20, 5, -5};
  const LengthControlled result = lc_winrate(preference, lengths);
  EXPECT_NEAR(result.winrate.value(), 0.75, 1e-15);
  EXPECT_NEAR(result.slope.value(), 0.0, 1e-9);
  EXPECT_NEAR(result.lc_winrate.value(), 0.75, 1e-9);
}

TEST(LengthControl, TakesOffWhatLongerAnswersWon) {
  const std::vector<double> preference{1, 1, 1, 0, 1, 0, 1, 1};
  const std::vector<double> lengths{90, 80, 70, -40, 60, 20, -10, 50};
  const LengthControlled result = lc_winrate(preference, lengths);
  EXPECT_LT(result.lc_winrate.value(), result.winrate.value());
  EXPECT_GT(result.slope.value(), 0.0);
}

TEST(LengthControl, HasNoFitWhereLengthsDecideEverything) {
  const LengthControlled separated =
      lc_winrate(std::vector<double>{1, 1, 0, 0}, std::vector<double>{9, 5, -5, -9});
  EXPECT_EQ(separated.lc_winrate, std::nullopt);
  EXPECT_EQ(separated.winrate, 0.5);
  EXPECT_EQ(lc_winrate(std::vector<double>{1, 0}, std::vector<double>{3, 3}).slope, std::nullopt);
  EXPECT_EQ(lc_winrate(std::vector<double>{1, 1}, std::vector<double>{3, 4}).slope, std::nullopt);
}

TEST(PredictionPowered, CorrectsTheJudgeByTheHumans) {
  const std::vector judge{0.6, 0.8, 0.7, 0.9};
  const PredictionPowered result =
      ppi_mean(judge, std::vector{0.5, 0.7, 0.9}, std::vector{0.4, 0.6, 0.8}, 0.95);
  EXPECT_NEAR(result.value.value(), 0.75 - 0.1, 1e-12);
  EXPECT_FALSE(result.interval.excludes(*result.value));
  EXPECT_EQ(ppi_mean(judge, {}, {}, 0.95).value, std::nullopt);
  EXPECT_EQ(ppi_mean(judge, std::vector{0.5}, std::vector{0.4}, 0.95).se, std::nullopt);
}

TEST(Brier, IsTheMeanSquaredError) {
  EXPECT_NEAR(brier(std::vector{1.0, 0.5}, std::vector{0.0, 1.0}).value(), 0.625, 1e-15);
  EXPECT_EQ(brier({}, {}), std::nullopt);
}

TEST(CalibrationError, PutsTheLastEdgeInTheLastBin) {
  const auto result = calibration_error(std::vector{1.0, 0.0, 0.5}, std::vector{1.0, 0.0, 0.0}, 2);
  EXPECT_NEAR(result->ece, 0.5 / 3.0, 1e-15);
  EXPECT_NEAR(result->mce, 0.25, 1e-15);
  EXPECT_EQ(calibration_error({}, {}, 10), std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
