#include "judge_role.h"

#include "answerer.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::simulate {
namespace {

std::string pair(std::string_view first, std::string_view second) {
  return fmt::format(
      "<<f the first answer>>\n\"{}\"\n<<f end>>\n<<f the second answer>>\n\"{}\"\n<<f end>>\n\n"
      "Now give your verdict. Reply with one JSON object and nothing else: {{\"check\": "
      "\"abc123\", "
      "\"reason\": \"\", \"verdict\": \"one of the verdicts above\"}}",
      first,
      second);
}

TEST(JudgeRole, AnswersOnlyJudgesQuestions) {
  EXPECT_FALSE(judge({}, 7, "What is 1 + 1?"));
  EXPECT_EQ(Answerer({}).answer("What is 1 + 1?").text, "I do not know.");
}

TEST(JudgeRole, PrefersTheFirstSlotAsOftenAsItIsTold) {
  JudgeRole role;
  role.first_slot = 0.55;
  int first = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto reply = judge(role, 7, pair(fmt::format("answer {}", i), "other"));
    ASSERT_TRUE(reply);
    EXPECT_NE(reply->find("\"check\": \"abc123\""), std::string::npos);
    first += reply->find("\"verdict\": \"first\"") != std::string::npos ? 1 : 0;
  }
  EXPECT_NEAR(first / 4000.0, 0.55, 0.04);
  EXPECT_EQ(judge(role, 7, pair("x", "y")), judge(role, 7, pair("x", "y")));
}

TEST(JudgeRole, KnowsTheBetterAnswerByItsText) {
  JudgeRole role;
  role.prefers = "sorry";
  EXPECT_NE(judge(role, 7, pair("no", "so sorry"))->find("\"second\""), std::string::npos);
  EXPECT_NE(judge(role, 7, pair("sorry", "no"))->find("\"first\""), std::string::npos);
}

TEST(JudgeRole, EmbedsTextsThatShareWordsNearToEachOther) {
  const auto dot = [](std::string_view a, std::string_view b) {
    const auto x = embed(a);
    const auto y = embed(b);
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += x[i] * y[i];
    }
    return sum;
  };
  EXPECT_NEAR(dot("The red cat", "the RED cat!"), 1.0, 1e-12);
  EXPECT_GT(dot("the red cat sleeps", "the red cat runs"), 0.7);
  EXPECT_LT(dot("alpha beta gamma", "delta epsilon zeta"), 0.4);
}

}  // namespace
}  // namespace faceoff::simulate
