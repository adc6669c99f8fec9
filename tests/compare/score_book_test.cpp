#include <faceoff/compare/score_book.h>

#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

TrialScore said(std::string scorer, double value, std::string label = {}) {
  TrialScore score;
  score.scorer = std::move(scorer);
  score.value = value;
  score.label = std::move(label);
  return score;
}

TrialScore nothing(std::string scorer) {
  TrialScore score = said(std::move(scorer), 0);
  score.verdict = score::Verdict::no_extraction;
  score.reason = "no number";
  return score;
}

TEST(ScoreBook, KeepsStrictAndFlexibleColumnsApart) {
  ScoreBook book;
  book.put(0, "a", 0, {.scores = {said("number", 1, "strict"), said("number", 1, "flexible")}});
  book.put(1, "b", 0, {.scores = {said("number", 0, "strict"), said("number", 1, "flexible")}});
  const auto found = book.summaries();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "strict");
  EXPECT_EQ(found[0].mean, 0.5);
  EXPECT_EQ(found[1].label, "flexible");
  EXPECT_EQ(found[1].mean, 1.0);
  EXPECT_EQ(found[1].judged, 2U);
}

TEST(ScoreBook, CountsWhatCouldNotBeExtractedWithThreeExamples) {
  ScoreBook book;
  for (int i = 9; i >= 0; --i) {
    book.put(static_cast<std::size_t>(i),
             "case-" + std::to_string(i),
             0,
             {.scores = {i < 6 ? nothing("number") : said("number", 1)},
              .answer_end = "end of " + std::to_string(i)});
  }
  TrialScore limit = said("number", 0);
  limit.verdict = score::Verdict::unscored;
  book.put(10, "case-x", 0, {.scores = {limit}});
  const auto found = book.summaries();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].judged, 11U);
  EXPECT_EQ(found[0].no_extraction, 6U);
  EXPECT_EQ(found[0].unscored, 1U);
  EXPECT_EQ(found[0].mean, 0.4);  // of ten: nothing found is 0, unscored is left out
  ASSERT_EQ(found[0].samples.size(), 3U);
  EXPECT_EQ(found[0].samples[0].case_id, "case-0");
  EXPECT_EQ(found[0].samples[2].answer, "end of 2");
  EXPECT_EQ(found[0].samples[0].reason, "no number");
}

TEST(ScoreBook, ALaterRecordOfATrialTakesThePlaceOfTheFirst) {
  ScoreBook book;
  book.put(0, "a", 0, {.scores = {nothing("number")}, .answer_end = "first"});
  book.put(0, "a", 1, {.scores = {nothing("number")}, .answer_end = "second"});
  book.put(0, "a", 0, {.scores = {said("number", 1)}});
  auto found = book.summaries();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].judged, 2U);
  EXPECT_EQ(found[0].no_extraction, 1U);
  ASSERT_EQ(found[0].samples.size(), 1U);
  EXPECT_EQ(found[0].samples[0].answer, "second");
  book.put(0, "a", 1, {});
  found = book.summaries();
  EXPECT_EQ(found[0].judged, 1U);
  EXPECT_TRUE(found[0].samples.empty());
}

TEST(ScoreBook, AddsTheCountsOfTheCorpus) {
  ScoreBook book;
  TrialScore one = said("wer", 0.5);
  one.statistics = score::Statistics{"rate", {1, 2}};
  TrialScore two = said("wer", 1);
  two.statistics = score::Statistics{"rate", {0, 8}};
  book.put(0, "a", 0, {.scores = {one}});
  book.put(1, "b", 0, {.scores = {two}});
  auto found = book.summaries();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].mean, 0.75);
  EXPECT_EQ(found[0].corpus, 0.9);
  EXPECT_EQ(found[0].corpus_rule, "rate");
  // Counts of different rules have no sum.
  TrialScore other = said("wer", 1);
  other.statistics = score::Statistics{"share", {1, 1}};
  book.put(2, "c", 0, {.scores = {other}});
  EXPECT_EQ(book.summaries()[0].corpus, std::nullopt);
}

TEST(ScoreBook, AnAnswerThatWasCutOffIsWorthNothing) {
  ScoreBook book;
  book.put(0, "a", 0, {.zero = true, .scores = {said("number", 1)}});
  EXPECT_EQ(book.summaries()[0].mean, 0.0);
}

}  // namespace
}  // namespace faceoff::compare
