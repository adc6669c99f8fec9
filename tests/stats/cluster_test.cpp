#include <faceoff/stats/cluster.h>
#include <faceoff/stats/mean.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

const std::vector<double> kScores{1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1};
const std::vector<std::size_t> kByThree{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};

TEST(ClusterError, OfEqualSizesHasOneDegreeLessThanClusters) {
  const ClusterError error = cluster_error(kScores, kByThree);
  EXPECT_EQ(error.clusters, 4U);
  EXPECT_NEAR(error.df_cr2.value(), 3.0, 1e-12);
  EXPECT_NEAR(error.se_cr1.value(), error.se_cr2.value(), 1e-15);
  EXPECT_EQ(error.largest_share, 0.25);
}

TEST(ClusterError, OfSingletonsIsTheOrdinaryError) {
  const std::vector<std::size_t> labels{4, 8, 1, 3, 2, 11, 10, 9, 7, 6, 5, 0};
  const ClusterError error = cluster_error(kScores, labels);
  EXPECT_NEAR(error.se_cr2.value(), mean_t_ci(kScores, 0.95).se.value(), 1e-15);
  EXPECT_NEAR(error.deff.value(), 1.0, 1e-12);
  EXPECT_NEAR(error.df_cr2.value(), 11.0, 1e-12);
}

TEST(ClusterError, DoesNotDependOnNamesOrOrder) {
  std::vector<std::size_t> renamed(12);
  std::transform(kByThree.begin(), kByThree.end(), renamed.begin(), [](std::size_t label) {
    return 1000 - 7 * label;
  });
  std::vector<double> scores = kScores;
  std::reverse(scores.begin(), scores.end());
  std::reverse(renamed.begin(), renamed.end());
  EXPECT_NEAR(cluster_error(scores, renamed).se_cr2.value(),
              cluster_error(kScores, kByThree).se_cr2.value(),
              1e-15);
}

TEST(ClusterError, OfOneClusterIsNull) {
  const ClusterError error = cluster_error(kScores, std::vector<std::size_t>(12, 3));
  EXPECT_EQ(error.se_cr2, std::nullopt);
  EXPECT_EQ(error.clusters, 1U);
  EXPECT_TRUE(error.mean.has_value());
  EXPECT_EQ(cluster_error({}, {}).mean, std::nullopt);
}

TEST(ClusterInterval, OfEqualScoresCountsClustersNotPrompts) {
  const ClusterInterval result = cluster_bounded_ci(std::vector(12, 1.0), kByThree, {}, 0.95);
  const Interval expected = degenerate_interval(1.0, {}, 4, 0.95);
  EXPECT_EQ(result.interval, expected);
  EXPECT_EQ(result.n_eff, std::nullopt);
  const ClusterInterval differences =
      cluster_difference_ci(std::vector(12, 0.0), kByThree, {}, 0.95);
  EXPECT_EQ(differences.interval, degenerate_interval(0.0, {.lo = -1.0, .hi = 1.0}, 4, 0.95));
}

TEST(ClusterInterval, IsNotCertainWhenSumsWithinClustersCancel) {
  // One right and one wrong in every cluster: the clustered error alone would be 0.
  const std::vector<double> scores{1, 0, 1, 0, 1, 0, 1, 0};
  const std::vector<std::size_t> labels{0, 0, 1, 1, 2, 2, 3, 3};
  EXPECT_NEAR(cluster_error(scores, labels).se_cr2.value(), 0.0, 1e-15);
  EXPECT_GT(cluster_bounded_ci(scores, labels, {}, 0.95).interval.half_width().value(), 0.1);
}

TEST(ClusterInterval, OfDifferencesMirrorsWhenTheModelsSwap) {
  std::vector<double> d{1, 0, 0, -1, 0, 0, 1, 1, 0, 0, 1, 0};
  const ClusterInterval one = cluster_difference_ci(d, kByThree, {}, 0.95);
  for (double& value : d) {
    value = -value;
  }
  const ClusterInterval other = cluster_difference_ci(d, kByThree, {}, 0.95);
  EXPECT_NEAR(one.interval.lo.value(), -other.interval.hi.value(), 1e-15);
  EXPECT_EQ(one.p, other.p);
  EXPECT_FALSE(one.interval.excludes(one.value.value()));
}

}  // namespace
}  // namespace faceoff::stats
