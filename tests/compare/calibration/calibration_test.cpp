// The short version of compare_calibrate, for every build.

#include "compare/calibration/simulate.h"

#include <gtest/gtest.h>

namespace faceoff::calibration {
namespace {

constexpr std::uint64_t kSeed = 7;

void expect_calibrated(const Scenario& scenario, std::size_t runs) {
  const Shares shares = simulate(scenario, runs, kSeed);
  EXPECT_LE(shares.clear, at_most(0.05, runs)) << name_of(scenario);
  if (shares.intervals > 0.5) {
    EXPECT_GE(shares.covered, at_least(0.95, runs)) << name_of(scenario);
    EXPECT_GE(shares.covered_one, at_least(promised_coverage(scenario), runs)) << name_of(scenario);
  }
}

TEST(Calibration, CallsEqualModelsDifferentOneTimeInTwentyAtMost) {
  for (const double accuracy : {0.5, 0.95}) {
    for (const double correlation : {0.0, 0.9}) {
      expect_calibrated({.cases = 40, .accuracy = accuracy, .correlation = correlation}, 400);
    }
  }
}

TEST(Calibration, HoldsWithRepeats) {
  for (const double accuracy : {0.5, 0.95}) {
    expect_calibrated({.cases = 40, .accuracy = accuracy, .correlation = 0.5, .repeats = 3}, 200);
  }
}

TEST(Calibration, HoldsWithClusters) {
  for (const double accuracy : {0.5, 0.8}) {
    expect_calibrated({.cases = 100, .accuracy = accuracy, .correlation = 0.3, .clusters = true},
                      200);
  }
}

TEST(Calibration, ShowsNothingWithFourClusters) {
  const Shares shares = simulate({.cases = 20, .clusters = true}, 50, kSeed);
  EXPECT_EQ(shares.clear, 0.0);
  EXPECT_EQ(shares.intervals, 0.0);
}

TEST(Calibration, FindsATrueDropAsOftenAsEnumerationSays) {
  const Scenario scenario{.cases = 100, .accuracy = 0.8, .drop = 0.1, .correlation = 0.3};
  constexpr std::size_t kRuns = 400;
  const Shares shares = simulate(scenario, kRuns, kSeed);
  EXPECT_GE(shares.clear, at_least(promised_power(scenario), kRuns));
  EXPECT_LE(shares.clear, at_most(promised_power(scenario), kRuns));
  EXPECT_GE(shares.covered, at_least(0.93, kRuns));
  EXPECT_NEAR(shares.worse, shares.clear, 0.01);
}

}  // namespace
}  // namespace faceoff::calibration
