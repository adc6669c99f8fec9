#include <faceoff/base/wrap.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

TEST(WrapText, BreaksAtBlanksAndHangsWhatFollows) {
  EXPECT_EQ(wrap_text("one two three four", 9), "one two\n  three\n  four");
  EXPECT_EQ(wrap_text("  one two three", 9, 2), "  one two\n    three");
  EXPECT_EQ(wrap_text("name  what it is", 11, 6), "name  what\n     it is");
  EXPECT_EQ(wrap_text("short", 9), "short");
  EXPECT_EQ(wrap_text("as it is, at any length", 0), "as it is, at any length");
}

TEST(WrapText, KeepsLinesAndLongWords) {
  EXPECT_EQ(wrap_text("a b\n\nc d\n", 3), "a b\n\nc d\n");
  EXPECT_EQ(wrap_text("see /a/path/that/is/long now", 8), "see\n  /a/path/that/is/long\n  now");
}

TEST(WrapText, CountsColumnsAndNoColours) {
  EXPECT_EQ(visible_width("\x1b[1;31merror\x1b[0m: 世"), 9U);
  EXPECT_EQ(wrap_text("\x1b[1m世界 世界\x1b[0m", 5), "\x1b[1m世界\n  世界\x1b[0m");
}

TEST(WrapText, EndsOnAnyInput) {
  for (const char* text : {"", " ", "   ", "\n", "\x1b[", "\x1b", " \n \n"}) {
    for (std::size_t width = 1; width < 5; ++width) {
      static_cast<void>(wrap_text(text, width, 9));
    }
  }
}

}  // namespace
}  // namespace faceoff
