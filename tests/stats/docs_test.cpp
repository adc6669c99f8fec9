// The figures of docs/statistics.md, computed.
#include "stats/trinomial.h"

#include <faceoff/base/files.h>
#include <faceoff/stats/decision.h>
#include <faceoff/stats/judge.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/power.h>
#include <faceoff/stats/proportion.h>
#include <faceoff/stats/quantile.h>

#include <cmath>
#include <iomanip>
#include <iterator>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

using ::testing::HasSubstr;

// The page with every line break and quotation mark as one blank.
std::string page() {
  const auto text = read_file(FACEOFF_SOURCE_DIR "/docs/statistics.md");
  std::istringstream words(text.value_or(""));
  std::string joined;
  for (std::string word; words >> word;) {
    if (word != ">") {
      joined += joined.empty() ? word : ' ' + word;
    }
  }
  return joined;
}

std::string fixed(double value, int decimals) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << std::abs(value);
  const std::string sign = value < 0.0 ? "−" : "";
  return sign + text.str();
}

std::string percent(double value) {
  return fixed(100.0 * value, 1);
}
std::string percent(std::optional<double> value) {
  return percent(value.value());
}
std::string signed_points(std::optional<double> value) {
  return (*value > 0.0 ? "+" : "") + percent(value);
}
std::string whole(double value) {
  return fixed(value, 0);
}

TEST(StatisticsPage, StatesTheRangesOfOneModel) {
  const Estimate some = wilson_ci(33, 40, 0.95);
  const Estimate all = wilson_ci(40, 40, 0.95);
  EXPECT_THAT(page(),
              HasSubstr("accuracy " + percent(some.value) + " % (33 of 40), from " +
                        percent(some.interval.lo) + " to " + percent(some.interval.hi) + " %"));
  EXPECT_THAT(page(), HasSubstr("40 of 40 gives " + percent(all.interval.lo) + " to 100 %"));
  EXPECT_THAT(page(),
              HasSubstr("at least " + percent(degenerate_interval(1.0, {}, 40, 0.95).lo) +
                        " % of the scale"));
  EXPECT_THAT(page(),
              HasSubstr("within " +
                        percent(degenerate_interval(0.0, {.lo = -1.0, .hi = 1.0}, 40, 0.95).hi) +
                        " points either way"));
}

TEST(StatisticsPage, StatesThePairedExample) {
  const Estimate estimate = tango_ci(5, 2, 40, 0.95);
  const std::string p = fixed(mcnemar(5, 2).p_mid, 2);
  const double seen = detectable_difference(estimate.interval).value();
  EXPECT_THAT(page(),
              HasSubstr("llama " + percent(-estimate.value.value()) + " points lower, from " +
                        signed_points(estimate.interval.lo) + " to " +
                        signed_points(estimate.interval.hi)));
  EXPECT_THAT(page(), HasSubstr("No clear difference (p = " + p + ")"));
  EXPECT_THAT(page(), HasSubstr("of about " + whole(100.0 * seen) + " points or more"));
  EXPECT_THAT(page(),
              HasSubstr("With fewer than " + std::to_string(min_discordant(0.05)) + " of them"));
}

TEST(StatisticsPage, StatesWhatRepeatsGain) {
  const auto detectable = [](double repeats) {
    return percent(mde_paired_mean(100, std::sqrt(0.25 * 0.25 + 2.0 * 0.1 / repeats)));
  };
  EXPECT_THAT(
      page(),
      HasSubstr("is " + detectable(1.0) + " points with one answer per prompt, " + detectable(3.0) +
                " with three and " + detectable(1e12) + " with any number"));
}

TEST(StatisticsPage, StatesWhenQuantilesHaveBothEnds) {
  const auto prompts = [](double q) { return std::to_string(quantile_min_n(q, 0.95).two_sided); };
  EXPECT_THAT(page(),
              HasSubstr("from " + prompts(0.9) + " prompts on for p90, " + prompts(0.95) +
                        " for p95 and " + prompts(0.99) + " for p99"));
}

TEST(StatisticsPage, StatesTheJudgedExample) {
  const Estimate estimate = win_rate_ci(18, 12, 40, 0.95);
  EXPECT_THAT(
      page(),
      HasSubstr("win rate " + percent(estimate.value) + " % (18 won, 10 tied, 12 lost), from " +
                percent(estimate.interval.lo) + " to " + percent(estimate.interval.hi) +
                " %, p = " + fixed(mcnemar(12, 18).p_mid, 2)));
}

TEST(StatisticsPage, StatesWhatManyTagsCost) {
  const double any = 1.0 - std::pow(0.95, 20.0);
  EXPECT_THAT(page(), HasSubstr("significant in " + whole(100.0 * any) + " % of runs"));
  EXPECT_THAT(page(),
              HasSubstr("needs " + std::to_string(min_discordant(0.05 / 20.0)) +
                        " one-sided disagreements"));
}

TEST(StatisticsPage, StatesTheGateExamples) {
  const Estimate drop = tango_ci(22, 8, 300, 0.95);
  EXPECT_THAT(
      page(),
      HasSubstr("REGRESSION: " + percent(-drop.value.value()) + " points below baseline, from " +
                signed_points(drop.interval.lo) + " to " + signed_points(drop.interval.hi)));
  EXPECT_THAT(page(), HasSubstr("(p = " + fixed(mcnemar(22, 8).p_mid, 3) + ")"));
  EXPECT_THAT(
      page(),
      HasSubstr("a drop of up to " + percent(-alarm_gate(3, 1, 40).bounds.lo.value()) + " points"));
  const double passes = testing::expectation(100, 0.05, 0.05, [](std::size_t n10, std::size_t n01) {
    const GateResult result = non_inferiority_gate(n10, n01, 100, {.margin = 0.05});
    return result.decision == Decision::pass ? 1.0 : 0.0;
  });
  EXPECT_THAT(page(), HasSubstr("a margin of 5 points " + whole(100.0 * passes) + " times in 100"));
  EXPECT_THAT(page(),
              HasSubstr("model " + whole(100.0 * raw_drop_false_alarm(40, 0.1, 0.02)) +
                        " times in 100, with 300 prompts " +
                        whole(100.0 * raw_drop_false_alarm(300, 0.1, 0.02)) + " times"));
}

TEST(StatisticsPage, StatesThePlan) {
  const auto prompts = [](double delta, double psi) {
    return std::to_string(required_n_paired_binary((psi - delta) / 2.0, (psi + delta) / 2.0)->n);
  };
  EXPECT_THAT(page(),
              HasSubstr("differences of " + whole(100.0 * mde_paired_binary(40, 0.2).value()) +
                        " points if the models disagree on 20 % of the prompts, " +
                        whole(100.0 * mde_paired_binary(40, 0.4).value()) + " if on 40 %"));
  EXPECT_THAT(page(),
              HasSubstr("you need " + prompts(0.1, 0.2) + " prompts at 20 % disagreement and " +
                        prompts(0.1, 0.3) + " at 30 %; for 5 points " + prompts(0.05, 0.2) +
                        " and " + prompts(0.05, 0.3)));
}

}  // namespace
}  // namespace faceoff::stats
