#include "number_text.h"

#include <cmath>

namespace faceoff::score {
namespace {

std::optional<Rational> exact(const NumberValue& number) {
  return number.fraction ? number.fraction : to_rational(number.decimal);
}

long double approximate(const NumberValue& number) {
  return number.fraction ? to_long_double(*number.fraction) : to_long_double(number.decimal);
}

// For numbers beyond exact arithmetic; those beyond a long double are near nothing.
bool near(const NumberValue& a, const NumberValue& b, long double bound) {
  return std::isfinite(bound) && std::fabs(approximate(a) - approximate(b)) <= bound;
}

}  // namespace

bool equal(const NumberValue& a, const NumberValue& b) {
  if (!a.fraction && !b.fraction) {
    return a.decimal == b.decimal;
  }
  const auto x = exact(a);
  const auto y = exact(b);
  return x && y ? *x == *y : approximate(a) == approximate(b);
}

bool within(const NumberValue& a, const NumberValue& b, const Decimal& bound) {
  if (equal(a, b)) {
    return true;
  }
  const auto x = exact(a);
  const auto y = exact(b);
  const auto difference = x && y ? subtract(*x, *y) : std::nullopt;
  const auto limit = to_rational(bound);
  const auto decided = difference && limit ? at_most(*difference, *limit) : std::nullopt;
  return decided.value_or(near(a, b, to_long_double(bound)));
}

bool within_share(const NumberValue& a, const NumberValue& b, const Decimal& share) {
  if (equal(a, b)) {
    return true;
  }
  const auto x = exact(a);
  const auto y = exact(b);
  const auto difference = x && y ? subtract(*x, *y) : std::nullopt;
  const auto part = to_rational(share);
  const auto limit = y && part ? multiply(*y, *part) : std::nullopt;
  const auto decided = difference && limit ? at_most(*difference, *limit) : std::nullopt;
  return decided.value_or(near(a, b, std::fabs(approximate(b)) * to_long_double(share)));
}

bool equal_rounded(const NumberValue& a, const NumberValue& b, std::size_t digits) {
  // One digit more than is rounded to, so that the mark of what was cut off lies behind it.
  const auto shown = [digits](const NumberValue& number) {
    return number.fraction ? to_decimal(*number.fraction, digits + 1)
                           : std::optional(number.decimal);
  };
  const auto x = shown(a);
  const auto y = shown(b);
  return x && y ? rounded(*x, digits) == rounded(*y, digits) : equal(a, b);
}

}  // namespace faceoff::score
