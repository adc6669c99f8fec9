#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faceoff::score {

class Options;

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  // bytes
};
// The code point at the front of `text` (not empty); an invalid byte is one U+FFFD.
[[nodiscard]] CodePoint front(std::string_view text) noexcept;
// The code point at the end of `text` (not empty).
[[nodiscard]] CodePoint back(std::string_view text) noexcept;

// White_Space of Unicode.
[[nodiscard]] bool is_space(char32_t c) noexcept;
// The 32 ASCII marks and the common marks of other scripts: U+2010-2027, U+2030-205E, « » ¡ ¿ § ¶ ·
// and the CJK and full-width ones.
[[nodiscard]] bool is_mark(char32_t c) noexcept;
// A letter, digit or underscore; every code point above ASCII that is no space and no mark is one.
[[nodiscard]] bool is_word(char32_t c) noexcept;
// Nothing but white space and invisible characters (zero-width space and joiners, U+FEFF).
[[nodiscard]] bool is_blank(std::string_view text) noexcept;

// Without white space at both ends, also that above ASCII.
[[nodiscard]] std::string_view trim_spaces(std::string_view text) noexcept;
// Valid UTF-8 of at most `limit` code points; "…" says that something was cut.
[[nodiscard]] std::string clip(std::string_view text, std::size_t limit = 200);

// How two texts are made comparable. Applied in this order.
struct TextRules {
  bool nfc = true;
  bool ignore_case = false;  // full case folding: ß and ss are equal
  bool ignore_punctuation = false;
  bool ignore_final_period = false;  // one '.' at the end, not an ellipsis
  bool collapse_space = false;       // runs of white space become one blank
  bool trim = true;
};
[[nodiscard]] std::string normalize(std::string_view text, const TextRules& rules);
// Reads nfc, ignore_case, ignore_punctuation, ignore_final_period, collapse_space and trim.
[[nodiscard]] TextRules read_text_rules(Options& options);

}  // namespace faceoff::score
