#include "records.h"

#include <faceoff/base/random.h>
#include <faceoff/compare/gate_check.h>
#include <faceoff/compare/gate_result.h>
#include <faceoff/compare/plan.h>

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using test::binary;
using test::case_id;
using test::scored;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<Gate> gates_of(const std::vector<std::string>& texts) {
  std::vector<Gate> gates;
  for (const std::string& text : texts) {
    gates.push_back(parse_gate(text).value());
  }
  return gates;
}

// The columns as one run: the first is the reference.
std::vector<GateResult> judge(const std::vector<std::string>& texts,
                              const std::vector<Column>& columns,
                              const GateOptions& options = {}) {
  std::vector<Summary> summaries;
  for (const Column& column : columns) {
    summaries.push_back(summarise(column));
  }
  const std::vector<PairComparison> pairs = compare_all(columns);
  std::vector<GateSubject> subjects;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    subjects.push_back({.name = columns[i].name(),
                        .column = &columns[i],
                        .summary = &summaries[i],
                        .pair = i == 0 ? nullptr : &pairs[i - 1]});
  }
  return evaluate_gates(gates_of(texts), subjects, options);
}

GateResult judge_one(const std::string& text, const std::vector<Column>& columns) {
  auto results = judge({text}, columns);
  EXPECT_THAT(results, SizeIs(1)) << text;
  return results.empty() ? GateResult{} : results.front();
}

GateResult judge_counts(
    const std::string& text, std::size_t n11, std::size_t n10, std::size_t n01, std::size_t n00) {
  const auto pair = binary(n11, n10, n01, n00);
  return judge_one(text, {pair.reference, pair.candidate});
}

TEST(AlarmGate, FailsOnAShownDropAndSaysHowLarge) {
  const GateResult r = judge_counts("alarm", 240, 22, 8, 30);
  EXPECT_EQ(r.state, GateState::fail);
  EXPECT_NEAR(*r.value, -14.0 / 300, 1e-12);
  EXPECT_NEAR(*r.p, 0.0055, 0.0005);  // half of the two-sided 0.011
  EXPECT_LT(*r.hi, 0.0);
  EXPECT_THAT(r.message,
              AllOf(HasSubstr("regression: -4.7 pp against the reference"),
                    HasSubstr("worse on 22, better on 8 of 300 cases")));
}

TEST(AlarmGate, PassesUnprovenAndNamesTheDropThatRemainsPossible) {
  const GateResult r = judge_counts("alarm", 30, 3, 1, 6);
  EXPECT_EQ(r.state, GateState::pass);
  EXPECT_THAT(r.message,
              AllOf(HasSubstr("no regression shown: -5.0 pp"),
                    HasSubstr("a drop of up to"),
                    HasSubstr("pp cannot be excluded")));
  const GateResult better = judge_counts("alarm", 20, 0, 20, 0);
  EXPECT_EQ(better.state, GateState::pass);
  EXPECT_THAT(better.message, Not(HasSubstr("cannot be excluded")));
}

TEST(AlarmGate, ThatCouldNotRingProvesNothing) {
  const GateResult r = judge_counts("alarm", 3, 0, 0, 0);
  EXPECT_EQ(r.state, GateState::inconclusive);
  EXPECT_EQ(r.needs_cases, 4U);
  EXPECT_THAT(r.message, HasSubstr("4 at least are needed"));
}

TEST(AlarmGate, WithAMarginForgivesASmallDrop) {
  EXPECT_EQ(judge_counts("alarm 5pp", 240, 22, 8, 30).state, GateState::pass);
  EXPECT_EQ(judge_counts("alarm 5pp", 200, 70, 8, 22).state, GateState::fail);
}

TEST(AlarmGate, JudgesGradedScoresToo) {
  std::vector<double> a;
  std::vector<double> b;
  for (int i = 0; i < 40; ++i) {
    a.push_back(0.8 + 0.004 * i);
    b.push_back(0.6 + 0.004 * ((i * 7) % 40));
  }
  EXPECT_EQ(judge_one("alarm", {test::scores("a", a), test::scores("b", b)}).state,
            GateState::fail);
  EXPECT_EQ(judge_one("alarm", {test::scores("a", a), test::scores("b", a)}).state,
            GateState::pass);
  // Every case 0.3 lower: no spread, and still a regression.
  std::vector<double> lower(40, 0.5);
  EXPECT_EQ(judge_one("alarm",
                      {test::scores("a", std::vector<double>(40, 0.8)), test::scores("b", lower)})
                .state,
            GateState::fail);
}

