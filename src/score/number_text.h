#pragma once

#include "decimal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

enum class DecimalMark : std::uint8_t { point, comma };
enum class Percent : std::uint8_t {
  as_written,  // 50% is 50
  fraction,    // 50% is 1/2
};

struct NumberRules {
  DecimalMark decimal = DecimalMark::point;
  // Digit groups are read as one number: 1,234 (with a decimal comma 1.234 and 1 234), and in both
  // cases those with an apostrophe, a no-break or a thin space.
  bool thousands = true;
  Percent percent = Percent::as_written;
};

// A decimal of any length, or a fraction.
struct NumberValue {
  Decimal decimal;
  std::optional<Rational> fraction;  // when there is one, `decimal` is unused
};

struct Number {
  std::string text;  // as it stood there, in ASCII numerals
  // Absent: it is a number, but one that cannot be read (too long, too large, divided by 0).
  std::optional<NumberValue> value;
};

// Every number of `text` in order; when one stands in \boxed{...}, only those that do. Digits
// inside a word (GPT4o, x_1), powers (2^10, cm²), versions (1.2.3) and hexadecimal numbers are
// none. Nothing is evaluated: "3 + 4" holds two numbers.
[[nodiscard]] std::vector<Number> find_numbers(std::string_view text, const NumberRules& rules);

// Equal in value. Fractions of parts beyond 128 bits are compared as long double.
[[nodiscard]] bool equal(const NumberValue& a, const NumberValue& b);
// |a − b| <= bound
[[nodiscard]] bool within(const NumberValue& a, const NumberValue& b, const Decimal& bound);
// |a − b| <= |b| × share
[[nodiscard]] bool within_share(const NumberValue& a, const NumberValue& b, const Decimal& share);
// Equal when both are rounded to so many significant digits.
[[nodiscard]] bool equal_rounded(const NumberValue& a, const NumberValue& b, std::size_t digits);

}  // namespace faceoff::score
