#include "number_text.h"
#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> texts(std::string_view text, const NumberRules& rules = {}) {
  std::vector<std::string> found;
  for (const Number& number : find_numbers(text, rules)) {
    found.push_back(number.text);
  }
  return found;
}

TEST(NumberScorer, ReadsNumbersAsTheTableSays) {
  const std::vector<Row> rows{
      {"18", {"18"}, "1"},
      {"**18**", {"18"}, "1"},
      {"\\boxed{18}", {"18"}, "1"},
      {"So \\boxed{18} apples in 2 days.", {"18"}, "1"},
      {"$\\boxed{\\frac{3}{4}}$", {"0.75"}, "1"},
      {"#### 18", {"18"}, "1"},
      {"The answer is 18.", {"18"}, "1"},
      {"It costs $1,234.50", {"1234.5"}, "1"},
      {"1{,}234", {"1234"}, "1"},
      {"1\\,234", {"1234"}, "1"},
      {"1\u202F234\u202F567", {"1234567"}, "1"},
      {"1'234", {"1234"}, "1"},
      {"1,234", {"1234"}, "0", "thousands: false"},
      {"1 234,5", {"1234,5"}, "1", "decimal: comma"},
      {"1.234,50 €", {"1234,5"}, "1", "decimal: comma"},
      {"3,14", {"3,14"}, "1", "decimal: comma"},
      {"3.14", {"3,14"}, "none", "decimal: comma"},
      {"3/4", {"0.75"}, "1"},
      {"6/8", {"3/4"}, "1"},
      {"-3/4", {"-0.75"}, "1"},
      {"2 1/2", {"2.5"}, "1"},
      {"2½", {"2.5"}, "1"},
      {"½", {"0.5"}, "1"},
      {"1/3", {"0.333"}, "0"},
      {"1/3", {"0.333"}, "1", "digits: 3"},
      {"1/0", {"1"}, "none"},
      {"50%", {"50"}, "1"},
      {"50%", {"0.5"}, "0"},
      {"50%", {"0.5"}, "1", "percent: fraction"},
      {"50\\%", {"1/2"}, "1", "percent: fraction"},
      {"1.5e3", {"1500"}, "1"},
      {"1.5 × 10^3", {"1500"}, "1"},
      {"1.5 \\times 10^{-3}", {"0.0015"}, "1"},
      {"10³", {"1000"}, "1"},
      {"-7", {"-7"}, "1"},
      {"\u22127", {"-7"}, "1"},
      {"x = -7", {"-7"}, "1"},
      {"-$5", {"-5"}, "1"},
      {"- 7", {"7"}, "1"},
      {"3-7", {"7"}, "1"},
      {"from 3 to -7", {"-7"}, "1"},
      {"１８．５", {"18.5"}, "1"},
      {"١٨", {"18"}, "1"},
      {"答案是18。", {"18"}, "1"},
      {"18 cm²", {"18"}, "1"},
      {"2^10", {"10"}, "none"},
      {"18km", {"18"}, "1"},
      {"The 2nd", {"2"}, "1"},
      {"I am GPT4o", {"4"}, "none"},
      {"see 1.2.3", {"3"}, "none"},
      {"0x1F", {"1"}, "none"},
      {"1_000", {"1000"}, "none"},
      {"nan inf", {"0"}, "none"},
      {"no number", {"0"}, "none"},
      {"", {"0"}, "none"},
      {"first 3, then 5", {"5"}, "1"},
      {"first 3, then 5", {"3"}, "1", "pick: first"},
      {"first 3, then 5", {"5"}, "none", "pick: only"},
      {"it is 5", {"5"}, "1", "pick: only"},
      {"12/25/2024", {"2024"}, "1"},
      {"3 + 4", {"7"}, "0"},
      {"0.1000000000000000055511151231257827", {"0.1"}, "0"},
      {"12345678901234567890123", {"12345678901234567890124"}, "0"},
      {"5", {"4", "5"}, "1"},
      {"5.0", {"5"}, "1"},
      {".5", {"1/2"}, "1"},
      {"-0", {"0"}, "1"},
      {"7\xff", {"7"}, "1"},
      {std::string("7\0", 2), {"7"}, "1"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("number", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(NumberScorer, HoldsToItsTolerancesExactly) {
  const std::vector<Row> rows{
      {"1.1", {"1"}, "1", "abs_tol: 0.1"},
      {"1.1000000000000000001", {"1"}, "0", "abs_tol: 0.1"},
      {"0.9", {"1"}, "1", "abs_tol: 0.1"},
      {"-1", {"1"}, "0", "abs_tol: 1.9"},
      {"101", {"100"}, "1", "rel_tol: 0.01"},
      {"101.0001", {"100"}, "0", "rel_tol: 0.01"},
      {"-101", {"-100"}, "1", "rel_tol: 0.01"},
      {"0.001", {"0"}, "0", "rel_tol: 0.5"},
      {"0.001", {"0"}, "1", "{rel_tol: 0.5, abs_tol: 0.001}"},
      {"3.14159", {"3.14"}, "1", "digits: 3"},
      {"3.1459", {"3.14"}, "0", "digits: 3"},
      {"2.5", {"3"}, "1", "digits: 1"},
      {"-2.5", {"-3"}, "1", "digits: 1"},
      {"1e50", {"1.001e50"}, "1", "rel_tol: 0.01"},
      {"1e50", {"1.1e50"}, "0", "rel_tol: 0.01"},
      {"3", {"1e9999"}, "0", "rel_tol: 0.5"},
      {"1e9999", {"1e9999"}, "1", "abs_tol: 0"},
      {"2/3", {"0.667"}, "1", "abs_tol: 0.001"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " ~ " + row.targets.front() + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("number", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(NumberText, FindsEveryNumberOfAText) {
  using ::testing::ElementsAre;
  EXPECT_THAT(texts("3 + 4 = 7"), ElementsAre("3", "4", "7"));
  EXPECT_THAT(texts("1,234 and 1,2345"), ElementsAre("1,234", "1", "2345"));
  EXPECT_THAT(texts("0,123"), ElementsAre("0", "123"));
  EXPECT_THAT(texts("1234,567"), ElementsAre("1234", "567"));
  EXPECT_THAT(texts("50%-60%"), ElementsAre("50%", "60%"));
  EXPECT_THAT(texts("2*-7, (3)-7, [-2]"), ElementsAre("2", "-7", "3", "7", "-2"));
  EXPECT_THAT(texts("x_1, a1, v1.2, 3rd"), ElementsAre("3"));
  EXPECT_THAT(texts("_18_ or **19**"), ElementsAre("18", "19"));
  EXPECT_THAT(texts("x^{-2} + 5^2 + 7"), ElementsAre("7"));
  EXPECT_THAT(texts("at 12:30 on 2024-05-01"), ElementsAre("12", "30", "2024", "05", "01"));
  EXPECT_THAT(texts("\\boxed{1} and \\boxed{2}, 3"), ElementsAre("1", "2"));
  EXPECT_THAT(texts("\\boxed{none}, 3"), ElementsAre("3"));
  EXPECT_THAT(texts("\\boxed{1, 3"), ElementsAre("1", "3"));
}

TEST(NumberScorer, NamesTheNumberThatItTook) {
  const Score score = score_of("number", "", {"42"}, "it is 6 × 7 = 43");
  EXPECT_EQ(score.answer, "43");
  EXPECT_EQ(score.reason, "43 is not '42'");
}

TEST(NumberScorer, ObjectsToATargetThatIsNotOneNumber) {
  doc::Diagnostics mistakes;
  const auto scorer = find("number")->create(*make_spec("number", ""), mistakes);
  for (const char* target : {"many", "", "3 or 4", "1/0"}) {
    EXPECT_TRUE(scorer->objection(make_case({target})).has_value()) << target;
  }
  EXPECT_FALSE(scorer->objection(make_case({"$1,234.50", "3/4", "2 1/2"})).has_value());
}

TEST(NumberScorer, ReportsWrongOptionsAtTheirPlaces) {
  EXPECT_THAT(mistakes_in("number", "pick: lasst"),
              HasSubstr("1:7: 'pick' must be one of last, first, only, found 'lasst'"));
  EXPECT_THAT(mistakes_in("number", "abs_tol: -1"), HasSubstr("must be at least 0"));
  EXPECT_THAT(mistakes_in("number", "rel_tol: '0.1'"), HasSubstr("must be a number"));
  EXPECT_THAT(mistakes_in("number", "digits: 0"), HasSubstr("'digits' must be from 1 to 30"));
  EXPECT_THAT(mistakes_in("number", "decimals: comma"), HasSubstr("did you mean 'decimal'?"));
  EXPECT_NE(mistakes_in("number", "abs_tol: .inf"), "");
}

}  // namespace
}  // namespace faceoff::score
