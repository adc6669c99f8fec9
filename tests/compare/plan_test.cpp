#include <faceoff/compare/plan.h>

#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

// The tables of docs/statistics.md.
TEST(Plan, AgreesWithThePublishedTables) {
  EXPECT_NEAR(*detectable_with(40, {.disagreement = 0.2}), 0.192, 0.0006);
  EXPECT_NEAR(*detectable_with(100, {.disagreement = 0.1}), 0.088, 0.0006);
  EXPECT_NEAR(*detectable_with(300, {.disagreement = 0.3}), 0.088, 0.0006);
  EXPECT_FALSE(detectable_with(10, {.disagreement = 0.4}));
  EXPECT_EQ(cases_needed(0.10, {.disagreement = 0.2}), 155U);
  EXPECT_EQ(cases_needed(0.05, {.disagreement = 0.3}), 940U);
  EXPECT_EQ(cases_needed(0.03, {.disagreement = 0.1}), 870U);
  EXPECT_FALSE(cases_needed(0.15, {.disagreement = 0.1}));
  EXPECT_NEAR(expected_disagreement(0.8), 0.16, 1e-12);
  EXPECT_NEAR(expected_disagreement(0.8, 0.0), 0.32, 1e-12);
}

TEST(Plan, NumberAndDifferenceAreEachOthersInverse) {
  for (const double psi : {0.1, 0.2, 0.4}) {
    for (const std::uint32_t repeats : {1U, 3U}) {
      for (const std::uint64_t clusters : {std::uint64_t{0}, std::uint64_t{400}}) {
        const Design design{
            .disagreement = psi, .repeats = repeats, .clusters = clusters, .icc = 0.2};
        const auto difference = detectable_with(800, design);
        ASSERT_TRUE(difference);
        const auto cases = cases_needed(*difference, design);
        ASSERT_TRUE(cases);
        EXPECT_NEAR(static_cast<double>(*cases), 800, 8);
        EXPECT_NEAR(chance_to_show(800, *difference, design), 0.8, 0.03);
      }
    }
  }
}

TEST(Plan, RepeatsGainOnlyWhatWavers) {
  const Design once{.disagreement = 0.2};
  const Design often{.disagreement = 0.2, .repeats = 1000};
  EXPECT_LT(*detectable_with(400, often), *detectable_with(400, once));
  EXPECT_NEAR(static_cast<double>(*cases_needed(0.05, often)) /
                  static_cast<double>(*cases_needed(0.05, once)),
              0.5,
              0.02);
}

TEST(Plan, FewGroupsCannotBeHelpedByCases) {
  EXPECT_FALSE(cases_needed(0.05, {.disagreement = 0.2, .clusters = 20, .icc = 0.3}));
  EXPECT_GT(*cases_needed(0.05, {.disagreement = 0.2, .clusters = 400, .icc = 0.3}), 626U);
}

}  // namespace
}  // namespace faceoff::compare
