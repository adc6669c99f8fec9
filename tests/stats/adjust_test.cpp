#include <faceoff/stats/adjust.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;

const std::vector<double> kP{0.01, 0.04, 0.03, 0.005, 0.2, 0.04};

TEST(Holm, KeepsTheOrderOfTheInput) {
  EXPECT_THAT(adjust_p(kP, Adjustment::holm),
              ElementsAre(DoubleNear(0.05, 1e-12),
                          DoubleNear(0.12, 1e-12),
                          DoubleNear(0.12, 1e-12),
                          DoubleNear(0.03, 1e-12),
                          DoubleNear(0.2, 1e-12),
                          DoubleNear(0.12, 1e-12)));
}

TEST(Adjust, OrdersTheMethodsByStrictness) {
  const auto bonferroni = adjust_p(kP, Adjustment::bonferroni);
  const auto holm = adjust_p(kP, Adjustment::holm);
  const auto hochberg = adjust_p(kP, Adjustment::hochberg);
  const auto discovery = adjust_p(kP, Adjustment::benjamini_hochberg);
  for (std::size_t i = 0; i < kP.size(); ++i) {
    EXPECT_GE(bonferroni[i], holm[i]);
    EXPECT_GE(holm[i], hochberg[i]);
    EXPECT_GE(hochberg[i], discovery[i]);
    EXPECT_GE(discovery[i], kP[i]);
  }
}

TEST(Adjust, LeavesASingleTestAloneAndNeverExceedsOne) {
  for (const Adjustment method : {Adjustment::none,
                                  Adjustment::bonferroni,
                                  Adjustment::holm,
                                  Adjustment::hochberg,
                                  Adjustment::benjamini_hochberg,
                                  Adjustment::benjamini_yekutieli}) {
    EXPECT_THAT(adjust_p(std::vector{0.03}, method), ElementsAre(DoubleEq(0.03)));
    EXPECT_THAT(adjust_p(std::vector{0.9, 1.0}, method)[1], DoubleEq(1.0));
    EXPECT_TRUE(adjust_p({}, method).empty());
  }
}

TEST(BenjaminiYekutieli, MultipliesByTheHarmonicSum) {
  EXPECT_THAT(adjust_p(std::vector{0.01, 0.02}, Adjustment::benjamini_yekutieli),
              ElementsAre(DoubleNear(0.03, 1e-12), DoubleNear(0.03, 1e-12)));
}

}  // namespace
}  // namespace faceoff::stats
