#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

std::string lines(const doc::Diagnostics& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes.sorted()) {
    text += mistake.code + " " + doc::one_line(mistake) + "\n";
  }
  return text;
}

suite::Case case_with(std::vector<suite::ScorerSpecPtr> specs, std::vector<std::string> targets) {
  suite::Case item = make_case(std::move(targets));
  item.scorers = std::move(specs);
  return item;
}

TEST(Compiler, HandsOutTheScorersInOrder) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  const auto item = case_with({make_spec("exact", ""), make_spec("number", "abs_tol: 1")}, {"41"});
  const auto scorers = compiler.compile(item, mistakes);
  ASSERT_TRUE(scorers.has_value()) << lines(mistakes);
  const auto answer = make_answer("42");
  ASSERT_EQ(scorers->size(), 2U);
  EXPECT_EQ((*scorers)[0]->score({item, answer}).scorer, "exact");
  EXPECT_EQ((*scorers)[1]->score({item, answer}).value, 1.0);
}

TEST(Compiler, CompilesASharedSpecOnce) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  const auto shared = make_spec("exact", "");
  const auto first = compiler.compile(case_with({shared}, {"a"}), mistakes);
  const auto second = compiler.compile(case_with({shared}, {"b"}), mistakes);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->front(), second->front());
}

TEST(Compiler, ReportsASharedSpecOnce) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  const auto shared = make_spec("exact", "trimm: true");
  EXPECT_FALSE(compiler.compile(case_with({shared}, {"a"}), mistakes).has_value());
  EXPECT_FALSE(compiler.compile(case_with({shared}, {"b"}), mistakes).has_value());
  EXPECT_EQ(mistakes.size(), 1U) << lines(mistakes);
}

TEST(Compiler, SuggestsTheScorerThatWasMeant) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  const auto item = case_with({make_spec("exatc", ""), make_spec("no-such", "")}, {"a"});
  EXPECT_FALSE(compiler.compile(item, mistakes).has_value());
  EXPECT_THAT(lines(mistakes), HasSubstr("suite::unknown-scorer"));
  EXPECT_THAT(lines(mistakes), HasSubstr("unknown scorer 'exatc'; did you mean 'exact'?"));
  EXPECT_EQ(mistakes.size(), 2U);
}

TEST(Compiler, ReportsEveryCaseThatLacksATarget) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  const auto shared = make_spec("exact", "");
  EXPECT_FALSE(compiler.compile(case_with({shared}, {}), mistakes).has_value());
  EXPECT_FALSE(compiler.compile(case_with({shared}, {}), mistakes).has_value());
  EXPECT_EQ(mistakes.size(), 2U);
  EXPECT_THAT(lines(mistakes), HasSubstr("suite::missing-target suite.yaml:1:1: case 'case-1'"));
}

TEST(Compiler, ReportsATargetThatTheScorerCannotRead) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  EXPECT_FALSE(
      compiler.compile(case_with({make_spec("number", "")}, {"many"}), mistakes).has_value());
  EXPECT_THAT(lines(mistakes), HasSubstr("suite::wrong-target"));
  EXPECT_THAT(lines(mistakes), HasSubstr("the target 'many' is not one number"));
}

TEST(Compiler, DoesNotMistakeANewSpecForOneThatIsGone) {
  Compiler compiler;
  doc::Diagnostics mistakes;
  for (int i = 0; i < 1000; ++i) {
    const bool exact = i % 2 == 0;
    const auto item = case_with({make_spec(exact ? "exact" : "number", "")}, {"42"});
    const auto scorers = compiler.compile(item, mistakes);
    ASSERT_TRUE(scorers.has_value());
    EXPECT_EQ(scorers->front()->score({item, make_answer("42")}).scorer,
              exact ? "exact" : "number");
  }
  EXPECT_TRUE(mistakes.empty());
}

}  // namespace
}  // namespace faceoff::score
