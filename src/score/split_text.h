#pragma once

#include <string>
#include <string_view>

namespace faceoff::score {

// What the tokenizers of BLEU (mteval-v13a) and of Tercom have in common.

// Everything of ASCII but letters, digits, ', - . and ,
[[nodiscard]] bool is_split_mark(char32_t c) noexcept;
// Blanks around . and , unless they stand in a number, and around a hyphen behind a digit.
[[nodiscard]] std::u32string split_western(std::u32string_view text);
// &quot; &amp; &lt; &gt; as what they stand for.
[[nodiscard]] std::string without_entities(std::string text);

// Python's re.sub for patterns of two characters: pairs from left to right that do not overlap;
// both are written, with blanks around the second (or the first).
template <class First, class Second>
[[nodiscard]] std::u32string split_pairs(std::u32string_view text,
                                         const First& first,
                                         const Second& second,
                                         bool around_second) {
  std::u32string out;
  out.reserve(text.size() + text.size() / 4);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 == text.size() || !first(text[i]) || !second(text[i + 1])) {
      out += text[i];
      continue;
    }
    if (around_second) {
      out += text[i];
      out += U' ';
      out += text[i + 1];
      out += U' ';
    } else {
      out += U' ';
      out += text[i];
      out += U' ';
      out += text[i + 1];
    }
    ++i;
  }
  return out;
}

// Blanks around every mark.
template <class Mark>
[[nodiscard]] std::u32string split_marks(std::u32string_view text, const Mark& mark) {
  std::u32string out;
  out.reserve(text.size() + text.size() / 4);
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

}  // namespace faceoff::score
