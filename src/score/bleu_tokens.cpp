#include "bleu.h"
#include "python_text.h"
#include "split_text.h"

#include <faceoff/base/unicode.h>

#include <algorithm>

namespace faceoff::score {
namespace {

std::u32string western(std::u32string text) {
  return split_western(split_marks(text, is_split_mark));
}

std::string v13a(std::string_view text) {
  std::string line = replaced(text, "<skipped>", "");
  line = replaced(line, "-\n", "");
  line = replaced(line, "\n", " ");
  return to_utf8(western(to_utf32(" " + without_entities(line) + " ")));
}

std::string international(std::string_view text) {
  const auto number = [](char32_t c) { return char_class(c) == CharClass::number; };
  const auto no_number = [&](char32_t c) { return !number(c); };
  const auto mark = [](char32_t c) { return char_class(c) == CharClass::punctuation; };
  std::u32string line = split_pairs(to_utf32(text), no_number, mark, true);
  line = split_pairs(line, mark, no_number, false);
  return to_utf8(split_marks(line, [](char32_t c) { return char_class(c) == CharClass::symbol; }));
}

bool is_chinese(char32_t c) noexcept {
  const auto in = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
  return in(0x3400, 0x4DB5) || in(0x4E00, 0x9FA5) || in(0x9FA6, 0x9FBB) || in(0xF900, 0xFA2D) ||
         in(0xFA30, 0xFA6A) || in(0xFA70, 0xFAD9) || in(0x20000, 0x2A6D6) || in(0x2F800, 0x2FA1D) ||
         in(0xFF00, 0xFFEF) || in(0x2E80, 0x2EFF) || in(0x3000, 0x303F) || in(0x31C0, 0x31EF) ||
         in(0x2F00, 0x2FDF) || in(0x2FF0, 0x2FFF) || in(0x3100, 0x312F) || in(0x31A0, 0x31BF) ||
         in(0xFE10, 0xFE1F) || in(0xFE30, 0xFE4F) || in(0x2600, 0x26FF) || in(0x2700, 0x27BF) ||
         in(0x3200, 0x32FF) || in(0x3300, 0x33FF);
}

std::string characters(std::string_view text) {
  return to_utf8(split_marks(to_utf32(text), [](char32_t) { return true; }));
}

std::string joined(std::string_view text) {
  std::string out;
  for (const std::string_view word : split_words(text)) {
    out += out.empty() ? "" : " ";
    out += word;
  }
  return out;
}

}  // namespace

std::string bleu_tokens(std::string_view text, BleuTokens tokenizer) {
  switch (tokenizer) {
    case BleuTokens::v13a:
      return joined(v13a(text));
    case BleuTokens::intl:
      return joined(international(text));
    case BleuTokens::character:
      return joined(characters(text));
    case BleuTokens::zh:
      return joined(to_utf8(western(split_marks(to_utf32(strip(text)), is_chinese))));
    case BleuTokens::none:
      break;
  }
  return std::string(text);
}

}  // namespace faceoff::score
