#include <faceoff/base/text.h>

#include <array>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

TEST(Utf8, FindsTheFirstInvalidByte) {
  EXPECT_TRUE(is_valid_utf8("aé😀"));
  EXPECT_EQ(first_invalid_utf8("ab\xFFz"), 2U);
  EXPECT_EQ(first_invalid_utf8("\xED\xA0\x80"), 0U);  // a surrogate
  EXPECT_EQ(first_invalid_utf8("\xC0\xAF"), 0U);      // overlong
  EXPECT_EQ(first_invalid_utf8("x\xE2\x82"), 1U);     // cut off
}

TEST(Utf8, ReplacesInvalidSequences) {
  EXPECT_EQ(to_valid_utf8("a\xFF"
                          "b\xE2\x82"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(to_valid_utf8("plain"), "plain");
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(count_code_points("aé😀"), 3U);
}

TEST(Casefold, FoldsFullyAndComposes) {
  EXPECT_EQ(casefold("Straße"), "strasse");
  EXPECT_EQ(casefold("E\xCC\x81"), "é");
  EXPECT_EQ(nfc("e\xCC\x81"), "é");
}

TEST(EditDistance, CountsTranspositionsOnce) {
  EXPECT_EQ(edit_distance("scorrer", "scorer"), 1U);
  EXPECT_EQ(edit_distance("rnu", "run"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Closest, SuggestsOnlyWhatIsNear) {
  constexpr std::array<std::string_view, 3> kNames{"exact", "contains", "run"};
  EXPECT_EQ(closest("exatc", kNames), "exact");
  EXPECT_EQ(closest("rnu", kNames), "run");
  EXPECT_EQ(closest("ru", kNames), "run");
  EXPECT_EQ(closest("xyz", kNames), std::nullopt);
}

TEST(ShellWord, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(shell_word("-b"), "-b");
  EXPECT_EQ(shell_word("gpt-4o=openai:m@http://127.0.0.1:8/v1"),
            "gpt-4o=openai:m@http://127.0.0.1:8/v1");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's $x"), "'it'\\''s $x'");
  EXPECT_EQ(shell_word("~x"), "'~x'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Helpers, TrimSplitAndJoin) {
  EXPECT_EQ(trim(" \t a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  const std::array<std::string, 2> parts{"a", "b"};
  EXPECT_EQ(join(parts, ", "), "a, b");
  EXPECT_TRUE(iequals_ascii("Content-Type", "content-type"));
}

}  // namespace
}  // namespace faceoff
