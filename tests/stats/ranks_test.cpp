#include "rank_distributions.h"

#include <faceoff/base/random.h>
#include <faceoff/stats/permutation.h>
#include <faceoff/stats/ranks.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

// Values on a coarse grid: plenty of ties and zeros.
std::vector<double> coarse(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(n);
  std::generate(values.begin(), values.end(), [&] {
    return static_cast<double>(random.below(13)) / 4.0 - 1.25;
  });
  return values;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2.0;
}

TEST(RankDistributions, SumToOneAndAreSymmetric) {
  const std::vector<double> signs = signed_sum_distribution(plain_ranks(30));
  const std::vector<double> subsets = subset_sum_distribution(plain_ranks(17), 6);
  double total = 0.0;
  for (std::size_t s = 0; s < signs.size(); ++s) {
    total += signs[s];
    EXPECT_NEAR(signs[s], signs[signs.size() - 1 - s], 1e-16);
  }
  EXPECT_NEAR(total, 1.0, 1e-13);
  total = 0.0;
  for (const double p : subsets) {
    total += p;
  }
  EXPECT_NEAR(total, 1.0, 1e-13);
  // 1 + 2 + ... + 6 is one of C(17, 6) subsets.
  EXPECT_NEAR(subsets[21], 1.0 / 12376.0, 1e-16);
}

TEST(SignedRank, ExactPIsTheSignFlipPOfTheRanks) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<double> d;
    for (std::size_t i = 0; i < 10; ++i) {
      d.push_back(static_cast<double>(i + 1) * (Random(seed * 100 + i).below(2) == 0 ? 1 : -1));
    }
    EXPECT_NEAR(wilcoxon_signed_rank(d).p, sign_flip_test(d).p.value(), 1e-12) << seed;
  }
}

TEST(SignedRank, TreatsZerosAsAsked) {
  const std::vector<double> d{1, -2, 3, 0, 4, -1, 2, 2, 0, 5};
  const SignedRank dropped = wilcoxon_signed_rank(d, {.method = RankMethod::normal});
  const SignedRank ranked =
      wilcoxon_signed_rank(d, {.method = RankMethod::normal, .zeros = ZeroRule::pratt});
  EXPECT_EQ(dropped.w_plus, 30.5);
  // Each of the six positive values stands two ranks higher above the two zeros.
  EXPECT_EQ(ranked.w_plus, 42.5);
  EXPECT_EQ(ranked.n_used, 8U);
}

TEST(SignedRank, WithoutDifferencesIsOne) {
  for (const RankMethod method : {RankMethod::exact, RankMethod::normal, RankMethod::automatic}) {
    EXPECT_EQ(wilcoxon_signed_rank(std::vector{0.0, 0.0}, {.method = method}).p, 1.0);
    EXPECT_EQ(wilcoxon_signed_rank({}, {.method = method}).n_used, 0U);
  }
}

TEST(SignedRank, NormalApproximationIsCloseAtFifty) {
  const std::vector<double> d = coarse(50, 3);
  EXPECT_NEAR(wilcoxon_signed_rank(d, {.method = RankMethod::exact}).p,
              wilcoxon_signed_rank(d, {.method = RankMethod::normal}).p,
              5e-3);
}

TEST(MannWhitney, ExactPCountsAllSplits) {
  // 4 against 4 fully apart: 2 of C(8, 4) = 70.
  EXPECT_NEAR(
      mann_whitney(std::vector<double>{1, 2, 3, 4}, std::vector<double>{5, 6, 7, 8}).p.value(),
      2.0 / 70.0,
      1e-15);
}

TEST(MannWhitney, DoesNotDependOnWhichSampleIsFirst) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::vector<double> x = coarse(7, seed);
    const std::vector<double> y = coarse(12, seed + 50);
    EXPECT_NEAR(mann_whitney(x, y).p.value(), mann_whitney(y, x).p.value(), 1e-12);
    EXPECT_EQ(mann_whitney(x, y).u + mann_whitney(y, x).u, 84.0);
  }
}

TEST(MannWhitney, HandlesNoDataAndNoSpread) {
  EXPECT_EQ(mann_whitney({}, std::vector{1.0}).p, std::nullopt);
  const MannWhitney tied = mann_whitney(
      std::vector{2.0, 2.0}, std::vector{2.0, 2.0, 2.0}, {.method = RankMethod::normal});
  EXPECT_EQ(tied.p, 1.0);
}

TEST(MannWhitney, AnswersAnExactRequestThatIsTooLargeByApproximation) {
  const MannWhitney result =
      mann_whitney(coarse(600, 1), coarse(600, 2), {.method = RankMethod::exact});
  EXPECT_TRUE(result.z.has_value());
}

TEST(HodgesLehmann, FindsTheSameWalshAveragesAsWritingThemDown) {
  for (std::size_t n = 1; n <= 40; ++n) {
    const std::vector<double> d = coarse(n, n);
    std::vector<double> averages;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i; j < n; ++j) {
        averages.push_back((d[i] + d[j]) / 2.0);
      }
    }
    const HodgesLehmann result = hodges_lehmann_paired(d, 0.95);
    EXPECT_EQ(result.value, median(averages)) << n;
    EXPECT_EQ(std::count(averages.begin(), averages.end(), result.interval.lo) > 0, true) << n;
    EXPECT_FALSE(result.interval.excludes(*result.value)) << n;
  }
}

TEST(HodgesLehmann, ShiftsTheSameAsWritingAllDifferencesDown) {
  for (std::size_t n = 1; n <= 20; ++n) {
    const std::vector<double> a = coarse(n, n);
    const std::vector<double> b = coarse(2 * n + 1, n + 100);
    std::vector<double> all;
    for (const double from : a) {
      for (const double to : b) {
        all.push_back(to - from);
      }
    }
    EXPECT_EQ(hodges_lehmann_shift(a, b, 0.95).value, median(all)) << n;
  }
}

TEST(HodgesLehmann, MirrorsWithTheData) {
  std::vector<double> d{0.903, 0.003, 1.558, 1.467, 1.336, 0.092, 1.621, -1.259, 2.109};
  const HodgesLehmann one = hodges_lehmann_paired(d, 0.95);
  for (double& value : d) {
    value = -value;
  }
  const HodgesLehmann other = hodges_lehmann_paired(d, 0.95);
  EXPECT_EQ(one.value.value(), -other.value.value());
  EXPECT_EQ(one.interval.lo.value(), -other.interval.hi.value());
}

TEST(HodgesLehmann, SaysWhichLevelATinySampleReaches) {
  EXPECT_EQ(hodges_lehmann_paired(std::vector{1.0, 2.0, 3.0}, 0.95).conf_actual, 0.75);
  EXPECT_EQ(hodges_lehmann_paired({}, 0.95).value, std::nullopt);
}

TEST(HodgesLehmann, CopesWithFiveThousandValues) {
  Random random(5);
  std::vector<double> d(5000);
  std::generate(d.begin(), d.end(), [&] { return random.uniform() - 0.25; });
  const HodgesLehmann result = hodges_lehmann_paired(d, 0.95);
  EXPECT_NEAR(result.value.value(), 0.25, 0.02);
  EXPECT_NEAR(result.conf_actual.value(), 0.95, 1e-3);
  EXPECT_LT(result.interval.half_width().value(), 0.01);
}

}  // namespace
}  // namespace faceoff::stats
