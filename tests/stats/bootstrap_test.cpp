#include <faceoff/base/random.h>
#include <faceoff/stats/bootstrap.h>
#include <faceoff/stats/mean.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

std::vector<double> even_scores(std::size_t n) {
  Random random(11);
  std::vector<double> x(n);
  std::generate(x.begin(), x.end(), [&] { return random.uniform(); });
  return x;
}

TEST(Bootstrap, RepeatsItselfForOneSeedOnly) {
  const std::vector<double> x = even_scores(50);
  const BootstrapOptions options{.resamples = 2000, .seed = 3};
  EXPECT_EQ(bootstrap_mean_ci(x, options), bootstrap_mean_ci(x, options));
  EXPECT_NE(bootstrap_mean_ci(x, options), bootstrap_mean_ci(x, {.resamples = 2000, .seed = 4}));
}

TEST(Bootstrap, OfAMeanApproachesStudentsT) {
  const std::vector<double> x = even_scores(300);
  const Interval expected = mean_t_ci(x, 0.95).interval;
  for (const BootstrapMethod method : {BootstrapMethod::percentile, BootstrapMethod::bca}) {
    const Interval interval = bootstrap_mean_ci(x, {.method = method});
    EXPECT_NEAR(interval.lo.value(), expected.lo.value(), 3e-3);
    EXPECT_NEAR(interval.hi.value(), expected.hi.value(), 3e-3);
  }
}

TEST(Bootstrap, OfAnyStatisticAgreesWithTheMeansOwn) {
  const std::vector<double> x = even_scores(60);
  const auto statistic = [&](std::span<const std::size_t> indices) {
    double sum = 0.0;
    for (const std::size_t index : indices) {
      sum += x[index];
    }
    return sum / static_cast<double>(indices.size());
  };
  const BootstrapOptions options{.resamples = 3000, .seed = 9};
  const Interval general = bootstrap_ci(x.size(), statistic, options);
  const Interval special = bootstrap_mean_ci(x, options);
  EXPECT_NEAR(general.lo.value(), special.lo.value(), 1e-9);
  EXPECT_NEAR(general.hi.value(), special.hi.value(), 1e-9);
}

TEST(Bootstrap, OfAQuantileAgreesWithSortingEveryResample) {
  const std::vector<double> x = even_scores(41);
  const auto median = [&](std::span<const std::size_t> indices) {
    std::vector<double> values;
    for (const std::size_t index : indices) {
      values.push_back(x[index]);
    }
    std::sort(values.begin(), values.end());
    return values[20];
  };
  const Interval general =
      bootstrap_ci(41, median, {.method = BootstrapMethod::percentile, .resamples = 4000});
  const Interval special = bootstrap_quantile_ci(x, 0.5, {.resamples = 4000});
  EXPECT_NEAR(general.lo.value(), special.lo.value(), 0.05);
  EXPECT_NEAR(general.hi.value(), special.hi.value(), 0.05);
}

TEST(Bootstrap, SaysNothingWithoutSpread) {
  EXPECT_EQ(bootstrap_mean_ci(std::vector(20, 1.0)), Interval{});
  EXPECT_EQ(bootstrap_mean_ci(std::vector{0.5}), Interval{});
  EXPECT_EQ(bootstrap_quantile_ci(std::vector(20, 1.0), 0.5), Interval{});
  EXPECT_EQ(bootstrap_ci(10, [](std::span<const std::size_t>) { return 1.0; }), Interval{});
}

TEST(JackknifeAcceleration, IsZeroForSymmetricDataAndSigned) {
  EXPECT_NEAR(jackknife_acceleration(std::vector{-2.0, -1.0, 0.0, 1.0, 2.0}).value(), 0.0, 1e-15);
  EXPECT_GT(jackknife_acceleration(std::vector{0.0, 0.0, 0.0, 9.0}).value(), 0.0);
  EXPECT_EQ(jackknife_acceleration(std::vector{1.0, 1.0}), std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
