#include "math_text.h"
#include "scoring.h"

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

TEST(MathScorer, ComparesValues) {
  const auto value = [](std::string answer, std::string target) {
    return score_of("math", "units: [cm]", {std::move(target)}, std::move(answer)).value;
  };
  EXPECT_EQ(value("so \\boxed{0.5}", "\\frac{1}{2}"), 1.0);
  EXPECT_EQ(value("$2\\sqrt{2}$", "\\sqrt{8}"), 1.0);
  EXPECT_EQ(value("x = 1,000", "10^3"), 1.0);
  EXPECT_EQ(value("5 cm", "5"), 1.0);
  EXPECT_EQ(value("50\\%", "50"), 1.0);
  EXPECT_EQ(value("$(1, \\frac{4}{2})$", "(1,2)"), 1.0);
  EXPECT_EQ(value("1 \\frac{1}{2}", "3/2"), 1.0);
  EXPECT_EQ(value("0.51", "1/2"), 0.0);
  EXPECT_EQ(value("x+1", "x + 1"), 0.0 + value("x+1", "x+1"));
}

double math(std::string answer, std::string target) {
  return score_of("math", "", {std::move(target)}, std::move(answer)).value;
}

TEST(MathScorer, ComparesExpressionsWithVariables) {
  EXPECT_EQ(math("$\\frac{x}{7}+\\frac{2}{7}$", "\\frac{x+2}{7}"), 1.0);
  EXPECT_EQ(math("2x + 2y", "2(x+y)"), 1.0);
  EXPECT_EQ(math("a_1^2 - a_2^2", "(a_1-a_2)(a_1+a_2)"), 1.0);
  EXPECT_EQ(math("x^2", "2x"), 0.0);
  EXPECT_EQ(math("x", "y"), 0.0);
  // Words are no products of letters.
  EXPECT_EQ(math("cat", "act"), 0.0);
  EXPECT_EQ(math("\\text{Even}", "Even"), 1.0);
}

TEST(MathScorer, ComparesSetsInAnyOrderAndTuplesInTheirs) {
  EXPECT_EQ(math("\\boxed{2} \\text{ and } \\boxed{1}", "\\{1, 2\\}"), 1.0);
  EXPECT_EQ(math("x = 2, y = 1", "1, 2"), 1.0);
  EXPECT_EQ(math("(2,1)", "(1,2)"), 0.0);
  EXPECT_EQ(math("(7,11), (11,7)", "(11,7)or(7,11)"), 1.0);
  EXPECT_EQ(math("1, 1, 2", "1, 2, 2"), 1.0);  // as sets
  EXPECT_EQ(math("1, 2", "1, 2, 3"), 0.0);
}

TEST(MathScorer, ComparesInequalitiesAndIntervals) {
  EXPECT_EQ(math("$x \\in [-2,7]$", "-2 \\le x \\le 7"), 1.0);
  EXPECT_EQ(math("$x \\in [-2,7)$", "-2 \\le x \\le 7"), 0.0);
  EXPECT_EQ(math("5 \\geq x", "x <= 5"), 1.0);
  EXPECT_EQ(math("x < 5", "x \\leq 5"), 0.0);
}

TEST(MathScorer, FindsTheAnswerInProse) {
  EXPECT_EQ(math("The probability is 2/3.", "\\frac{2}{3}"), 1.0);
  EXPECT_EQ(math("We have $2^5$ ways. Final Answer: The total is 32. I hope it is correct.", "32"),
            1.0);
  EXPECT_EQ(math("The largest $n$ is 34.", "34"), 1.0);
  EXPECT_EQ(math("$x = 1/3 \\approx 0.33$", "1/3"), 1.0);
  EXPECT_EQ(math("$0$", "a + 3z = 0"), 0.0);  // an equation is no number
  EXPECT_EQ(math("14{,}916", "14916"), 1.0);
}

TEST(MathScorer, TakesALongDecimalForAFraction) {
  EXPECT_EQ(math("0.0833333333333333", "1/12"), 1.0);
  EXPECT_EQ(math("0.0833", "1/12"), 0.0);
}

TEST(MathScorer, Out10ReadsNothingButArithmetic) {
  EXPECT_FALSE(math_value("__import__('os')"));
  EXPECT_FALSE(math_value("1/0"));
  EXPECT_FALSE(math_value(std::string(500, '(')));
  EXPECT_FALSE(math_value(std::string(5000, '1')));
  EXPECT_TRUE(math_value("2^{-3}"));
}

TEST(MathScorer, Out10EndsForHostileText) {
  for (const char* part : {"\\text{",
                           "\\text{}",
                           "\\boxed{1},",
                           "\\boxed{",
                           "1,",
                           "(",
                           "<",
                           "x_{",
                           "=",
                           "\\frac",
                           "final answer "}) {
    std::string text;
    while (text.size() < 200'000) {
      text += part;
    }
    EXPECT_EQ(math(text, "\\{3, 4\\}"), 0.0) << part;
  }
}

}  // namespace
}  // namespace faceoff::score
