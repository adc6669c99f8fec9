#include <faceoff/compare/gate_check.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

GateAdvice advice(const std::vector<std::string>& texts, const GateScope& scope) {
  std::vector<Gate> gates;
  for (const std::string& text : texts) {
    gates.push_back(parse_gate(text).value());
    gates.back().origin = "--gate";
  }
  return check_gates(gates, scope);
}

const GateScope kTwo{.backends = {"gpt-4o", "llama"},
                     .cases = 400,
                     .tags = {{"math", 100}, {"tone", 3}, {"code", 6}}};
const GateScope kOne{.backends = {"llama"}, .cases = 400};

TEST(GateCheck, AcceptsWhatTheRunCanDecide) {
  const GateAdvice out = advice({"alarm",
                                 "score(llama) >= 80%",
                                 "score(gpt-4o) >= 80%",
                                 "not-worse(llama, 5pp) on tag:math",
                                 "ttft.p95 <= 1s",
                                 "error-rate <= 2%",
                                 "max-slowdown 20%"},
                                kTwo);
  EXPECT_THAT(out.errors, IsEmpty());
  EXPECT_THAT(out.warnings, ElementsAre(HasSubstr("unchanged model")));
}

TEST(GateCheck, RefusesNamesThatTheRunDoesNotHave) {
  EXPECT_THAT(advice({"alarm(lama)"}, kTwo).errors,
              ElementsAre("--gate: gate 'alarm(lama)': unknown backend 'lama'; did you mean "
                          "'llama'?"));
  EXPECT_THAT(advice({"alarm(mistral)"}, kTwo).errors,
              ElementsAre(HasSubstr("this run has gpt-4o, llama")));
  EXPECT_THAT(advice({"alarm on tag:mth"}, kTwo).errors,
              ElementsAre(HasSubstr("no selected case has the tag 'mth'; did you mean 'math'?")));
  EXPECT_THAT(advice({"score >= 50% on tag:*"}, kOne).errors,
              ElementsAre(HasSubstr("no selected case has a tag")));
}

TEST(GateCheck, RefusesAComparisonWithNothing) {
  EXPECT_THAT(advice({"alarm"}, kOne).errors, ElementsAre(HasSubstr("--baseline")));
  EXPECT_THAT(advice({"alarm(gpt-4o)"}, kTwo).errors, ElementsAre(HasSubstr("is the reference")));
  EXPECT_THAT(advice({"score >= 50%"}, kOne).errors, IsEmpty());
  GateScope with_baseline = kOne;
  with_baseline.has_baseline = true;
  EXPECT_THAT(advice({"alarm", "alarm(llama)"}, with_baseline).errors, IsEmpty());
}

TEST(GateCheck, NamesWhatASmallTagWouldNeed) {
  EXPECT_THAT(
      advice({"alarm on tag:tone"}, kTwo).errors,
      ElementsAre(HasSubstr("the tag has 3 cases, too few to decide; it needs at least 4")));
  EXPECT_THAT(advice({"not-worse 3pp on tag:code"}, kTwo).errors,
              ElementsAre(AllOf(HasSubstr("6 cases"), HasSubstr("needs at least 88"))));
  EXPECT_THAT(advice({"ttft.p95 <= 1s on tag:code"}, kTwo).errors,
              ElementsAre(HasSubstr("needs at least 72")));
}

TEST(GateCheck, LeavesSmallTagsOutOfAGateOnAllAndSaysSo) {
  const GateAdvice out = advice({"alarm on tag:*"}, kTwo);
  EXPECT_THAT(out.errors, IsEmpty());
  EXPECT_THAT(out.warnings,
              ElementsAre(AllOf(HasSubstr("1 of 3 tags are too small to gate"),
                                HasSubstr("at least 5 cases"),
                                HasSubstr("tone (3)"))));
}

TEST(GateCheck, WarnsOfASuiteThatCannotDecide) {
  GateScope small = kTwo;
  small.cases = 3;
  EXPECT_THAT(advice({"alarm"}, small).warnings,
              ElementsAre(HasSubstr("cannot fail with 3 cases; it needs at least 4")));
  EXPECT_THAT(advice({"score >= 90%"}, small).warnings, ElementsAre(HasSubstr("at least 29")));
}

// The tables of docs/gates.md: an unchanged model and a margin of 5 points.
TEST(GateCheck, KnowsHowOftenAnUnchangedModelPasses) {
  EXPECT_NEAR(unchanged_passes(40, 0.1, 0.05), 0.22, 0.006);
  EXPECT_NEAR(unchanged_passes(40, 0.2, 0.05), 0.16, 0.006);
  EXPECT_NEAR(unchanged_passes(100, 0.1, 0.05), 0.44, 0.006);
  EXPECT_NEAR(unchanged_passes(100, 0.2, 0.05), 0.29, 0.006);
  EXPECT_NEAR(unchanged_passes(200, 0.1, 0.05), 0.70, 0.006);
  EXPECT_NEAR(unchanged_passes(300, 0.1, 0.05), 0.84, 0.006);
  EXPECT_NEAR(unchanged_passes(300, 0.2, 0.05), 0.61, 0.006);
  // Exact and normal meet.
  EXPECT_NEAR(unchanged_passes(300, 0.1, 0.05), unchanged_passes(301, 0.1, 0.05), 0.03);
}

TEST(GateCheck, KnowsTheFewestCasesOfEveryKind) {
  const auto least = [](std::string_view text, std::size_t tests = 1) {
    return least_cases(parse_gate(text).value(), tests);
  };
  EXPECT_EQ(least("alarm"), 4U);
  EXPECT_EQ(least("alarm", 10), 7U);
  EXPECT_EQ(least("score >= 90%"), 29U);
  EXPECT_EQ(least("score >= 100%"), 1U);
  EXPECT_EQ(least("error-rate <= 2%"), 149U);
  EXPECT_EQ(least("ttft.p95 <= 1s"), 72U);
  EXPECT_EQ(least("e2e.p99 <= 1s"), 368U);
  EXPECT_EQ(least("max-drop 3pp"), 1U);
}

}  // namespace
}  // namespace faceoff::compare
