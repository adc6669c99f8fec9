#include <faceoff/base/regex.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

TEST(Regex, ReturnsGroupsAndPlace) {
  const auto regex = Regex::compile("(\\d+)-(x)?");
  ASSERT_TRUE(regex);
  const auto match = regex->match("ab 12- c");
  ASSERT_TRUE(match && *match);
  EXPECT_EQ((*match)->begin, 3U);
  EXPECT_EQ((*match)->end, 6U);
  EXPECT_EQ((*match)->groups[1], "12");
  EXPECT_EQ((*match)->groups[2], std::nullopt);
}

TEST(Regex, FindsLaterMatchesFromAnOffset) {
  const auto regex = Regex::compile("[a-z]");
  EXPECT_EQ((*regex->match("a1b", 1))->begin, 2U);
  EXPECT_EQ(*regex->match("a1b", 3), std::nullopt);
}

TEST(Regex, KnowsLookBehindInlineFlagsAndUnicode) {
  EXPECT_TRUE(*Regex::compile("(?<=the answer is )(\\w+)")->match("the answer is ok"));
  EXPECT_TRUE(*Regex::compile("(?i)STRASSE|straße")->match("STRAßE"));
  EXPECT_TRUE(*Regex::compile("^\\w+$")->match("éàü"));
}

TEST(Regex, ObeysItsOptions) {
  EXPECT_FALSE(*Regex::compile("a.b")->match("a\nb"));
  EXPECT_TRUE(*Regex::compile("a.b", {.dot_all = true})->match("a\nb"));
  EXPECT_TRUE(*Regex::compile("^b", {.multi_line = true})->match("a\nb"));
  EXPECT_TRUE(*Regex::compile("B", {.ignore_case = true})->match("ab"));
}

TEST(Regex, SaysWhereAPatternIsWrong) {
  const auto bad = Regex::compile("a(b");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::usage);
  EXPECT_NE(bad.error().message.find("at offset 3"), std::string::npos) << bad.error().message;
  EXPECT_FALSE(Regex::compile(std::string(5000, 'a')));
}

TEST(Regex, OUT_10_GivesUpOnCatastrophicTextsInsteadOfHanging) {
  const auto regex = Regex::compile("(a+)+$");
  const auto result = regex->match(std::string(100000, 'a') + "b");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::protocol);
}

TEST(Regex, OUT_10_CountsTheCharactersOfGreedyRunsToo) {
  const std::string text(200'000, 'a');
  for (const char* pattern : {"a*[bc]", "(?=(a*))", "a*b|a*c"}) {
    EXPECT_FALSE(Regex::compile(pattern)->match_all(text)) << pattern;
  }
}

TEST(Regex, FindsAllMatchesAsPythonDoes) {
  const auto spans = [](const char* pattern, std::string_view text) {
    std::string out;
    const auto found = Regex::compile(pattern)->match_all(text);
    for (const auto& match : *found) {
      out += "[" + match.groups.front().value_or("?") + "]";
    }
    return out;
  };
  EXPECT_EQ(spans("\\w*", "ab c"), "[ab][][c][]");
  EXPECT_EQ(spans("\\d", "1 2 3"), "[1][2][3]");
  EXPECT_EQ(spans("(?=a)", "aé a"), "[][]");
  EXPECT_EQ(spans("x", "abc"), "");
  EXPECT_EQ(Regex::compile("\\d")->match_all("123456", 2)->size(), 2U);
}

TEST(Regex, OUT_10_SharesOneBudgetAmongAllMatches) {
  const std::string text(200'000, 'x');
  EXPECT_EQ(Regex::compile("x")->match_all(text)->size(), Regex::kMaxMatches);
  EXPECT_FALSE(Regex::compile("(?=(x{1,3000}))")->match_all(text));
  EXPECT_FALSE(Regex::compile("x")->replace_all(text, "y"));
}

TEST(Regex, ReplacesAllMatches) {
  EXPECT_EQ(*Regex::compile("[,$]")->replace_all("$1,000.", ""), "1000.");
  EXPECT_EQ(*Regex::compile("(?s).*#### ")->replace_all("a\n#### 5", ""), "5");
  EXPECT_EQ(Regex::compile("(a)(?:b)(c)")->groups(), 2U);
}

TEST(Regex, ReadsInvalidUtf8AsReplacementCharacters) {
  EXPECT_TRUE(
      *Regex::compile("b$")->match("a\xFF"
                                   "b"));
}

}  // namespace
}  // namespace faceoff