TEST(NotWorseGate, HasThreeStates) {
  EXPECT_EQ(judge_counts("not-worse 5pp", 900, 30, 30, 40).state, GateState::pass);
  EXPECT_EQ(judge_counts("not-worse 5pp", 150, 40, 2, 8).state, GateState::fail);
  const GateResult r = judge_counts("not-worse 5pp", 30, 2, 2, 6);
  EXPECT_EQ(r.state, GateState::inconclusive);
  ASSERT_TRUE(r.needs_cases);
  // (1.645 + 0.842)^2 x 5/42 / 0.05^2
  EXPECT_NEAR(static_cast<double>(*r.needs_cases), 295, 5);
  EXPECT_THAT(r.message, HasSubstr("cases would decide it"));
}

TEST(NotWorseGate, NamesEnoughCases) {
  // With the number of cases that it names, an equal model with as much disagreement passes in
  // about 80 of 100 runs.
  const GateResult r = judge_counts("not-worse 5pp", 30, 2, 2, 6);
  EXPECT_NEAR(unchanged_passes(*r.needs_cases, 5.0 / 42, 0.05), 0.8, 0.05);
}

TEST(EquivalentGate, HasThreeStates) {
  EXPECT_EQ(judge_counts("equivalent 5pp", 900, 30, 30, 40).state, GateState::pass);
  EXPECT_EQ(judge_counts("equivalent 5pp", 150, 2, 40, 8).state, GateState::fail);
  EXPECT_EQ(judge_counts("equivalent 5pp", 30, 2, 2, 6).state, GateState::inconclusive);
}

TEST(ScoreGate, GoesByTheRangeAndNotByTheNumber) {
  const auto right = [](std::size_t x, std::size_t n) {
    std::vector<double> values(n, 0.0);
    std::fill_n(values.begin(), x, 1.0);
    return std::vector<Column>{test::scores("llama", values)};
  };
  EXPECT_EQ(judge_one("score >= 70%", right(36, 40)).state, GateState::pass);
  EXPECT_EQ(judge_one("score >= 70%", right(15, 40)).state, GateState::fail);
  const GateResult r = judge_one("score >= 80%", right(33, 40));
  EXPECT_EQ(r.state, GateState::inconclusive);
  EXPECT_GT(*r.needs_cases, 1000U);
  EXPECT_THAT(r.message, AllOf(HasSubstr("82.5% of 40 cases"), HasSubstr("would decide it")));
  EXPECT_EQ(judge_one("score >= 100%", right(40, 40)).state, GateState::pass);
  EXPECT_EQ(judge_one("score >= 100%", right(39, 40)).state, GateState::fail);
}

TEST(ScoreGate, JudgesGradedScoresAndRepeats) {
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) {
    values.push_back(i % 3 == 0 ? 0.6 : 0.9);
  }
  const std::vector<Column> columns{test::scores("llama", values)};
  EXPECT_EQ(judge_one("score >= 70%", columns).state, GateState::pass);
  EXPECT_EQ(judge_one("score >= 95%", columns).state, GateState::fail);
  EXPECT_EQ(judge_one("score >= 80%", columns).state, GateState::inconclusive);
  const std::vector<Column> equal{test::scores("llama", std::vector<double>(60, 0.5))};
  EXPECT_EQ(judge_one("score >= 40%", equal).state, GateState::pass);
  EXPECT_EQ(judge_one("score >= 60%", equal).state, GateState::fail);
}

std::vector<Column> timed(std::size_t n, double slow_share) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < n; ++i) {
    const bool slow = static_cast<double>(i) < slow_share * static_cast<double>(n);
    records.push_back(test::timed(case_id(i), slow ? 3000 : 500 + static_cast<double>(i), 9000));
  }
  return {test::column("llama", records)};
}

