#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

TEST(Exact, ComparesAnswersAsTheTableSays) {
  const std::vector<Row> rows{
      {"42", {"42"}, "1"},
      {"42.", {"42"}, "0"},
      {" 42\n", {"42"}, "1"},
      {" 42\n", {"42"}, "0", "trim: false"},
      {"\u00A042\u3000", {"42"}, "1"},
      {"Paris", {"paris"}, "0"},
      {"PARIS", {"paris"}, "1", "ignore_case: true"},
      {"STRASSE", {"straße"}, "1", "ignore_case: true"},
      {"ΣΊΣΥΦΟΣ", {"σίσυφος"}, "1", "ignore_case: true"},
      {"Paris", {"London", "Paris"}, "1"},
      {"Rome", {"London", "Paris"}, "0"},
      {"cafe\u0301", {"caf\u00E9"}, "1"},
      {"cafe\u0301", {"caf\u00E9"}, "0", "nfc: false"},
      {"Hello, world!", {"Hello world"}, "1", "ignore_punctuation: true"},
      {"Hello, world!", {"Hello world"}, "0"},
      {"«Bonjour»", {"Bonjour"}, "1", "ignore_punctuation: true"},
      {"「はい」。", {"はい"}, "1", "ignore_punctuation: true"},
      {"3.14", {"314"}, "1", "ignore_punctuation: true"},
      {"a$b+c", {"abc"}, "1", "ignore_punctuation: true"},
      {"a  b\n\tc", {"a b c"}, "1", "collapse_space: true"},
      {"a  b", {"a b"}, "0"},
      {"a\u00A0 b", {"a b"}, "1", "collapse_space: true"},
      {"Paris.", {"Paris"}, "1", "ignore_final_period: true"},
      {"Paris. \n", {"Paris"}, "1", "ignore_final_period: true"},
      {"Paris...", {"Paris"}, "0", "ignore_final_period: true"},
      {"Paris", {"Paris."}, "1", "ignore_final_period: true"},
      {"Paris is", {"Paris"}, "0"},
      {"\xff\xfe", {"\xff\xfe"}, "1"},
      {std::string("a\0b", 3), {"a"}, "0"},
      {std::string("a\0b", 3), {std::string("a\0b", 3)}, "1"},
      {"Paris\u200B", {"Paris"}, "0"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("exact", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(Exact, SaysWhatItCompared) {
  const Score score = score_of("exact", "", {"Paris"}, " London ");
  EXPECT_EQ(score.answer, "London");
  EXPECT_EQ(score.reason, "the answer 'London' does not equal 'Paris'");
  EXPECT_EQ(score.scorer, "exact");
}

TEST(Exact, KeepsOnlyTheBeginningOfALongAnswer) {
  const Score score = score_of("exact", "", {"x"}, std::string(5000, 'y'));
  ASSERT_TRUE(score.answer.has_value());
  EXPECT_LT(score.answer->size(), 300U);
  EXPECT_LT(score.reason.size(), 300U);
}

TEST(Exact, ReportsWrongOptionsAtTheirPlaces) {
  EXPECT_THAT(mistakes_in("exact", "trimm: true"),
              HasSubstr("options.yaml:1:1: unknown key 'trimm'; did you mean 'trim'?"));
  EXPECT_THAT(mistakes_in("exact", "trim: 3\nnfc: maybe"),
              ::testing::AllOf(HasSubstr("options.yaml:1:7"), HasSubstr("options.yaml:2:6")));
}

}  // namespace
}  // namespace faceoff::score
