#include "python_text.h"
#include "ter.h"

#include <faceoff/base/unicode.h>

#include <algorithm>

namespace faceoff::score {
namespace {

bool is_digit(char32_t c) noexcept {
  return c >= U'0' && c <= U'9';
}

bool in(char32_t c, char32_t low, char32_t high) noexcept {
  return c >= low && c <= high;
}

bool is_tercom_mark(char32_t c) noexcept {
  return in(c, U'{', U'~') || in(c, U'[', U'`') || in(c, U' ', U'&') || in(c, U'(', U'+') ||
         in(c, U':', U'@') || c == U'/';
}

template <class Mark>
std::u32string blanks_around(std::u32string_view text, const Mark& mark) {
  std::u32string out;
  for (const char32_t c : text) {
    if (mark(c)) {
      out += U' ';
      out += c;
      out += U' ';
    } else {
      out += c;
    }
  }
  return out;
}

std::u32string western(std::string_view text) {
  std::string line = replaced(text, "\n-", "");
  line = replaced(line, "\n", " ");
  line = replaced(line, "&quot;", "\"");
  line = replaced(line, "&amp;", "&");
  line = replaced(line, "&lt;", "<");
  line = replaced(line, "&gt;", ">");
  std::string marked = to_utf8(blanks_around(to_utf32(" " + line + " "), is_tercom_mark));
  marked = replaced(marked, "'s ", " 's ");
  if (marked.ends_with("'s")) {
    marked.insert(marked.size() - 2, " ");
  }
  std::u32string out;
  const std::u32string wide = to_utf32(marked);
  const auto stop = [](char32_t c) { return c == U'.' || c == U','; };
  for (std::size_t i = 0; i < wide.size(); ++i) {  // ([^0-9])([.,])
    out += wide[i];
    if (i + 1 < wide.size() && !is_digit(wide[i]) && stop(wide[i + 1])) {
      out += U' ';
      out += wide[++i];
      out += U' ';
    }
  }
  std::u32string next;
  for (std::size_t i = 0; i < out.size(); ++i) {  // ([.,])([^0-9])
    if (i + 1 < out.size() && stop(out[i]) && !is_digit(out[i + 1])) {
      next += U' ';
      next += out[i];
      next += U' ';
      next += out[++i];
    } else {
      next += out[i];
    }
  }
  out.clear();
  for (std::size_t i = 0; i < next.size(); ++i) {  // ([0-9])(-)
    out += next[i];
    if (i + 1 < next.size() && is_digit(next[i]) && next[i + 1] == U'-') {
      out += U' ';
      out += next[++i];
      out += U' ';
    }
  }
  return out;
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
  text = blanks_around(text,
                       [](char32_t c) { return in(c, 0x4E00, 0x9FFF) || in(c, 0x3400, 0x4DBF); });
  text = blanks_around(text,
                       [](char32_t c) { return in(c, 0x31C0, 0x31EF) || in(c, 0x2E80, 0x2EFF); });
  text = blanks_around(text, [](char32_t c) {
    return in(c, 0x3300, 0x33FF) || in(c, 0xF900, 0xFAFF) || in(c, 0xFE30, 0xFE4F);
  });
  text = blanks_around(text, [](char32_t c) { return in(c, 0x3200, 0x3F22); });
  text = blanks_around(text, is_asian_mark);
  return blanks_around(text, is_full_width_mark);
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
