#include "extraction.h"

#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

// Compiled as a suite's scorer is, so that `via`, `as` and `counts` hold.
Judgement judged(std::string_view scorer, std::string_view options, std::string answer) {
  doc::Diagnostics mistakes;
  suite::Case item = make_case({"42"});
  item.scorers.push_back(make_spec(scorer, options));
  Compiler compiler;
  const auto scorers = compiler.compile(item, mistakes);
  return scorers ? judge({item, make_answer(std::move(answer))}, *scorers) : Judgement{};
}

std::string mistakes_of(std::string_view options) {
  doc::Diagnostics mistakes;
  Compiler compiler;
  compiler.check(make_spec("exact", options), mistakes);
  std::string lines;
  for (const auto& mistake : mistakes.sorted()) {
    lines += doc::one_line(mistake) + "\n";
  }
  return lines;
}

TEST(Extraction, TakesTheAnswerAndLeavesATrace) {
  const auto found = judged(
      "exact",
      "{via: [without_think, {after_last: 'Answer:'}, {line: first}, {strip: '*.'}], as: strict}",
      "<think>41 or Answer: 7</think>Answer: 5\nAnswer: **42**.\nDone");
  EXPECT_EQ(found.outcome, Outcome::scored);
  EXPECT_EQ(found.value, 1.0);
  ASSERT_EQ(found.scores.size(), 1U);
  EXPECT_EQ(found.scores[0].label, "strict");
  ASSERT_EQ(found.scores[0].trace.size(), 4U);
  EXPECT_EQ(found.scores[0].trace[2], (TraceStep{"line", "**42**."}));
}

TEST(Extraction, SaysWhichStepFoundNothing) {
  const auto found = judged("exact", "{via: [{regex: '#### (\\d+)'}, strip]}", "It is 42.");
  EXPECT_EQ(found.outcome, Outcome::no_extraction);
  EXPECT_EQ(found.scores[0].reason, "step 1 of 2, 'regex', found nothing");
  EXPECT_EQ(found.scores[0].trace.size(), 1U);
}

TEST(Extraction, ReplacesTextsInOnePassTheLongestFirst) {
  EXPECT_EQ(
      judged("exact", "{via: {replace: {four: '4', fourty: '4', two: '2'}}}", "fourtytwo").value,
      1.0);
  // What was put in is not replaced again.
  EXPECT_EQ(judged("exact", "{via: {replace: {a: '4', '4': x, b: '2'}}}", "ab").value, 1.0);
  EXPECT_THAT(mistakes_of("{via: [replace]}"), ::testing::HasSubstr("a mapping of texts"));
  EXPECT_THAT(mistakes_of("{via: {replace: {'': x}}}"), ::testing::HasSubstr("is empty"));
}

TEST(Extraction, VotesAndFallsBack) {
  EXPECT_EQ(
      judged("exact", "{via: [{regex: {pattern: '\\d+', pick: all}}, majority]}", "41 42 42").value,
      1.0);
  EXPECT_EQ(
      judged("exact", "{via: {first_of: [[{regex: 'is (\\d+)!'}], [{number: last}]]}}", "It is 42")
          .value,
      1.0);
  EXPECT_EQ(judged("exact", "{via: [{code_block: python}, strip]}", "```python\n42\n```").value,
            1.0);
  EXPECT_EQ(judged("exact", "{via: {json_pointer: /a/0}}", "so {\"a\": [42]}").value, 1.0);
  EXPECT_EQ(judged("exact", "{via: {between: ['<a>', '</a>']}}", "<a>42</a>").value, 1.0);
}

TEST(Extraction, AColumnThatDoesNotCountChangesNothing) {
  doc::Diagnostics mistakes;
  suite::Case item = make_case({"42"});
  item.scorers.push_back(make_spec("number", "{as: flexible}"));
  item.scorers.push_back(
      make_spec("exact", "{as: strict, counts: false, via: {regex: '#### (.*)'}}"));
  Compiler compiler;
  const auto scorers = compiler.compile(item, mistakes);
  ASSERT_TRUE(scorers);
  const auto found = judge({item, make_answer("about 42")}, *scorers);
  EXPECT_EQ(found.outcome, Outcome::scored);
  EXPECT_EQ(found.value, 1.0);
  EXPECT_EQ(found.scores[1].verdict, Verdict::no_extraction);
}

TEST(Extraction, Out10ReportsMistakesAtTheirPlace) {
  EXPECT_THAT(mistakes_of("{via: [stripp]}"),
              ::testing::HasSubstr("options.yaml:1:8: unknown step 'stripp'"));
  EXPECT_THAT(mistakes_of("{via: [{regex: 'a(b'}]}"), ::testing::HasSubstr("options.yaml:1:16"));
  EXPECT_THAT(mistakes_of("{via: [{regex: {pattern: a, group: 2}}]}"),
              ::testing::HasSubstr("no group 2"));
  EXPECT_THAT(mistakes_of("{via: [{between: [a]}]}"), ::testing::HasSubstr("[begin, end]"));
  EXPECT_NE(mistakes_of("{via: []}"), "");
}

}  // namespace
}  // namespace faceoff::score
