#include "split_text.h"

#include "python_text.h"

namespace faceoff::score {

bool is_split_mark(char32_t c) noexcept {
  return (c >= U'{' && c <= U'~') || (c >= U'[' && c <= U'`') || (c >= U' ' && c <= U'&') ||
         (c >= U'(' && c <= U'+') || (c >= U':' && c <= U'@') || c == U'/';
}

std::u32string split_western(std::u32string_view text) {
  const auto digit = [](char32_t c) { return c >= U'0' && c <= U'9'; };
  const auto no_digit = [&](char32_t c) { return !digit(c); };
  const auto stop = [](char32_t c) { return c == U'.' || c == U','; };
  std::u32string out = split_pairs(text, no_digit, stop, true);
  out = split_pairs(out, stop, no_digit, false);
  return split_pairs(
      out, digit, [](char32_t c) { return c == U'-'; }, true);
}

std::string without_entities(std::string text) {
  if (text.find('&') == std::string::npos) {
    return text;
  }
  text = replaced(text, "&quot;", "\"");
  text = replaced(text, "&amp;", "&");
  text = replaced(text, "&lt;", "<");
  return replaced(text, "&gt;", ">");
}

}  // namespace faceoff::score
