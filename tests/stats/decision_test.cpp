#include "stats/trinomial.h"

#include <faceoff/stats/decision.h>
#include <faceoff/stats/paired_binary.h>

#include <vector>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

TEST(AlarmGate, PassesWithoutProofAndNamesTheWorstPlausibleDrop) {
  const GateResult result = alarm_gate(3, 1, 40);
  EXPECT_EQ(result.decision, Decision::pass);
  EXPECT_NEAR(result.bounds.lo.value(), -0.154, 5e-4);
}

TEST(AlarmGate, FailsOnAShownDropOnlyInThatDirection) {
  EXPECT_EQ(alarm_gate(22, 8, 300).decision, Decision::fail);
  EXPECT_NEAR(alarm_gate(22, 8, 300).p.value(), mcnemar(22, 8).p_mid / 2.0, 1e-15);
  EXPECT_EQ(alarm_gate(8, 22, 300).decision, Decision::pass);
  EXPECT_GT(alarm_gate(8, 22, 300).p.value(), 0.98);
  EXPECT_EQ(alarm_gate(0, 0, 0).decision, Decision::inconclusive);
}

TEST(AlarmGate, ToleratesADropInsideItsMargin) {
  EXPECT_EQ(alarm_gate(22, 8, 300, {.margin = 0.05}).decision, Decision::pass);
  EXPECT_EQ(alarm_gate(60, 8, 300, {.margin = 0.05}).decision, Decision::fail);
}

TEST(AlarmGate, CatchesDropsAsOftenAsPlanned) {
  const auto caught = [](std::size_t n, double psi, double drop) {
    return testing::expectation(
        n, (psi + drop) / 2.0, (psi - drop) / 2.0, [&](std::size_t n10, std::size_t n01) {
          return alarm_gate(n10, n01, n).decision == Decision::fail ? 1.0 : 0.0;
        });
  };
  EXPECT_NEAR(caught(40, 0.2, 0.10), 0.37, 5e-3);
  EXPECT_NEAR(caught(100, 0.2, 0.10), 0.74, 5e-3);
  EXPECT_LE(caught(100, 0.2, 0.0), 0.055);
}

TEST(NonInferiorityGate, PassesAnUnchangedModelAsOftenAsPlanned) {
  const auto passes = [](std::size_t n, double psi) {
    return testing::expectation(n, psi / 2.0, psi / 2.0, [&](std::size_t n10, std::size_t n01) {
      return non_inferiority_gate(n10, n01, n, {.margin = 0.05}).decision == Decision::pass ? 1.0
                                                                                            : 0.0;
    });
  };
  EXPECT_NEAR(passes(40, 0.1), 0.22, 5e-3);
  EXPECT_NEAR(passes(100, 0.1), 0.44, 5e-3);
  EXPECT_NEAR(passes(100, 0.2), 0.29, 5e-3);
}

TEST(NonInferiorityGate, FollowsTheNinetyPercentInterval) {
  for (std::size_t n10 = 0; n10 <= 30; n10 += 3) {
    for (std::size_t n01 = 0; n01 <= 30; n01 += 3) {
      const GateResult result = non_inferiority_gate(n10, n01, 120, {.margin = 0.06});
      const Interval interval = tango_ci(n10, n01, 120, 0.9).interval;
      const Decision expected = *interval.lo > -0.06   ? Decision::pass
                                : *interval.hi < -0.06 ? Decision::fail
                                                       : Decision::inconclusive;
      EXPECT_EQ(result.decision, expected) << n10 << ' ' << n01;
    }
  }
}

TEST(Gates, OnMeansUseStudentsT) {
  const std::vector<double> d{-0.2, -0.1, -0.3, -0.15, -0.25, -0.2};
  const TTest test = one_sample_t(d, 0.95);
  EXPECT_EQ(alarm_gate(test).decision, Decision::fail);
  EXPECT_NEAR(alarm_gate(test).p.value(), test.p.value() / 2.0, 1e-14);
  EXPECT_EQ(alarm_gate(test, {.margin = 0.3}).decision, Decision::pass);
  EXPECT_EQ(non_inferiority_gate(test, {.margin = 0.05}).decision, Decision::fail);
  EXPECT_EQ(non_inferiority_gate(test, {.margin = 0.2}).decision, Decision::inconclusive);
  EXPECT_EQ(non_inferiority_gate(test, {.margin = 0.4}).decision, Decision::pass);
  EXPECT_EQ(alarm_gate(TTest{}).decision, Decision::inconclusive);
}

TEST(Gates, OnEqualDifferencesReadTheirInterval) {
  const TTest same = bounded_difference(std::vector(40, 0.0), {}, 0.95);
  EXPECT_EQ(alarm_gate(same).decision, Decision::pass);
  EXPECT_EQ(non_inferiority_gate(same, {.margin = 0.05}).decision, Decision::inconclusive);
  EXPECT_EQ(non_inferiority_gate(same, {.margin = 0.08}).decision, Decision::pass);
}

TEST(ThresholdGate, GuaranteesItsLevel) {
  EXPECT_EQ(threshold_gate(100, 100, 0.95).decision, Decision::pass);
  EXPECT_EQ(threshold_gate(96, 100, 0.95).decision, Decision::inconclusive);
  EXPECT_EQ(threshold_gate(85, 100, 0.95).decision, Decision::fail);
  EXPECT_EQ(threshold_gate(0, 0, 0.95).decision, Decision::inconclusive);
  // The exact test and its bound say the same.
  for (std::size_t x = 0; x <= 60; ++x) {
    const GateResult result = threshold_gate(x, 60, 0.9);
    EXPECT_EQ(result.decision == Decision::pass, result.p.value() <= 0.05) << x;
  }
}

TEST(RawDropGate, AlarmsFalselyAsOftenAsEnumerationSays) {
  EXPECT_NEAR(raw_drop_false_alarm(40, 0.1, 0.0), 0.40, 5e-3);
  EXPECT_NEAR(raw_drop_false_alarm(100, 0.1, 0.0), 0.44, 5e-3);
  EXPECT_NEAR(raw_drop_false_alarm(100, 0.1, 0.02), 0.21, 5e-3);
  EXPECT_NEAR(raw_drop_false_alarm(300, 0.1, 0.02), 0.12, 5e-3);
  EXPECT_NEAR(raw_drop_false_alarm(300, 0.1, 0.05), 0.002, 5e-4);
  EXPECT_EQ(raw_drop_false_alarm(0, 0.1, 0.0), 0.0);
}

}  // namespace
}  // namespace faceoff::stats
