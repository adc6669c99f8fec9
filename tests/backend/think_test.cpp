#include "answer.h"

#include <faceoff/base/text.h>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

struct Read {
  chat::Completion completion;
  std::vector<chat::StreamEvent> events;
  std::vector<std::string> warnings;

  [[nodiscard]] std::string classes() const {
    std::vector<std::string> names;
    for (const auto& event : events) {
      names.emplace_back(chat::to_string(event.what));
    }
    return join(names, " ");
  }
};

// Piece i comes at i nanoseconds.
Read read(const std::vector<std::string>& pieces) {
  Read result;
  Answer answer;
  TimePoint at;
  for (const auto& piece : pieces) {
    answer.begin(at, &result.events);
    answer.content(piece);
    at += Duration(1);
  }
  answer.begin(at, &result.events);
  result.completion = answer.take();
  result.warnings = answer.take_warnings();
  return result;
}

TEST(ThinkTag, AtTheStartMovesToTheReasoning) {
  const Read result = read({"<think>", "I recall", " this.\n", "</think>", "\n\n", "Paris", "."});
  EXPECT_EQ(result.completion.reasoning, "I recall this.\n");
  EXPECT_EQ(result.completion.text, "Paris.");
  EXPECT_EQ(result.classes(), "reasoning reasoning reasoning reasoning content content content");
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("<think>"), std::string::npos);
}

TEST(ThinkTag, IsFoundHoweverItIsCut) {
  const std::string whole = "\n<think>a</b></think>\nParis </think>";
  for (std::size_t first = 0; first <= whole.size(); ++first) {
    for (std::size_t second = first; second <= whole.size(); ++second) {
      const Read result =
          read({whole.substr(0, first), whole.substr(first, second - first), whole.substr(second)});
      ASSERT_EQ(result.completion.reasoning, "a</b>") << first << ' ' << second;
      ASSERT_EQ(result.completion.text, "Paris </think>") << first << ' ' << second;
    }
  }
}

TEST(ThinkTag, KeepsTheStampsOfHeldEvents) {
  const Read result = read({"<", "think", ">", "a"});
  ASSERT_EQ(result.events.size(), 4U);
  EXPECT_EQ(result.classes(), "reasoning reasoning reasoning reasoning");
  EXPECT_EQ(result.events[0].at, TimePoint());
  EXPECT_EQ(result.events[1].at, TimePoint() + Duration(1));
}

TEST(ThinkTag, ThatIsNotClosedLeavesNoText) {
  const Read result = read({"<think>", "going on </thi"});
  EXPECT_EQ(result.completion.reasoning, "going on </thi");
  EXPECT_EQ(result.completion.text, "");
}

TEST(ThinkTag, ElsewhereIsText) {
  for (const std::string text : {"use <think> here",
                                 "<thin",
                                 "<thinking>",
                                 "  ",
                                 "<",
                                 "x<think>y",
                                 "                     <think>a</think>"}) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      const Read result = read({text.substr(0, cut), text.substr(cut)});
      ASSERT_EQ(result.completion.text, text);
      ASSERT_EQ(result.completion.reasoning, "");
      ASSERT_TRUE(result.warnings.empty());
      ASSERT_EQ(result.events.size(), 2U);
    }
  }
}

TEST(ThinkTag, BehindSeparateReasoningIsText) {
  std::vector<chat::StreamEvent> events;
  Answer answer;
  answer.begin(TimePoint(), &events);
  answer.reasoning("r");
  answer.content("<think>a</think>");
  EXPECT_EQ(answer.take().text, "<think>a</think>");
}

}  // namespace
}  // namespace faceoff::backend
