#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff {

// The major classes of Unicode's general category (the first letter of it), letters by case.
enum class CharClass : std::uint8_t {
  upper,   // Lu, Lt
  lower,   // Ll
  letter,  // Lm, Lo
  mark,    // M*
  number,  // N*
  punctuation,
  symbol,
  separator,  // Z*
  other,      // C*, unassigned ones included
};
[[nodiscard]] CharClass char_class(char32_t c) noexcept;

// What Python's \w matches: letters, numbers and the underscore.
[[nodiscard]] bool is_word_char(char32_t c) noexcept;
// What Python's \d matches (category Nd).
[[nodiscard]] bool is_decimal_digit(char32_t c) noexcept;

// Code point by code point; 'ß' stays itself in both directions.
[[nodiscard]] char32_t to_lower(char32_t c) noexcept;
[[nodiscard]] char32_t to_upper(char32_t c) noexcept;

// Python's str.lower(), the final sigma included. Invalid bytes become U+FFFD.
[[nodiscard]] std::string lower(std::string_view text);
// Python's str.casefold(): full case folding without any normal form.
[[nodiscard]] std::string fold_case(std::string_view text);

// Invalid bytes become U+FFFD.
[[nodiscard]] std::u32string to_utf32(std::string_view text);
[[nodiscard]] std::string to_utf8(std::u32string_view text);

}  // namespace faceoff
