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

TEST(MathScorer, Out10ReadsNothingButArithmetic) {
  EXPECT_FALSE(math_value("__import__('os')"));
  EXPECT_FALSE(math_value("1/0"));
  EXPECT_FALSE(math_value(std::string(500, '(')));
  EXPECT_FALSE(math_value(std::string(5000, '1')));
  EXPECT_TRUE(math_value("2^{-3}"));
}

}  // namespace
}  // namespace faceoff::score
