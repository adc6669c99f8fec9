#include "compare/records.h"

#include <faceoff/compare/comparison.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using test::case_id;
using test::column;
using test::scored;
using ::testing::HasSubstr;

Options pairing_by_id() {
  Options options;
  options.by_id = true;
  return options;
}

TEST(Alignment, LeavesOutCasesWhoseTextChanged) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 12; ++i) {
    a.push_back(scored(case_id(i), 1));
    b.push_back(scored(case_id(i), 1));
  }
  b[0].digest = "another";
  b[1].digest = "another";
  b.push_back(scored("extra", 1));
  const Comparison c = compare_backends(column("old", a), column("new", b)).score;
  EXPECT_EQ(c.n_pairs, 10U);
  EXPECT_EQ(c.excluded.changed, 2U);
  EXPECT_EQ(c.n_only_reference, 0U);
  EXPECT_EQ(c.n_only_candidate, 1U);
  EXPECT_EQ(c.excluded.missing, 1U);
  EXPECT_THAT(c.finding, HasSubstr("2 cases left out: the prompt or the parameters changed"));
}

TEST(Alignment, CallsRunsWithoutACommonCaseNotComparable) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 8; ++i) {
    a.push_back(scored(case_id(i), 1));
    b.push_back(scored(case_id(i), 0));
    b.back().digest = "changed";
  }
  const PairComparison pair = compare_backends(column("old", a), column("new", b));
  EXPECT_EQ(pair.score.verdict, Verdict::not_comparable);
  EXPECT_EQ(pair.score.excluded.changed, 8U);
  EXPECT_THAT(pair.score.finding, HasSubstr("8 cases with the same id, but with another prompt"));
  EXPECT_EQ(pair.ttft.verdict, Verdict::not_comparable);
}

TEST(Alignment, PairsTwoPromptsForTheSameCasesWhenAsked) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 20; ++i) {
    a.push_back(scored(case_id(i), i < 6 ? 1 : 0));
    b.push_back(scored(case_id(i), 1));
    b.back().digest = i < 15 ? "changed" : b.back().digest;
  }
  a.push_back(scored("only-old", 1));
  b.push_back(scored("only-new", 1));
  // An id with two prompts on one side belongs to neither.
  for (const char* digest : {"x", "y"}) {
    b.push_back(scored("twice", 1));
    b.back().digest = digest;
  }
  a.push_back(scored("twice", 1));
  const Comparison c = compare_backends(column("old", a), column("new", b), pairing_by_id()).score;
  EXPECT_EQ(c.n_pairs, 20U);
  EXPECT_EQ(c.n_other_prompt, 15U);
  EXPECT_EQ(c.n_higher, 14U);
  EXPECT_EQ(c.n_only_reference, 1U);
  EXPECT_EQ(c.n_only_candidate, 1U);
  EXPECT_EQ(c.excluded.changed, 1U);
  EXPECT_EQ(c.verdict, Verdict::better);
  EXPECT_THAT(c.warnings, ::testing::Contains(Warning::paired_by_id));
  EXPECT_THAT(c.finding,
              HasSubstr("Paired by id: the prompt or the parameters differ in 15 cases"));
}

TEST(Alignment, PairsByIdAsByPromptWhereNoPromptDiffers) {
  const auto pair = test::binary(10, 9, 1, 12);
  const Comparison by_prompt = compare_backends(pair.reference, pair.candidate).score;
  const Comparison by_id = compare_backends(pair.reference, pair.candidate, pairing_by_id()).score;
  EXPECT_EQ(by_id.finding, by_prompt.finding);
  EXPECT_EQ(by_id.warnings, by_prompt.warnings);
}

TEST(Alignment, IsNotEnoughDataWhenEverythingFailed) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 8; ++i) {
    a.push_back(scored(case_id(i), 1));
    b.push_back(test::failed(case_id(i)));
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).score;
  EXPECT_EQ(c.verdict, Verdict::not_enough_data);
  EXPECT_EQ(c.excluded.error_candidate, 8U);
  EXPECT_DOUBLE_EQ(c.worst_case->lo, -1.0);
  EXPECT_DOUBLE_EQ(c.worst_case->hi, 0.0);
}

TEST(Alignment, DoesNotDependOnTheOrderOfRecords) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 30; ++i) {
    a.push_back(scored(case_id(i), static_cast<double>(i % 7) / 7));
    b.push_back(scored(case_id(i), static_cast<double>(i % 11) / 11));
  }
  const Comparison straight = compare_backends(column("gpt", a), column("llama", b)).score;
  std::reverse(a.begin(), a.end());
  std::rotate(b.begin(), b.begin() + 13, b.end());
  const Comparison shuffled = compare_backends(column("gpt", a), column("llama", b)).score;
  EXPECT_EQ(straight.one_line, shuffled.one_line);
  EXPECT_EQ(*straight.estimate.value, *shuffled.estimate.value);
  EXPECT_EQ(*straight.test.p, *shuffled.test.p);
}

TEST(Alignment, MakesNamesSafeInItsSentence) {
  const Comparison c = compare_backends(column("a\x1b[31m", {scored("x", 1)}),
                                        column("b\xe2\x80\xae", {scored("x", 1)}))
                           .score;
  EXPECT_THAT(c.one_line, ::testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(c.one_line, HasSubstr("\\u{202E} vs a"));
}

TEST(Alignment, MarksSimulatedAnswersInItsSentence) {
  store::Record record = scored("x", 1);
  record.simulated = true;
  const Comparison c =
      compare_backends(column("gpt", {scored("x", 1)}), column("fake", {record})).score;
  EXPECT_THAT(c.one_line, ::testing::StartsWith("fake (simulated) vs gpt: "));
}

}  // namespace
}  // namespace faceoff::compare