TEST(QuantileGate, IsDecidedByOrderStatistics) {
  EXPECT_EQ(judge_one("ttft.p95 <= 1.5s", timed(200, 0.01)).state, GateState::pass);
  EXPECT_EQ(judge_one("ttft.p95 <= 1.5s", timed(200, 0.15)).state, GateState::fail);
  EXPECT_EQ(judge_one("ttft.p95 <= 1.5s", timed(200, 0.05)).state, GateState::inconclusive);
  EXPECT_EQ(judge_one("e2e.p50 <= 2s", timed(200, 0.0)).state, GateState::fail);
  const GateResult small = judge_one("ttft.p95 <= 1.5s", timed(40, 0.0));
  EXPECT_EQ(small.state, GateState::inconclusive);
  EXPECT_THAT(small.message, HasSubstr("it needs at least 72 cases"));
}

TEST(QuantileGate, AgreesWithTheRangeThatTheReportShows) {
  for (const double share : {0.0, 0.01, 0.03, 0.05, 0.08, 0.12, 0.3}) {
    for (const std::size_t n : {20U, 72U, 150U, 400U}) {
      const GateResult r = judge_one("ttft.p95 <= 1.5s", timed(n, share));
      EXPECT_EQ(r.state == GateState::pass, r.hi && *r.hi <= 1.5) << n << " " << share;
      EXPECT_EQ(r.state == GateState::fail, r.lo && *r.lo > 1.5) << n << " " << share;
    }
  }
}

TEST(ErrorRateGate, CountsTrialsThatFailed) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 200; ++i) {
    records.push_back(i % 10 == 0 ? test::failed(case_id(i)) : scored(case_id(i), 1.0));
  }
  const std::vector<Column> columns{test::column("llama", records)};
  EXPECT_EQ(judge_one("error-rate <= 2%", columns).state, GateState::fail);
  EXPECT_EQ(judge_one("error-rate <= 20%", columns).state, GateState::pass);
  EXPECT_EQ(judge_one("error-rate <= 10%", columns).state, GateState::inconclusive);
  EXPECT_EQ(judge_one("error-rate <= 0%", columns).state, GateState::fail);
  const GateResult r =
      judge_one("error-rate <= 2%", {test::scores("llama", std::vector<double>(40, 1.0))});
  EXPECT_EQ(r.state, GateState::inconclusive);
  EXPECT_GE(*r.needs_cases, 149U);
}

TEST(MaxDropGate, ComparesRawNumbersAndPrintsItsFalseAlarms) {
  const GateResult r = judge_counts("max-drop 2pp", 30, 3, 1, 6);
  EXPECT_EQ(r.state, GateState::fail);
  // 40 cases of which 10% differ: an unchanged model drops more than 2 points 40 times in 100.
  EXPECT_NEAR(*r.false_alarm, 0.40, 0.01);
  EXPECT_THAT(r.message, HasSubstr("stops an unchanged model in 40 of 100"));
  EXPECT_EQ(judge_counts("max-drop 5pp", 30, 3, 1, 6).state, GateState::pass);
}

TEST(MaxSlowdownGate, GoesByTheRangeOfTheRatio) {
  const auto pair = [](double factor) {
    std::vector<store::Record> a;
    std::vector<store::Record> b;
    for (std::size_t i = 0; i < 40; ++i) {
      const double base = 1000 + 40 * static_cast<double>(i % 7);
      a.push_back(test::timed(case_id(i), 100, base));
      b.push_back(test::timed(
          case_id(i), 100, base * factor * (0.95 + 0.0025 * static_cast<double>(i * 13 % 40))));
    }
    return std::vector<Column>{test::column("a", a), test::column("b", b)};
  };
  EXPECT_EQ(judge_one("max-slowdown 20%", pair(1.0)).state, GateState::pass);
  EXPECT_EQ(judge_one("max-slowdown 20%", pair(1.5)).state, GateState::fail);
  EXPECT_EQ(judge_one("max-slowdown 20%", pair(1.2)).state, GateState::inconclusive);
  EXPECT_EQ(judge_one("ttft.max-slowdown 20%", pair(1.5)).state, GateState::pass);
}

TEST(CostGate, IsArithmeticOverTheTrialsThatHaveAPrice) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 10; ++i) {
    records.push_back(scored(case_id(i), 1.0));
    if (i < 4) {
      records.back().cost = Money{2'000'000'000};  // 0.002 dollars
    }
  }
  const std::vector<Column> columns{test::column("gpt-4o", records)};
  const GateResult kept = judge_one("cost-per-1k <= $2", columns);
  EXPECT_EQ(kept.state, GateState::pass);
  EXPECT_DOUBLE_EQ(*kept.value, 2.0);
  EXPECT_EQ(kept.n, 4U);
  EXPECT_FALSE(kept.p);
  const GateResult broken = judge_one("cost-per-1k <= $1.99", columns);
  EXPECT_EQ(broken.state, GateState::fail);
  EXPECT_THAT(broken.message, HasSubstr("$2.00 for 1000 answers (4 trials with a price)"));
  const GateResult unpriced =
      judge_one("cost-per-1k <= $2", {test::scores("a", std::vector<double>(10, 1.0))});
  EXPECT_EQ(unpriced.state, GateState::inconclusive);
  EXPECT_FALSE(unpriced.comparable);
}

