#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

TEST(RegexScorer, MatchesAsTheTableSays) {
  const std::vector<Row> rows{
      {"the answer is 18.", {"18"}, "1", R"(pattern: 'answer is (\d+)')"},
      {"the answer is 19.", {"18"}, "0", R"(pattern: 'answer is (\d+)')"},
      {"no idea", {"18"}, "none", R"(pattern: 'answer is (\d+)')"},
      {"no idea", {}, "0", R"(pattern: 'answer is (\d+)')"},
      {"answer is 7", {}, "1", R"(pattern: 'answer is (\d+)')"},
      {"1 2 3", {"1"}, "1", R"(pattern: '\d')"},
      {"1 2 3", {"3"}, "1", R"({pattern: '\d', pick: last})"},
      {"1 2 3", {"2"}, "1", R"({pattern: '\d', pick: 2})"},
      {"1 2 3", {"4"}, "none", R"({pattern: '\d', pick: 4})"},
      {"1 2 3", {}, "0", R"({pattern: '\d', pick: 4})"},
      {"1 1 1", {"1"}, "1", R"({pattern: '\d', pick: all})"},
      {"1 1 2", {"1"}, "0", R"({pattern: '\d', pick: all})"},
      {"1 1 2", {"1", "2"}, "1", R"({pattern: '\d', pick: all})"},
      {"a=1, b=2", {"b=2"}, "1", R"({pattern: '(\w)=(\d)', group: 0, pick: last})"},
      {"a=1, b=2", {"2"}, "1", R"({pattern: '(\w)=(\d)', group: 2, pick: last})"},
      {"a=1, b=2", {"b"}, "1", R"({pattern: '(\w)=(\d)', pick: last})"},
      {"x9", {"9"}, "1", R"(pattern: 'y(\d)|x(\d)')"},
      {"ANSWER: Paris", {"paris"}, "1", R"({pattern: 'answer: (.*)', ignore_case: true})"},
      {"ANSWER: Paris", {"Paris"}, "none", R"(pattern: 'answer: (.*)')"},
      {"a\nb", {}, "0", "pattern: 'a.b'"},
      {"a\nb", {}, "1", "{pattern: 'a.b', dot_all: true}"},
      {"a\nb", {}, "0", "pattern: '^b$'"},
      {"a\nb", {}, "1", "{pattern: '^b$', multi_line: true}"},
      {"Answer:  Paris. ", {"Paris"}, "1", "{pattern: 'Answer:(.*)', ignore_final_period: true}"},
      {"Answer:  Paris ", {"Paris"}, "0", "{pattern: 'Answer:(.*)', trim: false}"},
      {"so the answer is 5.", {"5"}, "1", R"(pattern: '(?<=the answer is )(.*)(?=\.)')"},
      {"x", {}, "1", "pattern: '(?=x)'"},
      {"xx", {""}, "1", "{pattern: '(?=x)', pick: all}"},
      {"größe", {"größe"}, "1", R"(pattern: '\w+')"},
      {"\xff"
       "7",
       {"7"},
       "1",
       R"(pattern: '\d')"},
      {std::string("a\0b", 3), {"b"}, "1", R"(pattern: '[b-z]')"},
      {"", {}, "1", "{pattern: '^$', pick: last}"},
      {"äöü", {"ü"}, "1", "{pattern: '(.)|', pick: 3}"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("regex", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(RegexScorer, NeedsAPattern) {
  EXPECT_THAT(mistakes_in("regex", ""), HasSubstr("needs the key 'pattern'"));
  EXPECT_THAT(mistakes_in("regex", "pattern: [a]"), HasSubstr("'pattern' must be a text"));
}

TEST(RegexScorer, Out10ReportsABadPatternAtItsPlace) {
  EXPECT_THAT(mistakes_in("regex", "pick: last\npattern: '(a'"), HasSubstr("options.yaml:2:10: "));
  EXPECT_THAT(mistakes_in("regex", "pattern: '((a{100}){100}){1000}'"),
              HasSubstr("options.yaml:1:10: "));
}

TEST(RegexScorer, RefusesAGroupThatThePatternLacks) {
  EXPECT_THAT(mistakes_in("regex", "{pattern: '(a)(b)', group: 3}"),
              HasSubstr("the pattern has no group 3"));
  EXPECT_THAT(mistakes_in("regex", "{pattern: '(a)', group: -1}"), HasSubstr("no group -1"));
  EXPECT_EQ(mistakes_in("regex", "{pattern: '(?x) (a) (b) # two', group: 2}"), "");
  EXPECT_EQ(score_of("regex", "{pattern: '(a)|(b)', group: 2}", {""}, "a").value, 1.0);
}

TEST(RegexScorer, RefusesAPickThatIsNone) {
  for (const char* pick : {"0", "-1", "second", "[1]", "10001", "99999999999999999999"}) {
    SCOPED_TRACE(pick);
    EXPECT_THAT(mistakes_in("regex", std::string("{pattern: a, pick: ") + pick + "}"),
                HasSubstr("'pick' must be first, last, all or a number from 1"));
  }
}

TEST(RegexScorer, Out10LeavesAnAnswerUnscoredWhenThePatternGivesUp) {
  std::string dear_at_every_place;
  while (dear_at_every_place.size() < 200'000) {
    dear_at_every_place += "aaaaaaaaaaaaaaaaab";
  }
  for (const std::string& answer : {std::string(200'000, 'a') + "b", dear_at_every_place}) {
    const Score score = score_of("regex", "pattern: '(a+)+$'", {"a"}, answer);
    EXPECT_EQ(score.verdict, Verdict::unscored);
    EXPECT_THAT(score.reason, HasSubstr("gave up"));
  }
  const Score quadratic =
      score_of("regex", R"(pattern: 'a[^x]*\d')", {}, std::string(200'000, 'a'));
  EXPECT_EQ(quadratic.verdict, Verdict::unscored);
}

TEST(RegexScorer, Out10LeavesAnAnswerWithTooManyMatchesUnscored) {
  const Score score =
      score_of("regex", "{pattern: '(?=x)', pick: last}", {""}, std::string(200'000, 'x'));
  EXPECT_EQ(score.verdict, Verdict::unscored);
  EXPECT_THAT(score.reason, HasSubstr("matches more than"));
}

}  // namespace
}  // namespace faceoff::score
