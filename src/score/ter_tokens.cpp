#include "python_text.h"
#include "split_text.h"
#include "ter.h"

#include <faceoff/base/unicode.h>

#include <algorithm>

namespace faceoff::score {
namespace {

bool in(char32_t c, char32_t low, char32_t high) noexcept {
  return c >= low && c <= high;
}

std::u32string western(std::string_view text) {
  std::string line = replaced(text, "\n-", "");
  line = without_entities(replaced(line, "\n", " "));
  std::string marked = to_utf8(split_marks(to_utf32(" " + line + " "), is_split_mark));
  marked = replaced(marked, "'s ", " 's ");
  if (marked.ends_with("'s")) {
    marked.insert(marked.size() - 2, " ");
  }
  return split_western(to_utf32(marked));
}

bool is_asian_mark(char32_t c) noexcept {
  return c == 0x3001 || c == 0x3002 || in(c, 0x3008, 0x3011) || in(c, 0x3014, 0x301F) ||
         in(c, 0xFF61, 0xFF65) || c == 0x30FB;
}

bool is_full_width_mark(char32_t c) noexcept {
  return c == 0xFF0E || c == 0xFF0C || c == 0xFF1F || c == 0xFF1A || c == 0xFF1B || c == 0xFF01 ||
         c == 0xFF02 || c == 0xFF08 || c == 0xFF09;
}

// The ideographs one by one. The reference's rules for Kana are anchored so that they change only
// texts which are nothing but Kana, and there only blanks at the ends.
std::u32string asian(std::u32string text) {
  text =
      split_marks(text, [](char32_t c) { return in(c, 0x4E00, 0x9FFF) || in(c, 0x3400, 0x4DBF); });
  text =
      split_marks(text, [](char32_t c) { return in(c, 0x31C0, 0x31EF) || in(c, 0x2E80, 0x2EFF); });
  text = split_marks(text, [](char32_t c) {
    return in(c, 0x3300, 0x33FF) || in(c, 0xF900, 0xFAFF) || in(c, 0xFE30, 0xFE4F);
  });
  text = split_marks(text, [](char32_t c) { return in(c, 0x3200, 0x3F22); });
  text = split_marks(text, is_asian_mark);
  return split_marks(text, is_full_width_mark);
}

}  // namespace

std::vector<std::string> ter_tokens(std::string_view text, const TerRules& rules) {
  std::string line = rules.case_sensitive ? std::string(text) : lower(text);
  if (rules.normalized) {
    std::u32string wide = western(line);
    line = to_utf8(rules.asian_support ? asian(std::move(wide)) : wide);
  }
  if (rules.no_punct) {
    std::u32string wide = to_utf32(line);
    std::erase_if(wide, [&](char32_t c) {
      const bool western_mark = std::u32string_view(U".,?:;!\"()").find(c) != std::u32string::npos;
      return western_mark || (rules.asian_support && (is_asian_mark(c) || is_full_width_mark(c)));
    });
    line = to_utf8(wide);
  }
  const auto words = split_words(line);
  return {words.begin(), words.end()};
}

}  // namespace faceoff::score
