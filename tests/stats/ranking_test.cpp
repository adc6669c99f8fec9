#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/ranking.h>

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

using Table = std::vector<std::vector<double>>;

TEST(BradleyTerry, OfTwoModelsIsTheLogitOfTheWinRate) {
  const auto result = bradley_terry(Table{{0, 30}, {10, 0}}, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_NEAR(result->theta[0] - result->theta[1], std::log(3.0), 1e-12);
  EXPECT_NEAR(result->se_vs_first[1], std::sqrt(1.0 / 30.0 + 1.0 / 10.0), 1e-12);
}

TEST(BradleyTerry, ExplainsTheWinsOfEveryModel) {
  const Table wins{{0, 12, 7, 20}, {5, 0, 9, 11}, {8, 6, 0, 14}, {2, 6, 1, 0}};
  const Table ties{{0, 2, 0, 1}, {2, 0, 3, 0}, {0, 3, 0, 4}, {1, 0, 4, 0}};
  const auto result = bradley_terry(wins, ties);
  ASSERT_TRUE(result.has_value());
  EXPECT_NEAR(std::accumulate(result->theta.begin(), result->theta.end(), 0.0), 0.0, 1e-12);
  for (std::size_t i = 0; i < 4; ++i) {
    double won = 0.0;
    double expected = 0.0;
    for (std::size_t j = 0; j < 4; ++j) {
      if (i == j) {
        continue;
      }
      won += wins[i][j] + 0.5 * ties[i][j];
      expected += (wins[i][j] + wins[j][i] + ties[i][j]) /
                  (1.0 + std::exp(result->theta[j] - result->theta[i]));
    }
    EXPECT_NEAR(won, expected, 1e-9) << i;
  }
}

TEST(BradleyTerry, IsNullForAModelThatNeverLost) {
  EXPECT_EQ(bradley_terry(Table{{0, 5}, {0, 0}}, {}), std::nullopt);
  EXPECT_EQ(bradley_terry(Table{{0, 5, 1}, {3, 0, 2}, {0, 0, 0}}, {}), std::nullopt);
  EXPECT_EQ(bradley_terry({}, {}), std::nullopt);
}

TEST(BradleyTerry, SurvivesAVeryUnevenTable) {
  const auto result = bradley_terry(Table{{0, 100000}, {1, 0}}, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_NEAR(result->theta[0] - result->theta[1], std::log(100000.0), 1e-9);
}

TEST(CochranQ, OfTwoModelsIsTheSquareOfMcNemarsZ) {
  const Table scores{{1, 0}, {1, 0}, {0, 1}, {1, 0}, {1, 1}, {0, 0}, {1, 0}};
  const double z = mcnemar(4, 1).z;
  EXPECT_NEAR(cochran_q(scores)->statistic, z * z, 1e-12);
  EXPECT_NEAR(cochran_q(scores)->p, mcnemar(4, 1).p_asymptotic, 1e-12);
}

TEST(Friedman, RanksWithinEachItem) {
  // No ties, rank sums 3, 6, 9 of three items: 12 / (3 * 3 * 4) * 126 - 3 * 3 * 4 = 6.
  const Table scores{{1, 2, 3}, {10, 20, 30}, {0.1, 0.2, 0.3}};
  EXPECT_NEAR(friedman(scores)->statistic, 6.0, 1e-12);
  EXPECT_EQ(friedman(scores)->df, 2U);
}

TEST(Omnibus, IsNullWhereEveryItemIsTied) {
  EXPECT_EQ(cochran_q(Table{{1, 1, 1}, {0, 0, 0}}), std::nullopt);
  EXPECT_EQ(friedman(Table{{2, 2, 2}, {3, 3, 3}}), std::nullopt);
  EXPECT_EQ(friedman({}), std::nullopt);
}

TEST(RankRanges, WidenWhereNothingIsShown) {
  const std::vector<std::vector<bool>> better{
      {false, false, true}, {false, false, false}, {false, false, false}};
  EXPECT_THAT(rank_ranges(better),
              ::testing::ElementsAre(RankRange{.best = 1, .worst = 2},
                                     RankRange{.best = 1, .worst = 3},
                                     RankRange{.best = 2, .worst = 3}));
}

}  // namespace
}  // namespace faceoff::stats
