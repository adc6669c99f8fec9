#include <faceoff/base/units.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsNumbersWithUnits) {
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("300ms"), 300ms);
  EXPECT_EQ(*parse_duration("2m"), 120s);
  EXPECT_EQ(*parse_duration("1h"), 3600s);
  EXPECT_EQ(*parse_duration("250us"), 250us);
}

TEST(Duration, RefusesNumbersWithoutUnitsAndUnknownUnits) {
  for (const auto* text : {"", "5", "s", "1..5s", "-1s", "1 s", "5 parsecs"}) {
    const auto result = parse_duration(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::usage);
  }
}

TEST(Duration, PrintsThreeDigitsForPeople) {
  EXPECT_EQ(format_duration(0ns), "0 s");
  EXPECT_EQ(format_duration(340us), "340 µs");
  EXPECT_EQ(format_duration(41200us), "41.2 ms");
  EXPECT_EQ(format_duration(1920ms), "1.92 s");
  EXPECT_EQ(format_duration(125s), "2 min 05 s");
  EXPECT_EQ(format_duration(2h + 3min), "2 h 03 min");
  EXPECT_EQ(format_duration(-5ms), "-5.00 ms");
}

TEST(Numbers, TakeTheWholeText) {
  EXPECT_EQ(*parse_int("-3"), -3);
  EXPECT_FALSE(parse_int("3x"));
  EXPECT_FALSE(parse_int("99999999999999999999"));
  EXPECT_DOUBLE_EQ(*parse_double("+1.5e3"), 1500.0);
  for (const auto* text : {"inf", "nan", "", "1,5", "0x10"}) {
    EXPECT_FALSE(parse_double(text)) << text;
  }
}

TEST(Money, SumsExactly) {
  Money sum;
  for (int i = 0; i < 10; ++i) {
    sum += *parse_dollars("0.1");
  }
  EXPECT_EQ(sum, *parse_dollars("1"));
  EXPECT_EQ(decimal_dollars(sum), "1");
  EXPECT_EQ(decimal_dollars(Money{325'000'000}), "0.000325");
  EXPECT_EQ(decimal_dollars(Money{-1}), "-0.000000000001");
}

TEST(Money, PrintsForPeople) {
  EXPECT_EQ(format_money(*parse_dollars("12.4")), "$12.40");
  EXPECT_EQ(format_money(*parse_dollars("0.26")), "$0.26");
  EXPECT_EQ(format_money(*parse_dollars("0.0031")), "$0.0031");
  EXPECT_EQ(format_money(Money{}), "$0.00");
}

TEST(Money, RefusesWhatIsNoAmount) {
  for (const auto* text : {"", ".", "1.2.3", "-1", "1e3", "12345678", "0.1234567890123"}) {
    EXPECT_FALSE(parse_dollars(text)) << text;
  }
}

}  // namespace
}  // namespace faceoff
