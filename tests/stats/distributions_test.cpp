#include <faceoff/stats/distributions.h>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(NormalDistribution, QuantileInvertsTheDistributionInBothTails) {
  for (const double p : {1e-12, 1e-5, 0.025, 0.3, 0.5, 0.8, 0.975, 0.99999}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-13 + 1e-11 * p);
  }
  EXPECT_NEAR(normal_critical(0.95), 1.959963984540054, 1e-13);
}

TEST(NormalDistribution, TwoSidedIsTwiceOneTail) {
  EXPECT_NEAR(normal_two_sided(-1.3), 2.0 * normal_cdf(-1.3), 1e-15);
  EXPECT_EQ(normal_two_sided(0.0), 1.0);
}

TEST(StudentsT, QuantileInvertsTheDistributionAtFractionalDegrees) {
  for (const double df : {1.0, 2.5, 4.468686886, 30.0, 1e6}) {
    for (const double p : {0.001, 0.2, 0.5, 0.975}) {
      EXPECT_NEAR(t_cdf(t_quantile(p, df), df), p, 1e-12);
    }
  }
}

TEST(StudentsT, ApproachesTheNormalDistribution) {
  EXPECT_NEAR(t_critical(0.95, 1e9), normal_critical(0.95), 1e-8);
}

TEST(StudentsT, AcceptsAnUnboundedStatistic) {
  EXPECT_EQ(t_cdf(std::numeric_limits<double>::infinity(), 3.0), 1.0);
  EXPECT_EQ(t_cdf(-std::numeric_limits<double>::infinity(), 3.0), 0.0);
}

TEST(BetaDistribution, QuantileInvertsTheDistribution) {
  EXPECT_NEAR(beta_cdf(beta_quantile(0.3, 2.5, 7.0), 2.5, 7.0), 0.3, 1e-13);
  EXPECT_EQ(beta_quantile(0.0, 2.0, 3.0), 0.0);
  EXPECT_EQ(beta_quantile(1.0, 2.0, 3.0), 1.0);
  EXPECT_NEAR(log_beta(0.5, 0.5), std::log(std::acos(-1.0)), 1e-14);
}

TEST(BinomialDistribution, TailsAddUpToOne) {
  for (std::size_t k = 0; k < 12; ++k) {
    EXPECT_NEAR(binomial_at_most(k, 12, 0.3) + binomial_at_least(k + 1, 12, 0.3), 1.0, 1e-14);
    EXPECT_NEAR(binomial_at_most(k, 12, 0.3) - binomial_at_most(k + 1, 12, 0.3),
                -binomial_pmf(k + 1, 12, 0.3),
                1e-14);
  }
}

TEST(BinomialDistribution, HoldsAtTheEdges) {
  EXPECT_EQ(binomial_at_most(0, 0, 0.5), 1.0);
  EXPECT_EQ(binomial_at_least(0, 0, 0.5), 1.0);
  EXPECT_EQ(binomial_at_least(4, 3, 0.5), 0.0);
  EXPECT_EQ(binomial_pmf(4, 3, 0.5), 0.0);
  EXPECT_EQ(binomial_pmf(0, 3, 0.0), 1.0);
  EXPECT_EQ(binomial_pmf(3, 3, 1.0), 1.0);
}

TEST(ChiSquared, OfTwoDegreesIsExponential) {
  EXPECT_NEAR(chi2_sf(3.0, 2.0), std::exp(-1.5), 1e-15);
  EXPECT_EQ(chi2_sf(0.0, 3.0), 1.0);
}

TEST(DistributionsDeathTest, RefuseArgumentsOutsideTheirDomain) {
  EXPECT_DEATH(static_cast<void>(normal_quantile(0.0)), "inside");
  EXPECT_DEATH(static_cast<void>(t_quantile(0.5, 0.0)), "degrees of freedom");
}

}  // namespace
}  // namespace faceoff::stats
