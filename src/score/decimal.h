#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::score {

// A decimal number of any length, exact: sign × 0.digits × 10^exponent. Zero has no digits; the
// first and the last digit are never '0', so that equal numbers are equal members.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

inline constexpr std::size_t kMaxDigits = 4096;
inline constexpr std::int64_t kMaxExponent = 10'000;

// Reads [sign] digits [. digits] [e [sign] digits], all of `text`; nullopt for anything else, for
// more than kMaxDigits digits and for an exponent beyond kMaxExponent.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);
// `number` × 10^power.
[[nodiscard]] Decimal scaled(Decimal number, std::int64_t power);
// Rounded to `digits` significant digits, halves away from zero.
[[nodiscard]] Decimal rounded(Decimal number, std::size_t digits);
// The nearest long double, or an infinity.
[[nodiscard]] long double to_long_double(const Decimal& number);

__extension__ using UInt128 = unsigned __int128;

// A fraction in lowest terms. Operations give nullopt when a part needs more than 128 bits.
struct Rational {
  bool negative = false;
  UInt128 numerator = 0;
  UInt128 denominator = 1;
  friend bool operator==(const Rational&, const Rational&) = default;
};
[[nodiscard]] std::optional<Rational> to_rational(const Decimal& number);
// `over` / `under`; nullopt also when `under` is 0.
[[nodiscard]] std::optional<Rational> divide(const Rational& over, const Rational& under);
[[nodiscard]] std::optional<Rational> multiply(const Rational& a, const Rational& b);
[[nodiscard]] std::optional<Rational> add(const Rational& a, const Rational& b);
[[nodiscard]] std::optional<Rational> subtract(const Rational& a, const Rational& b);
// |a| <= |b|
[[nodiscard]] std::optional<bool> at_most(const Rational& a, const Rational& b);
// At least `digits` significant digits of the expansion; the digits that are cut off are marked by
// a last digit 1, so that rounding to fewer digits comes out
// right.
[[nodiscard]] std::optional<Decimal> to_decimal(const Rational& number, std::size_t digits);
[[nodiscard]] long double to_long_double(const Rational& number);

}  // namespace faceoff::score
