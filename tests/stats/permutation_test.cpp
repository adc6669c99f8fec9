#include <faceoff/stats/mean.h>
#include <faceoff/stats/permutation.h>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(SignFlip, OfOneDirectionIsTwoOutOfAllVectors) {
  const std::vector d{0.5, 0.25, 1.0, 0.75, 0.125};
  EXPECT_EQ(sign_flip_test(d).p, 2.0 / 32.0);
}

TEST(SignFlip, DoesNotChangeWithZerosOrTheDirection) {
  const std::vector d{0.1, 0.1, 0.1, 0.3, -0.3, 0.2, -0.1};
  std::vector<double> padded = d;
  padded.insert(padded.begin() + 3, 12, 0.0);
  std::vector<double> mirrored;
  for (const double value : d) {
    mirrored.push_back(-value);
  }
  EXPECT_EQ(sign_flip_test(d).p, 0.578125);
  EXPECT_EQ(sign_flip_test(padded).p, 0.578125);
  EXPECT_EQ(sign_flip_test(mirrored).p, 0.578125);
  EXPECT_EQ(sign_flip_test(padded).nonzero, 7U);
}

TEST(SignFlip, CountsTiesOfDecimalsThatCancel) {
  // The exact sum is 0, the rounded one 5.6e-17.
  EXPECT_EQ(sign_flip_test(std::vector{0.1, 0.2, -0.3}).p, 1.0);
  EXPECT_EQ(sign_flip_test(std::vector{-0.3, 0.2, 0.1}).p, 1.0);
}

TEST(SignFlip, WithoutDifferencesIsOneAndWithoutDataNull) {
  EXPECT_EQ(sign_flip_test(std::vector{0.0, 0.0}).p, 1.0);
  EXPECT_EQ(sign_flip_test({}).p, std::nullopt);
}

TEST(SignFlip, EnumeratesTwentyDifferences) {
  std::vector<double> d(20, 1.0);
  const SignFlip all = sign_flip_test(d);
  EXPECT_TRUE(all.exact);
  EXPECT_EQ(all.p, std::ldexp(1.0, -19));
  // 15 against 5: twice P(Bin(20, 1/2) <= 5).
  for (std::size_t i = 0; i < 5; ++i) {
    d[i] = -1.0;
  }
  EXPECT_EQ(sign_flip_test(d).p, 2.0 * 21700.0 / 1048576.0);
}

TEST(SignFlip, DrawsRepeatablyBeyondThat) {
  std::vector<double> d;
  for (int i = 0; i < 30; ++i) {
    d.push_back(0.1 * static_cast<double>(i % 7) - 0.2);
  }
  const SignFlip one = sign_flip_test(d, 7);
  EXPECT_FALSE(one.exact);
  EXPECT_EQ(one.p, sign_flip_test(d, 7).p);
  EXPECT_NE(one.p, sign_flip_test(d, 8).p);
  EXPECT_NEAR(one.p.value(), one_sample_t(d, 0.95).p.value(), 0.01);
}

}  // namespace
}  // namespace faceoff::stats
