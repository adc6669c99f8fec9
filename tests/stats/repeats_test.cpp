#include <faceoff/stats/repeats.h>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(VarianceComponents, SplitPromptsFromRepeats) {
  const std::vector<std::vector<double>> steady{{1, 1}, {0, 0}, {1, 1}, {0, 0}};
  const VarianceComponents result = variance_components(steady);
  EXPECT_EQ(result.var_within, 0.0);
  EXPECT_EQ(result.se_rerun, 0.0);
  EXPECT_EQ(result.icc, 1.0);
  EXPECT_NEAR(result.se.value(), 0.288675, 1e-6);
}

TEST(VarianceComponents, NeverGoBelowZeroBetweenPrompts) {
  const std::vector<std::vector<double>> flaky{{1, 0}, {0, 1}, {1, 0}};
  const VarianceComponents result = variance_components(flaky);
  EXPECT_EQ(result.var_between, 0.0);
  EXPECT_EQ(result.icc, 0.0);
  EXPECT_GT(result.se_rerun.value(), 0.0);
}

TEST(VarianceComponents, WithoutRepeatsKnowNothingOfThem) {
  const std::vector<std::vector<double>> single{{1}, {0}, {}, {1}};
  const VarianceComponents result = variance_components(single);
  EXPECT_NEAR(result.mean.value(), 2.0 / 3.0, 1e-15);
  EXPECT_TRUE(result.se.has_value());
  EXPECT_EQ(result.var_within, std::nullopt);
  EXPECT_EQ(result.se_rerun, std::nullopt);
  EXPECT_EQ(variance_components({}).mean, std::nullopt);
}

TEST(VarianceComponents, OfOnePromptHaveNoSpreadBetweenPrompts) {
  const std::vector<std::vector<double>> one{{1, 0, 1, 1}};
  const VarianceComponents result = variance_components(one);
  EXPECT_EQ(result.se, std::nullopt);
  EXPECT_EQ(result.var_between, std::nullopt);
  EXPECT_NEAR(result.var_within.value(), 0.25, 1e-15);
}

TEST(PassAtK, IsTheShareOfSubsetsWithARightAnswer) {
  // 1 - C(7, 5) / C(10, 5)
  EXPECT_NEAR(pass_at_k(10, 3, 5).value(), 1.0 - 21.0 / 252.0, 1e-15);
  EXPECT_NEAR(pass_at_k(10, 3, 1).value(), 0.3, 1e-15);
  EXPECT_EQ(pass_at_k(10, 0, 5), 0.0);
  EXPECT_EQ(pass_at_k(10, 6, 5), 1.0);
}

TEST(PassHatK, IsTheShareOfSubsetsWithoutAWrongAnswer) {
  EXPECT_NEAR(pass_hat_k(8, 6, 3).value(), 20.0 / 56.0, 1e-15);
  EXPECT_NEAR(pass_hat_k(10, 3, 1).value(), 0.3, 1e-15);
  EXPECT_EQ(pass_hat_k(10, 2, 3), 0.0);
  EXPECT_EQ(pass_hat_k(10, 10, 4), 1.0);
}

TEST(PassAtK, NeedsAsManySamplesAsItAsksFor) {
  EXPECT_EQ(pass_at_k(3, 1, 5), std::nullopt);
  EXPECT_EQ(pass_at_k(3, 4, 1), std::nullopt);
  EXPECT_EQ(pass_hat_k(3, 1, 0), std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
