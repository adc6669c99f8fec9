#include <faceoff/base/text.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

TEST(DisplayText, OUT_01_ShowsControlCharactersInsteadOfSendingThem) {
  EXPECT_EQ(display_text("a\x1B[31mred"), "a␛[31mred");
  EXPECT_EQ(display_text("\x1B]8;;http://x\x07link"), "␛]8;;http://x␇link");
  EXPECT_EQ(display_text("\xC2\x9B"
                         "31m"),
            "\\u{9B}31m");
  EXPECT_EQ(display_text("x\x7Fy\rz\bq"), "x\\u{7F}y␍z␈q");
  for (const char c : display_text(std::string("\x1B]0;t\x07\n\r\t\0x", 9), Lines::keep)) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST(DisplayText, OUT_02_ShowsHiddenCharactersAndCutsMarks) {
  EXPECT_EQ(display_text("a\xE2\x80\xAE"
                         "b"),
            "a\\u{202E}b");
  EXPECT_EQ(display_text("a\xE2\x80\x8B"), "a\\u{200B}");
  EXPECT_EQ(display_text("\xF3\xA0\x81\x81"), "\\u{E0041}");
  std::string marked = "e";
  for (int i = 0; i < 10000; ++i) {
    marked += "\xCC\x81";
  }
  EXPECT_LT(display_text(marked).size(), 40U);
}

TEST(DisplayText, OUT_03_BreaksTheCommandsOfCiRunners) {
  EXPECT_EQ(display_text("::error::x"), "\\u{3A}:error::x");
  EXPECT_EQ(display_text("  ::add-mask::a"), "  \\u{3A}:add-mask::a");
  EXPECT_EQ(display_text("foo ##[error]x"), "foo \\u{23}#[error]x");
  EXPECT_EQ(display_text("##vso[task]"), "\\u{23}#vso[task]");
  EXPECT_EQ(display_text("a\n::x", Lines::keep), "a\n\\u{3A}:x");
  EXPECT_EQ(display_text("std::string"), "std::string");
}

TEST(DisplayText, KeepsWritingOfAllKinds) {
  for (const auto* text : {"naïve café", "日本語", "😀 👍🏽", "שלום", "e\xCC\x81"}) {
    EXPECT_EQ(display_text(text), text);
  }
  EXPECT_EQ(display_text("a\xFF"), "a\xEF\xBF\xBD");
  EXPECT_EQ(display_text("a\nb"), "a⏎b");
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);
  EXPECT_EQ(display_width("👩‍👩‍👧"), 2U);
}

TEST(FitWidth, CutsAtGraphemeBorders) {
  EXPECT_EQ(fit_width("abcdef", 4), "abc…");
  EXPECT_EQ(fit_width("abc", 3), "abc");
  EXPECT_EQ(fit_width("日本語", 4), "日…");
  EXPECT_EQ(fit_width("abc", 0), "");
}

TEST(Pad, AlignsByColumns) {
  EXPECT_EQ(pad("日", 4), "日  ");
  EXPECT_EQ(pad("ab", 4, Align::right), "  ab");
  EXPECT_EQ(pad("abcde", 3), "abcde");
}

}  // namespace
}  // namespace faceoff
