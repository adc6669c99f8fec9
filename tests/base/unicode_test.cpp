#include <faceoff/base/unicode.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

TEST(Unicode, KnowsTheClassOfACharacter) {
  EXPECT_EQ(char_class(U'A'), CharClass::upper);
  EXPECT_EQ(char_class(U'ß'), CharClass::lower);
  EXPECT_EQ(char_class(U'東'), CharClass::letter);
  EXPECT_EQ(char_class(U'½'), CharClass::number);
  EXPECT_EQ(char_class(U'—'), CharClass::punctuation);
  EXPECT_EQ(char_class(U'$'), CharClass::symbol);
  EXPECT_EQ(char_class(0x0301), CharClass::mark);
  EXPECT_EQ(char_class(U' '), CharClass::separator);
  EXPECT_EQ(char_class(0x110000), CharClass::other);
}

TEST(Unicode, ReadsWordsAndDigitsAsPythonDoes) {
  for (const char32_t c : {U'a', U'Z', U'7', U'_', U'é', U'東', U'½', U'٣'}) {
    EXPECT_TRUE(is_word_char(c)) << static_cast<std::uint32_t>(c);
  }
  for (const char32_t c : {U'-', U' ', U'€', U'’', char32_t{0x0301}}) {
    EXPECT_FALSE(is_word_char(c)) << static_cast<std::uint32_t>(c);
  }
  EXPECT_TRUE(is_decimal_digit(U'٣'));
  EXPECT_FALSE(is_decimal_digit(U'²'));
}

TEST(Unicode, LowersAndFoldsAsPythonDoes) {
  EXPECT_EQ(lower("ÀB"), "àb");
  EXPECT_EQ(lower("STRAẞE"), "straße");
  EXPECT_EQ(lower("ΟΔΟΣ ΣΑ"), "οδος σα");
  EXPECT_EQ(lower("İ"), "i\u0307");
  EXPECT_EQ(fold_case("Straße"), "strasse");
  EXPECT_EQ(fold_case("e\u0301"), "e\u0301");
  EXPECT_EQ(lower("A\xff"), "a\uFFFD");
}

TEST(Unicode, ConvertsThereAndBack) {
  EXPECT_EQ(to_utf8(to_utf32("aé東😀")), "aé東😀");
  EXPECT_EQ(to_utf32("a\xc3").size(), 2U);
}

}  // namespace
}  // namespace faceoff
