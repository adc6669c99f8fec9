#include "decimal.h"

#include <cmath>

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

Rational ratio(UInt128 numerator, UInt128 denominator, bool negative = false) {
  return divide({negative, numerator, 1}, {false, denominator, 1}).value();
}

TEST(Decimal, HasOneFormForEqualNumbers) {
  EXPECT_EQ(parse_decimal("1.50"), parse_decimal("01.5"));
  EXPECT_EQ(parse_decimal("1500"), parse_decimal("1.5e3"));
  EXPECT_EQ(parse_decimal("-0.0"), parse_decimal("0"));
  EXPECT_EQ(parse_decimal("0e999"), parse_decimal("0"));
  EXPECT_EQ(parse_decimal("+.5"), parse_decimal("5E-1"));
  EXPECT_NE(parse_decimal("1"), parse_decimal("-1"));
}

TEST(Decimal, TellsNumbersApartThatADoubleCannot) {
  EXPECT_NE(parse_decimal("12345678901234567890123"), parse_decimal("12345678901234567890124"));
  EXPECT_NE(parse_decimal("0.1"), parse_decimal("0.1000000000000000055511151231257827"));
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  for (const char* text : {"",
                           ".",
                           "-",
                           "1.2.3",
                           "1e",
                           "1e+",
                           "e5",
                           "0x10",
                           "nan",
                           "inf",
                           "1_000",
                           " 1",
                           "1 ",
                           "1e10001",
                           "1e99999999999999999999",
                           "--1",
                           "1e--1"}) {
    EXPECT_FALSE(parse_decimal(text).has_value()) << text;
  }
  EXPECT_TRUE(parse_decimal(std::string(kMaxDigits, '7')).has_value());
  EXPECT_FALSE(parse_decimal(std::string(kMaxDigits + 1, '7')).has_value());
}

TEST(Decimal, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(rounded(*parse_decimal("2.5"), 1), *parse_decimal("3"));
  EXPECT_EQ(rounded(*parse_decimal("-2.5"), 1), *parse_decimal("-3"));
  EXPECT_EQ(rounded(*parse_decimal("0.012349"), 3), *parse_decimal("0.0123"));
  EXPECT_EQ(rounded(*parse_decimal("999.6"), 3), *parse_decimal("1000"));
  EXPECT_EQ(rounded(*parse_decimal("1996"), 3), *parse_decimal("2000"));
  EXPECT_EQ(rounded(*parse_decimal("1.20003"), 3), *parse_decimal("1.2"));
}

TEST(Rational, StaysInLowestTerms) {
  EXPECT_EQ(ratio(6, 8), ratio(3, 4));
  EXPECT_EQ(to_rational(*parse_decimal("0.75")), ratio(3, 4));
  EXPECT_EQ(to_rational(*parse_decimal("-2.50")), ratio(5, 2, true));
  EXPECT_EQ(add(ratio(1, 3), ratio(1, 6)), ratio(1, 2));
  EXPECT_EQ(subtract(ratio(1, 3), ratio(1, 2)), ratio(1, 6, true));
  EXPECT_EQ(multiply(ratio(2, 3), ratio(3, 2)), ratio(1, 1));
  EXPECT_EQ(subtract(ratio(1, 3), ratio(1, 3)), Rational{});
}

TEST(Rational, SaysWhenAPartDoesNotFit) {
  const UInt128 large = ~UInt128{0} - 2;
  EXPECT_FALSE(to_rational(*parse_decimal("1e40")).has_value());
  EXPECT_FALSE(to_rational(*parse_decimal("1e-40")).has_value());
  EXPECT_FALSE(add({false, large, 1}, {false, large, 1}).has_value());
  EXPECT_FALSE(multiply({false, large, 1}, {false, large, 1}).has_value());
  EXPECT_FALSE(at_most({false, large, 1}, {false, 1, large}).has_value());
  EXPECT_FALSE(divide(ratio(1, 2), Rational{}).has_value());
}

TEST(Rational, ExpandsToAsManyDigitsAsAreAskedFor) {
  EXPECT_EQ(rounded(*to_decimal(ratio(2, 3), 4), 3), *parse_decimal("0.667"));
  EXPECT_EQ(rounded(*to_decimal(ratio(1, 700), 4), 3), *parse_decimal("0.00143"));
  EXPECT_EQ(rounded(*to_decimal(ratio(20000, 3), 4), 3), *parse_decimal("6670"));
  EXPECT_EQ(*to_decimal(ratio(1, 8), 10), *parse_decimal("0.125"));
}

TEST(Decimal, ComesNearAsALongDouble) {
  EXPECT_EQ(to_long_double(*parse_decimal("-1.5")), -1.5L);
  EXPECT_EQ(to_long_double(*parse_decimal("0")), 0.0L);
  EXPECT_TRUE(std::isinf(to_long_double(*parse_decimal("1e10000"))));
}

}  // namespace
}  // namespace faceoff::score