TEST(Gates, WarnWhereTheRunIsTooSmallToDecide) {
  const GateResult open = judge_counts("not-worse 3pp", 30, 1, 1, 8);
  EXPECT_EQ(open.state, GateState::inconclusive);
  EXPECT_THAT(open.warnings, ::testing::ElementsAre(Warning::underpowered_gate));
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 40; ++i) {
    records.push_back(test::timed(case_id(i), 100, 1000));
  }
  const GateResult quantile = judge_one("e2e.p95 <= 2s", {test::column("a", records)});
  EXPECT_THAT(quantile.warnings, ::testing::Contains(Warning::quantile_unbounded));
  EXPECT_THAT(judge_counts("not-worse 30pp", 30, 1, 1, 8).warnings, ::testing::IsEmpty());
}

TEST(Gates, AreAboutEveryCandidateOrTheOneTheyName) {
  const std::vector<Column> columns{test::scores("a", std::vector<double>(40, 1.0)),
                                    test::scores("b", std::vector<double>(40, 1.0)),
                                    test::scores("c", std::vector<double>(40, 0.0))};
  const auto all = judge({"score >= 50%"}, columns);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].label, "score(b) >= 50%");
  EXPECT_EQ(all[0].state, GateState::pass);
  EXPECT_EQ(all[1].state, GateState::fail);
  EXPECT_THAT(judge({"score(a) >= 50%"}, columns), SizeIs(1));
  EXPECT_THAT(judge({"score >= 50%"}, {columns[0]}), SizeIs(1));
}

std::vector<Column> tagged(std::size_t dropped_math) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 60; ++i) {
    const std::string tag = i < 20 ? "math" : i < 57 ? "tone" : "tiny";
    a.push_back(scored(case_id(i), 1.0));
    b.push_back(scored(case_id(i), i < dropped_math ? 0.0 : 1.0));
    a.back().tags = b.back().tags = {tag};
  }
  return {test::column("a", a), test::column("b", b)};
}

TEST(Gates, OnATagSeeItsCasesOnly) {
  EXPECT_EQ(judge_one("alarm on tag:math", tagged(10)).state, GateState::fail);
  EXPECT_EQ(judge_one("alarm on tag:tone", tagged(10)).state, GateState::pass);
  EXPECT_EQ(judge_one("score >= 90% on tag:math", tagged(10)).state, GateState::fail);
}

TEST(Gates, OnEveryTagLeaveTheSmallOnesOut) {
  const auto results = judge({"alarm on tag:*"}, tagged(10));
  ASSERT_THAT(results, SizeIs(2));
  EXPECT_EQ(results[0].label, "alarm(b) on tag:math");
  EXPECT_EQ(results[0].state, GateState::fail);
  EXPECT_EQ(results[0].family_size, 2U);
}

TEST(Gates, TogetherAreCorrectedByHolm) {
  // Five lost and none won: p = 1/64 one-sided. Alone it fails, one of four it does not.
  const std::vector<Column> columns = tagged(5);
  EXPECT_EQ(judge_one("alarm", columns).state, GateState::fail);
  const auto four =
      judge({"alarm", "alarm on tag:tone", "score >= 50%", "error-rate <= 50%"}, columns);
  EXPECT_NEAR(*four[0].p, 1.0 / 64, 1e-12);
  EXPECT_NEAR(*four[0].p_adjusted, 4.0 / 64, 1e-12);
  EXPECT_EQ(four[0].state, GateState::pass);
  EXPECT_THAT(four[0].message, HasSubstr("adjusted for 4 gates"));
  EXPECT_EQ(four[2].state, GateState::pass);  // a proof needs no correction
}

