#include "scoring.h"

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

class Fixed final : public Scorer {
 public:
  Fixed(Verdict verdict, double value) : verdict_(verdict), value_(value) {}
  [[nodiscard]] Score score(const Input& /*input*/) const override {
    return {"fixed", verdict_, value_, std::nullopt, {}};
  }

 private:
  Verdict verdict_;
  double value_;
};

using Scorers = std::vector<std::shared_ptr<const Scorer>>;

Scorers scorers(std::vector<std::pair<Verdict, double>> verdicts) {
  Scorers made;
  for (const auto& [verdict, value] : verdicts) {
    made.push_back(std::make_shared<const Fixed>(verdict, value));
  }
  return made;
}

const Scorers& one_right() {
  static const Scorers scorer = scorers({{Verdict::scored, 1.0}});
  return scorer;
}

Judgement judged(const chat::Completion& completion,
                 const Scorers& by = one_right(),
                 suite::OnTruncated on_truncated = suite::OnTruncated::zero) {
  suite::Case item = make_case({"x"});
  item.on_truncated = on_truncated;
  return judge({item, completion}, by);
}

TEST(Judge, Out13RefusedComesBeforeEverythingElse) {
  chat::Completion completion = make_answer("");
  completion.refusal = "I cannot help with that";
  completion.finish = chat::Finish::length;
  EXPECT_EQ(judged(completion).outcome, Outcome::refused);
  EXPECT_EQ(judged(completion).value, 0.0);
  EXPECT_TRUE(judged(completion).scores.empty());

  chat::Completion filtered = make_answer("half an ans");
  filtered.finish = chat::Finish::content_filter;
  EXPECT_EQ(judged(filtered).outcome, Outcome::refused);
}

TEST(Judge, Out13ABlankRefusalIsNone) {
  chat::Completion completion = make_answer("42");
  completion.refusal = " ";
  EXPECT_EQ(judged(completion).outcome, Outcome::scored);
}

TEST(Judge, Out13AnEmptyAnswerScoresZero) {
  for (const char* text : {"", " \n\t", "\u00A0\u3000", "\u200B\uFEFF"}) {
    const Judgement judgement = judged(make_answer(text));
    EXPECT_EQ(judgement.outcome, Outcome::empty);
    EXPECT_EQ(judgement.value, 0.0);
  }
}

TEST(Judge, Out13AToolCallIsNoEmptyAnswer) {
  chat::Completion completion = make_answer("");
  completion.tool_calls.push_back({"1", "f", "{}"});
  completion.finish = chat::Finish::tool_calls;
  EXPECT_EQ(judged(completion).outcome, Outcome::scored);
}

TEST(Judge, Out13ATruncatedAnswerScoresZeroAndKeepsItsTrace) {
  chat::Completion completion = make_answer("the answer is 4");
  completion.finish = chat::Finish::length;
  const Judgement judgement = judged(completion);
  EXPECT_EQ(judgement.outcome, Outcome::truncated);
  EXPECT_EQ(judgement.value, 0.0);
  ASSERT_EQ(judgement.scores.size(), 1U);
  EXPECT_EQ(judgement.scores.front().value, 1.0);
}

TEST(Judge, Out13ACaseCanAskForTruncatedAnswersToBeScored) {
  chat::Completion completion = make_answer("B");
  completion.finish = chat::Finish::length;
  const Judgement judgement = judged(completion, one_right(), suite::OnTruncated::score);
  EXPECT_EQ(judgement.outcome, Outcome::scored);
  EXPECT_EQ(judgement.value, 1.0);
}

TEST(Judge, AStreamThatNeverSaidWhyItEndedIsTruncated) {
  chat::Completion completion = make_answer("B");
  completion.finish = chat::Finish::none;
  EXPECT_EQ(judged(completion, one_right(), suite::OnTruncated::score).outcome, Outcome::truncated);
}

TEST(Judge, TheStrictestScorerDecides) {
  const auto by = scorers({{Verdict::scored, 1.0}, {Verdict::scored, 0.25}});
  const Judgement judgement = judged(make_answer("x"), by);
  EXPECT_EQ(judgement.outcome, Outcome::scored);
  EXPECT_EQ(judgement.value, 0.25);
  EXPECT_EQ(judgement.scores.size(), 2U);
}

TEST(Judge, AnUnscoredAnswerIsNeitherRightNorWrong) {
  const auto by =
      scorers({{Verdict::scored, 0.0}, {Verdict::no_extraction, 0.0}, {Verdict::unscored, 0.0}});
  const Judgement judgement = judged(make_answer("x"), by);
  EXPECT_EQ(judgement.outcome, Outcome::unscored);
  EXPECT_FALSE(judgement.value.has_value());
  EXPECT_EQ(judged(make_answer("x"), {}).outcome, Outcome::unscored);
}

TEST(Judge, NothingToExtractScoresZero) {
  const auto by = scorers({{Verdict::scored, 1.0}, {Verdict::no_extraction, 0.0}});
  const Judgement judgement = judged(make_answer("x"), by);
  EXPECT_EQ(judgement.outcome, Outcome::no_extraction);
  EXPECT_EQ(judgement.value, 0.0);
}

TEST(Outcome, NamesGoThereAndBack) {
  using enum Outcome;
  for (const Outcome outcome :
       {scored, no_extraction, empty, truncated, refused, unscored, failed}) {
    EXPECT_EQ(parse_outcome(to_string(outcome)), outcome);
  }
  EXPECT_EQ(to_string(no_extraction), "no_extraction");
  EXPECT_FALSE(parse_outcome("fine").has_value());
  EXPECT_FALSE(parse_outcome("").has_value());
}

}  // namespace
}  // namespace faceoff::score
