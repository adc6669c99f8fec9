#include "decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <utility>

namespace faceoff::score {
namespace {

constexpr UInt128 kMax = ~UInt128{0};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto size = static_cast<std::size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// The exponent behind 'e'; nullopt when it is malformed or too large.
std::optional<std::int64_t> parse_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  take(text, "+-");
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !is_digit(text.front()) ||
      value > kMaxExponent) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

Decimal canonical(Decimal number) {
  const auto first = number.digits.find_first_not_of('0');
  if (first == std::string::npos) {
    return {};
  }
  number.digits.erase(0, first);
  number.exponent -= static_cast<std::int64_t>(first);
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  return number;
}

UInt128 greatest_common_divisor(UInt128 a, UInt128 b) {
  while (b != 0) {
    a = std::exchange(b, a % b);
  }
  return a;
}

std::optional<UInt128> times(UInt128 a, UInt128 b) {
  if (a != 0 && b > kMax / a) {
    return std::nullopt;
  }
  return a * b;
}

Rational reduced(bool negative, UInt128 numerator, UInt128 denominator) {
  const UInt128 common = greatest_common_divisor(numerator, denominator);
  return {negative && numerator != 0, numerator / common, denominator / common};
}

std::optional<UInt128> power_of_ten(std::int64_t exponent) {
  UInt128 value = 1;
  for (std::int64_t i = 0; i < exponent; ++i) {
    const auto next = times(value, 10);
    if (!next) {
      return std::nullopt;
    }
    value = *next;
  }
  return value;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  number.negative = text.starts_with('-');
  take(text, "+-");
  const std::string_view whole = take_digits(text);
  const std::string_view fraction = take(text, ".") ? take_digits(text) : std::string_view();
  if (whole.empty() && fraction.empty()) {
    return std::nullopt;
  }
  if (take(text, "eE")) {
    const auto exponent = parse_exponent(text);
    if (!exponent) {
      return std::nullopt;
    }
    number.exponent = *exponent;
    text = {};
  }
  if (!text.empty() || whole.size() + fraction.size() > kMaxDigits) {
    return std::nullopt;
  }
  number.digits = std::string(whole) + std::string(fraction);
  number.exponent += static_cast<std::int64_t>(whole.size());
  return canonical(std::move(number));
}

Decimal scaled(Decimal number, std::int64_t power) {
  if (!number.digits.empty()) {
    number.exponent += power;
  }
  return number;
}

Decimal rounded(Decimal number, std::size_t digits) {
  if (number.digits.size() <= digits) {
    return number;
  }
  const bool up = number.digits[digits] >= '5';
  number.digits.resize(digits);
  if (up) {
    auto at = number.digits.find_last_not_of('9');
    if (at == std::string::npos) {
      number.digits = "1";
      ++number.exponent;
    } else {
      ++number.digits[at];
      number.digits.resize(at + 1);
    }
  }
  return canonical(std::move(number));
}

long double to_long_double(const Decimal& number) {
  // More digits than these cannot change the nearest long double by more than its last bit.
  const std::string text = (number.negative ? "-0." : "0.") + number.digits.substr(0, 60) + "e" +
                           std::to_string(number.exponent);
  return std::strtold(text.c_str(), nullptr);
}

std::optional<Rational> to_rational(const Decimal& number) {
  UInt128 mantissa = 0;
  for (const char c : number.digits) {
    const auto next = times(mantissa, 10);
    const auto digit = static_cast<UInt128>(c - '0');
    if (!next || *next > kMax - digit) {
      return std::nullopt;
    }
    mantissa = *next + digit;
  }
  const std::int64_t shift = number.exponent - static_cast<std::int64_t>(number.digits.size());
  const auto power = power_of_ten(shift < 0 ? -shift : shift);
  if (number.digits.empty()) {
    return Rational{};
  }
  if (!power) {
    return std::nullopt;
  }
  if (shift < 0) {
    return reduced(number.negative, mantissa, *power);
  }
  const auto value = times(mantissa, *power);
  return value ? std::optional(Rational{number.negative, *value, 1}) : std::nullopt;
}

std::optional<Rational> multiply(const Rational& a, const Rational& b) {
  // Crosswise reduction first keeps the parts small.
  const Rational left = reduced(a.negative, a.numerator, b.denominator);
  const Rational right = reduced(b.negative, b.numerator, a.denominator);
  const auto numerator = times(left.numerator, right.numerator);
  const auto denominator = times(left.denominator, right.denominator);
  if (!numerator || !denominator) {
    return std::nullopt;
  }
  return reduced(a.negative != b.negative, *numerator, *denominator);
}

std::optional<Rational> divide(const Rational& over, const Rational& under) {
  if (under.numerator == 0) {
    return std::nullopt;
  }
  return multiply(over, {under.negative, under.denominator, under.numerator});
}

std::optional<Rational> add(const Rational& a, const Rational& b) {
  const UInt128 common = greatest_common_divisor(a.denominator, b.denominator);
  const auto left = times(a.numerator, b.denominator / common);
  const auto right = times(b.numerator, a.denominator / common);
  const auto denominator = times(a.denominator, b.denominator / common);
  if (!left || !right || !denominator) {
    return std::nullopt;
  }
  if (a.negative != b.negative) {
    return *left >= *right ? reduced(a.negative, *left - *right, *denominator)
                           : reduced(b.negative, *right - *left, *denominator);
  }
  if (*left > kMax - *right) {
    return std::nullopt;
  }
  return reduced(a.negative, *left + *right, *denominator);
}

std::optional<Rational> subtract(const Rational& a, const Rational& b) {
  return add(a, {!b.negative, b.numerator, b.denominator});
}

std::optional<bool> at_most(const Rational& a, const Rational& b) {
  const UInt128 common = greatest_common_divisor(a.denominator, b.denominator);
  const auto left = times(a.numerator, b.denominator / common);
  const auto right = times(b.numerator, a.denominator / common);
  return left && right ? std::optional(*left <= *right) : std::nullopt;
}

std::optional<Decimal> to_decimal(const Rational& number, std::size_t digits) {
  const UInt128 whole = number.numerator / number.denominator;
  UInt128 rest = number.numerator % number.denominator;
  Decimal result;
  result.negative = number.negative;
  for (UInt128 left = whole; left != 0; left /= 10) {
    result.digits.insert(result.digits.begin(),
                         static_cast<char>('0' + static_cast<int>(left % 10)));
  }
  result.exponent = static_cast<std::int64_t>(result.digits.size());
  std::size_t significant = result.digits.size();
  while (rest != 0 && significant < digits) {
    if (rest > kMax / 10) {
      return std::nullopt;
    }
    rest *= 10;
    const auto digit = static_cast<int>(rest / number.denominator);
    rest %= number.denominator;
    result.digits += static_cast<char>('0' + digit);
    significant += significant > 0 || digit != 0 ? 1 : 0;
  }
  if (rest != 0) {
    result.digits += '1';
  }
  return canonical(std::move(result));
}

long double to_long_double(const Rational& number) {
  const long double value =
      static_cast<long double>(number.numerator) / static_cast<long double>(number.denominator);
  return number.negative ? -value : value;
}

}  // namespace faceoff::score