TEST(Gates, WithNothingToJudgeAreInconclusive) {
  std::vector<store::Record> changed;
  for (std::size_t i = 0; i < 30; ++i) {
    changed.push_back(scored(case_id(i), 1.0));
    changed.back().digest = "another";
  }
  const GateResult r = judge_one(
      "alarm", {test::scores("a", std::vector<double>(30, 1.0)), test::column("b", changed)});
  EXPECT_EQ(r.state, GateState::inconclusive);
  EXPECT_FALSE(r.comparable);
  EXPECT_THAT(r.message, HasSubstr("not judged"));
}

TEST(Gates, NeverContradictTheRangeThatTheyPrint) {
  Random random(7);
  const std::vector<std::string> texts{"alarm", "alarm 3pp", "not-worse 4pp", "equivalent 6pp"};
  for (int i = 0; i < 100; ++i) {
    const auto n = [&](std::size_t below) { return random.below(below); };
    const auto pair = binary(n(150), n(30), n(30), n(40));
    for (const std::string& text : texts) {
      const GateResult r = judge_one(text, {pair.reference, pair.candidate});
      const double m = r.gate.limit;
      if (!r.lo || !r.hi) {
        continue;
      }
      if (r.state == GateState::fail && r.gate.kind != GateKind::equivalent) {
        EXPECT_LT(*r.hi, -m + 1e-9) << text << " " << r.message;
      }
      if (r.gate.kind == GateKind::not_worse) {
        EXPECT_EQ(r.state == GateState::pass, *r.lo > -m + 1e-9) << r.message;
      }
      if (r.gate.kind == GateKind::equivalent) {
        EXPECT_EQ(r.state == GateState::pass, *r.lo > -m && *r.hi < m) << r.message;
      }
    }
  }
}

// Two identical models: right on a case with the same chance, correlated through its difficulty.
std::vector<Column> twins(Random& random, std::size_t n, double accuracy, double phi) {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t i = 0; i < n; ++i) {
    const bool shared = random.uniform() < accuracy;
    const auto draw = [&] {
      const bool same = random.uniform() < std::sqrt(phi);
      return (same ? shared : random.uniform() < accuracy) ? 1.0 : 0.0;
    };
    a.push_back(draw());
    b.push_back(draw());
  }
  return {test::scores("a", a), test::scores("b", b)};
}

struct TwinCase {
  std::size_t n;
  double accuracy;
  double phi;
};
class AlarmOfTwins : public testing::TestWithParam<TwinCase> {};

// Records in, gate out: one alarm, and an alarm among other gates.
TEST_P(AlarmOfTwins, RingsAtMostInFiveOfAHundredRuns) {
  constexpr int kRuns = 250;
  const auto [n, accuracy, phi] = GetParam();
  Random random(20 + n);
  int single = 0;
  int any = 0;
  for (int run = 0; run < kRuns; ++run) {
    const std::vector<Column> columns = twins(random, n, accuracy, phi);
    single += judge_one("alarm", columns).state == GateState::fail ? 1 : 0;
    const auto several = judge({"alarm", "not-worse 1pp", "score >= 50%"}, columns);
    any += std::ranges::count(several, GateState::fail, &GateResult::state) > 0 ? 1 : 0;
  }
  // Three standard errors of a share of 5%.
  const double most = 0.05 * kRuns + 3 * std::sqrt(0.05 * 0.95 * kRuns);
  EXPECT_LE(single, most);
  if (accuracy > 0.5) {
    EXPECT_LE(any, most);
  }
}
INSTANTIATE_TEST_SUITE_P(Suites,
                         AlarmOfTwins,
                         testing::Values(TwinCase{20, 0.5, 0.0},
                                         TwinCase{40, 0.8, 0.5},
                                         TwinCase{100, 0.8, 0.0},
                                         TwinCase{100, 0.95, 0.7},
                                         TwinCase{300, 0.8, 0.5}));

TEST(CasesToShow, FollowsTheSquareRoot) {
  const auto pair = binary(80, 10, 10, 0);
  const PairComparison c = compare_backends(pair.reference, pair.candidate);
  ASSERT_TRUE(c.score.detectable);
  EXPECT_EQ(cases_to_show(c.score, *c.score.detectable), 100U);
  EXPECT_EQ(cases_to_show(c.score, *c.score.detectable / 2), 400U);
  EXPECT_FALSE(cases_to_show(Comparison{}, 0.05));
}

}  // namespace
}  // namespace faceoff::compare
