#include "math_text.h"
#include "python_text.h"

#include <faceoff/base/digest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace faceoff::score {
namespace {

constexpr std::size_t kMaxBytes = 1000;
constexpr int kMaxDepth = 40;
constexpr long double kPi = 3.14159265358979323846264338327950288L;

using Value = std::optional<MathValue>;

MathValue exactly(const Rational& value) {
  return {value, to_long_double(value)};
}

MathValue whole(UInt128 value) {
  return exactly({false, value, 1});
}

template <class Exact, class Near>
MathValue combine(const MathValue& a, const MathValue& b, const Exact& exact, const Near& near) {
  const auto both = a.exact && b.exact ? exact(*a.exact, *b.exact) : std::nullopt;
  return both ? exactly(*both) : MathValue{std::nullopt, near(a.near, b.near)};
}

MathValue plus(const MathValue& a, const MathValue& b) {
  return combine(a, b, add, [](long double x, long double y) { return x + y; });
}

MathValue times(const MathValue& a, const MathValue& b) {
  return combine(a, b, multiply, [](long double x, long double y) { return x * y; });
}

MathValue negated(MathValue value) {
  if (value.exact && value.exact->numerator != 0) {
    value.exact->negative = !value.exact->negative;
  }
  value.near = -value.near;
  return value;
}

Value over(const MathValue& a, const MathValue& b) {
  if (b.near == 0.0L) {
    return std::nullopt;
  }
  return combine(a, b, divide, [](long double x, long double y) { return x / y; });
}

std::optional<UInt128> root(UInt128 value) {
  const auto near = static_cast<UInt128>(std::sqrt(static_cast<long double>(value)));
  for (UInt128 guess = near > 1 ? near - 1 : 0; guess <= near + 1; ++guess) {
    if (guess * guess == value) {
      return guess;
    }
  }
  return std::nullopt;
}

Value rooted(const MathValue& value, const MathValue& degree) {
  if (degree.near == 0.0L || value.near < 0) {
    return std::nullopt;
  }
  if (degree.near == 2.0L && value.exact) {
    const auto above = root(value.exact->numerator);
    const auto below = root(value.exact->denominator);
    if (above && below) {
      return exactly({false, *above, *below});
    }
  }
  return MathValue{std::nullopt, std::pow(value.near, 1.0L / degree.near)};
}

Value power(const MathValue& base, const MathValue& exponent) {
  const bool integer = exponent.exact && exponent.exact->denominator == 1;
  if (integer && exponent.exact->numerator <= 1000) {
    const auto count = static_cast<int>(exponent.exact->numerator);
    MathValue product = whole(1);
    for (int i = 0; i < count; ++i) {
      product = times(product, base);
    }
    return exponent.exact->negative ? over(whole(1), product) : Value(product);
  }
  if (exponent.exact && exponent.exact->denominator == 2 && exponent.exact->numerator == 1 &&
      !exponent.exact->negative) {
    return rooted(base, whole(2));
  }
  const long double near = std::pow(base.near, exponent.near);
  return std::isfinite(near) ? Value(MathValue{std::nullopt, near}) : std::nullopt;
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array<std::string_view, 20> kGreek{
    "\\alpha",  "\\beta", "\\gamma", "\\delta", "\\epsilon", "\\theta", "\\lambda",
    "\\mu",     "\\nu",   "\\xi",    "\\rho",   "\\sigma",   "\\tau",   "\\phi",
    "\\varphi", "\\chi",  "\\psi",   "\\omega", "\\kappa",   "\\zeta"};

// `sample` 0: variables are no numbers.
class Parser {
 public:
  explicit Parser(std::string_view text, unsigned sample = 0) : rest_(text), sample_(sample) {}

  Value all() {
    const Value value = sum();
    skip();
    return rest_.empty() ? value : std::nullopt;
  }

 private:
  void skip() {
    while (!rest_.empty() &&
           (rest_.front() == ' ' || rest_.front() == '\n' || rest_.front() == '~')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(std::string_view token) {
    skip();
    if (!rest_.starts_with(token)) {
      return false;
    }
    rest_.remove_prefix(token.size());
    return true;
  }
  bool take_any(std::initializer_list<std::string_view> tokens) {
    for (const std::string_view token : tokens) {
      if (take(token)) {
        return true;
      }
    }
    return false;
  }

  Value sum() {
    if (++depth_ > kMaxDepth) {
      return std::nullopt;
    }
    const bool minus = take_any({"-", "−"});
    if (!minus) {
      take("+");
    }
    Value value = product();
    if (value && minus) {
      value = negated(*value);
    }
    while (value) {
      const bool add_next = take("+");
      if (!add_next && !take_any({"-", "−"})) {
        break;
      }
      const Value next = product();
      value = next ? Value(plus(*value, add_next ? *next : negated(*next))) : std::nullopt;
    }
    --depth_;
    return value;
  }

  Value product() {
    Value value = factor();
    while (value) {
      if (take_any({"\\cdot", "\\times", "*", "×", "·"})) {
        const Value next = factor();
        value = next ? Value(times(*value, *next)) : std::nullopt;
      } else if (take_any({"\\div", "/", "÷"})) {
        const Value next = factor();
        value = next ? over(*value, *next) : std::nullopt;
      } else if (starts_factor()) {
        // 2\sqrt{3} and 2(3) are products; 1 \frac{1}{2} is a mixed number.
        const bool mixed = rest_.starts_with("\\frac") || rest_.starts_with("\\dfrac");
        const Value next = factor();
        const bool is_mixed = mixed && next && value->exact && value->exact->denominator == 1;
        value = !next ? std::nullopt : Value(is_mixed ? plus(*value, *next) : times(*value, *next));
      } else {
        break;
      }
    }
    return value;
  }

  bool starts_factor() {
    skip();
    return rest_.starts_with('(') || rest_.starts_with('{') || rest_.starts_with("\\sqrt") ||
           rest_.starts_with("\\frac") || rest_.starts_with("\\dfrac") ||
           rest_.starts_with("\\pi") || rest_.starts_with("π") || variable_length() > 0;
  }

  // Of the variable at the front, its subscript included; 0: none.
  [[nodiscard]] std::size_t variable_length() const {
    if (sample_ == 0 || rest_.empty()) {
      return 0;
    }
    std::size_t length = is_letter(rest_.front()) ? 1 : 0;
    for (const std::string_view name : kGreek) {
      const bool whole = rest_.size() == name.size() ||
                         (rest_.size() > name.size() && !is_letter(rest_[name.size()]));
      length = rest_.starts_with(name) && whole ? name.size() : length;
    }
    if (length == 0 || length + 1 >= rest_.size() || rest_[length] != '_') {
      return length;
    }
    if (rest_[length + 1] != '{') {
      return length + 2;
    }
    const auto end = rest_.find('}', length);
    return end == std::string_view::npos ? 0 : end + 1;
  }

  MathValue variable(std::size_t length) {
    const std::uint64_t number = fnv1a(rest_.substr(0, length)) + 7919U * sample_;
    rest_.remove_prefix(length);
    return exactly({false, number % 61 + 2, number / 61 % 23 + 3});
  }

  Value factor() {
    Value value = primary();
    if (value && take("^")) {
      const bool minus = take_any({"-", "−"});
      Value exponent = primary();
      if (exponent && minus) {
        exponent = negated(*exponent);
      }
      value = exponent ? power(*value, *exponent) : std::nullopt;
    }
    return value;
  }

  Value enclosed(std::string_view close) {
    const Value value = sum();
    return value && take(close) ? value : std::nullopt;
  }

  // "{...}" or one digit.
  Value argument() {
    skip();
    if (take("{")) {
      return enclosed("}");
    }
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
      return std::nullopt;
    }
    const auto digit = static_cast<UInt128>(rest_.front() - '0');
    rest_.remove_prefix(1);
    return whole(digit);
  }

  Value primary() {
    if (take_any({"\\frac", "\\dfrac", "\\tfrac"})) {
      const Value above = argument();
      const Value below = argument();
      return above && below ? over(*above, *below) : std::nullopt;
    }
    if (take("\\sqrt")) {
      Value degree = whole(2);
      if (take("[")) {
        degree = enclosed("]");
      }
      const Value value = argument();
      return value && degree ? rooted(*value, *degree) : std::nullopt;
    }
    if (take_any({"\\pi", "π"})) {
      return MathValue{std::nullopt, kPi};
    }
    skip();
    if (const std::size_t length = variable_length(); length > 0) {
      return variable(length);
    }
    if (take("(")) {
      return enclosed(")");
    }
    if (take("{")) {
      return enclosed("}");
    }
    if (take("√")) {
      const Value value = primary();
      return value ? rooted(*value, whole(2)) : std::nullopt;
    }
    return number();
  }

  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  Value number() {
    skip();
    std::string text;
    bool point = false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      const bool group = c == ',' && !point && rest_.size() > 3 && is_digit(rest_[1]) &&
                         is_digit(rest_[2]) && is_digit(rest_[3]) &&
                         (rest_.size() == 4 || !is_digit(rest_[4])) && !text.empty();
      if (is_digit(c) || (c == '.' && !point)) {
        text += c;
        point = point || c == '.';
      } else if (!group) {
        break;
      }
      rest_.remove_prefix(1);
    }
    if (text.empty() || text == ".") {
      return std::nullopt;
    }
    text = text.front() == '.' ? "0" + text : text.back() == '.' ? text + "0" : text;
    const auto decimal = parse_decimal(text);
    if (!decimal) {
      return std::nullopt;
    }
    const auto rational = to_rational(*decimal);
    return rational ? Value(exactly(*rational))
                    : Value(MathValue{std::nullopt, to_long_double(*decimal)});
  }

  std::string_view rest_;
  unsigned sample_;
  int depth_ = 0;
};

// Three letters in a row are a word, not a product.
bool has_word(std::string_view text) {
  std::size_t run = 0;
  bool command = false;
  for (const char c : text) {
    command = c == '\\' || (command && is_letter(c));
    run = is_letter(c) && !command ? run + 1 : 0;
    if (run == 3) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<MathValue> math_value(std::string_view text) {
  return text.size() > kMaxBytes ? std::nullopt : Parser(strip(text)).all();
}

std::optional<MathValue> math_value_at(std::string_view text, unsigned sample) {
  return text.size() > kMaxBytes || has_word(text) ? std::nullopt
                                                   : Parser(strip(text), sample).all();
}

bool same_expression(std::string_view a, std::string_view b) {
  constexpr unsigned kSamples = 5;
  unsigned defined = 0;
  for (unsigned sample = 1; sample <= kSamples; ++sample) {
    const auto left = math_value_at(a, sample);
    const auto right = math_value_at(b, sample);
    if (left.has_value() != right.has_value() || (left && !equal(*left, *right))) {
      return false;
    }
    defined += left ? 1U : 0U;
  }
  return defined > 1;
}

bool equal(const MathValue& a, const MathValue& b) {
  // A decimal of so many places was rounded.
  constexpr UInt128 kRounded = 1'000'000'000'000;
  if (a.exact && b.exact && std::max(a.exact->denominator, b.exact->denominator) < kRounded) {
    return *a.exact == *b.exact;
  }
  const long double size = std::max(std::abs(a.near), std::abs(b.near));
  return std::abs(a.near - b.near) <= size * 1e-12L;
}

}  // namespace faceoff::score
