#include "answerer.h"

#include <faceoff/base/text.h>

#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::simulate {
namespace {

Script quiz(int prompts, double accuracy) {
  Script script;
  script.accuracy = accuracy;
  for (int i = 0; i < prompts; ++i) {
    script.answers.push_back(
        {.prompt = fmt::format("question {}", i), .targets = {fmt::format("answer {}", i)}});
  }
  return script;
}

TEST(Answerer, PrefersRulesThenKnownAnswersThenTheDefault) {
  Script script = quiz(2, 1.0);
  script.rules.push_back({.match = "stion 1", .regex = nullptr, .answer = {.text = "by rule"}});
  script.rules.push_back(
      {.match = {},
       .regex = std::make_shared<const Regex>(Regex::compile("^[0-9]+$").value()),
       .answer = {.text = "by regex"}});
  const Answerer answerer(script);
  EXPECT_EQ(answerer.answer("question 0").text, "answer 0");
  EXPECT_EQ(answerer.answer("question 1").text, "by rule");
  EXPECT_EQ(answerer.answer("77").text, "by regex");
  EXPECT_EQ(answerer.answer("something else").text, "I do not know.");
}

TEST(Answerer, EchoesThePromptWhenTheDefaultSaysSo) {
  Script script;
  script.echo = true;
  EXPECT_EQ(Answerer(script).answer("say this").text, "say this");
}

TEST(Answerer, GetsAboutTheAskedShareRightAndAlwaysTheSamePrompts) {
  const Script script = quiz(2000, 0.8);
  const Answerer answerer(script);
  const Answerer again(script);
  int right = 0;
  for (const KnownAnswer& known : script.answers) {
    const std::string text = answerer.answer(known.prompt).text;
    EXPECT_EQ(text, again.answer(known.prompt).text);
    EXPECT_FALSE(text.empty());
    right += text == known.targets.front() ? 1 : 0;
  }
  EXPECT_NEAR(right, 1600, 60);
}

TEST(Answerer, AnotherSeedGetsOtherPromptsWrong) {
  Script script = quiz(200, 0.5);
  Script other = quiz(200, 0.5);
  other.seed = script.seed + 1;
  const Answerer one(script);
  const Answerer two(other);
  int different = 0;
  for (const KnownAnswer& known : script.answers) {
    const bool first = one.answer(known.prompt).text == known.targets.front();
    const bool second = two.answer(known.prompt).text == known.targets.front();
    different += first != second ? 1 : 0;
  }
  EXPECT_GT(different, 50);
}

TEST(Answerer, NeverGivesARightTargetAsAWrongAnswer) {
  Script script;
  script.accuracy = 0.0;
  script.answers.push_back({.prompt = "p", .targets = {"41", "42", "43", "44", "45"}});
  script.answers.push_back({.prompt = "q", .targets = {" 41 "}});
  const Answerer answerer(script);
  const std::set<std::string> right{"41", "42", "43", "44", "45"};
  EXPECT_FALSE(right.contains(std::string(trim(answerer.answer("p").text))));
}

TEST(WrongAnswer, StaysOfTheSameKind) {
  EXPECT_EQ(wrong_answer("42", 0), "43");
  EXPECT_EQ(wrong_answer("42", 8), "51");
  EXPECT_EQ(wrong_answer("99", 0), "100");
  EXPECT_EQ(wrong_answer("-9", 0), "-10");
  EXPECT_EQ(wrong_answer("1,999", 0), "2,000");
  EXPECT_EQ(wrong_answer("3.5", 1), "5.5");
  EXPECT_EQ(wrong_answer("B", 0), "C");
  EXPECT_EQ(wrong_answer("d", 2), "c");
  EXPECT_EQ(wrong_answer("Yes", 5), "No");
  EXPECT_EQ(wrong_answer("Paris", 5), "");
  EXPECT_EQ(wrong_answer("", 5), "");
}

TEST(WrongAnswer, DiffersFromTheRightOneForEveryDraw) {
  for (std::uint64_t draw = 0; draw < 40; ++draw) {
    for (const std::string right : {"0", "9", "123", "-5", "A", "D", "c", "0.25", "no", "True"}) {
      const std::string wrong = wrong_answer(right, draw);
      EXPECT_FALSE(wrong.empty()) << right;
      EXPECT_NE(wrong, right);
    }
  }
}

TEST(FirstPiece, CutsAtCodePointBorders) {
  EXPECT_EQ(first_piece("abcdefg"), "abcd");
  EXPECT_EQ(first_piece("äöüß€"), "äöüß");
  EXPECT_EQ(first_piece("😀😀😀😀😀"), "😀😀😀😀");
  EXPECT_EQ(first_piece("ab"), "ab");
  EXPECT_EQ(first_piece(""), "");
  EXPECT_EQ(first_pieces("abcdefghij", 2), "abcdefgh");
  EXPECT_EQ(first_pieces("abc", 9'000'000'000'000'000'000), "abc");
}

TEST(FirstPiece, MakesAsManyPiecesAsTokensAreCounted) {
  for (const std::string text :
       {"a", "abcd", "abcde", "äöüß€", "The capital of France is Paris."}) {
    std::string_view rest = text;
    std::int64_t pieces = 0;
    while (!rest.empty()) {
      rest.remove_prefix(first_piece(rest).size());
      ++pieces;
    }
    EXPECT_EQ(pieces, count_tokens(text)) << text;
  }
  EXPECT_EQ(count_tokens(""), 1);
}

TEST(Limited, StopsAtMaxTokensWithFinishLength) {
  ChatCall call;
  call.max_tokens = 2;
  const Answer cut = limited({.text = "abcdefghij"}, call);
  EXPECT_EQ(cut.text, "abcdefgh");
  EXPECT_EQ(cut.finish, chat::Finish::length);
  const Answer whole = limited({.text = "abcdefgh"}, call);
  EXPECT_EQ(whole.text, "abcdefgh");
  EXPECT_EQ(whole.finish, chat::Finish::stop);
}

TEST(Limited, SpendsTokensOnReasoningFirst) {
  ChatCall call;
  call.max_tokens = 2;
  const Answer cut = limited({.text = "abcdefgh", .reasoning = "1234"}, call);
  EXPECT_EQ(cut.reasoning, "1234");
  EXPECT_EQ(cut.text, "abcd");
  const Answer nothing_left = limited({.text = "abcd", .reasoning = "123456789"}, call);
  EXPECT_EQ(nothing_left.reasoning, "12345678");
  EXPECT_EQ(nothing_left.text, "");
  EXPECT_EQ(nothing_left.finish, chat::Finish::length);
}

TEST(Limited, CutsInFrontOfTheFirstStopWord) {
  ChatCall call;
  call.stop = {"\n", "##"};
  EXPECT_EQ(limited({.text = "one ## two\nthree"}, call).text, "one ");
  EXPECT_EQ(limited({.text = "one"}, call).text, "one");
}

}  // namespace
}  // namespace faceoff::simulate
