#include "number_text.h"

#include "number_token.h"
#include "words.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace faceoff::score {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_alnum(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
}

// Walks over text that plain_numerals() made.
class Scanner {
 public:
  Scanner(std::string_view text, const NumberRules& rules)
      : text_(text), rules_(rules), mark_(rules.decimal == DecimalMark::point ? '.' : ',') {}

  std::vector<Number> run() && {
    while (at_ < text_.size()) {
      if (starts_here()) {
        token();
      } else {
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] char peek(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  [[nodiscard]] char before(std::size_t i) const { return i > 0 ? text_[i - 1] : '\0'; }
  [[nodiscard]] bool digit_at(std::size_t i) const { return is_digit(peek(i)); }

  [[nodiscard]] bool starts_here() const {
    if (digit_at(at_)) {
      return true;
    }
    return text_[at_] == mark_ && digit_at(at_ + 1) && !is_alnum(before(at_)) &&
           before(at_) != mark_;
  }

  [[nodiscard]] std::size_t digits_end(std::size_t from) const {
    while (digit_at(from)) {
      ++from;
    }
    return from;
  }

  // Inside a word: x1, x_1, GPT4.
  [[nodiscard]] bool glued_before() const {
    const char c = before(at_);
    return is_alnum(c) || (c == '_' && at_ >= 2 && is_alnum(text_[at_ - 2]));
  }

  // 0x1F, 3a4, 1_000: letters or underscores that lead to more of a word.
  [[nodiscard]] bool glued_behind(std::size_t end) const {
    bool letters = false;
    for (; is_alnum(peek(end)) || peek(end) == '_'; ++end) {
      if (letters && digit_at(end)) {
        return true;
      }
      letters = true;
    }
    return false;
  }

  // ^2, ^{2}, ^-2, ^{-2}
  [[nodiscard]] bool is_exponent() const {
    std::size_t i = at_;
    i -= i > 0 && (text_[i - 1] == '-' || text_[i - 1] == '+') ? 1U : 0U;
    i -= i > 0 && text_[i - 1] == '{' ? 1U : 0U;
    return i > 0 && text_[i - 1] == '^';
  }

  void skip_word(std::size_t from) {
    while (is_alnum(peek(from)) || peek(from) == '_' ||
           ((peek(from) == '.' || peek(from) == ',') && digit_at(from + 1))) {
      ++from;
    }
    at_ = from;
  }

  // Where the sign stands, or at_. A currency sign may stand between it and the digits.
  [[nodiscard]] std::size_t sign_place() const {
    const auto is_sign = [this](std::size_t i) {
      if (i == 0 || (text_[i - 1] != '-' && text_[i - 1] != '+')) {
        return false;
      }
      const char c = before(i - 1);
      return !is_alnum(c) && std::string_view("_)]}%-+").find(c) == std::string_view::npos;
    };
    if (is_sign(at_)) {
      return at_ - 1;
    }
    const std::string_view left = text_.substr(0, at_);
    if (left.empty()) {
      return at_;
    }
    const CodePoint c = back(left);
    const bool currency = c.value == U'$' || c.value == 0xA3 || c.value == 0xA5 ||
                          (c.value >= 0x20A0 && c.value <= 0x20C0);
    return currency && is_sign(at_ - c.size) ? at_ - c.size - 1 : at_;
  }

  [[nodiscard]] bool is_group_mark(char c) const {
    const bool comma = rules_.decimal == DecimalMark::comma;
    return c == kThin || c == '\'' || c == (comma ? '.' : ',') || (comma && c == ' ');
  }

  // Reads the whole part with its groups; leaves the place behind it in `end`.
  [[nodiscard]] std::string whole_part(std::size_t& end) const {
    end = digits_end(at_);
    std::string digits(text_.substr(at_, end - at_));
    const char mark = peek(end);
    if (!rules_.thousands || digits.empty() || digits.size() > 3 || digits.front() == '0' ||
        !is_group_mark(mark)) {
      return digits;
    }
    while (peek(end) == mark && digits_end(end + 1) == end + 4) {
      digits += text_.substr(end + 1, 3);
      end += 4;
    }
    return digits;
  }

  void token() {
    std::size_t end = at_;
    const std::string whole = whole_part(end);
    if (is_exponent()) {
      at_ = std::max(end, at_ + 1);
      return;
    }
    if (glued_before()) {
      skip_word(at_);
      return;
    }
    std::string plain = whole;
    bool simple = true;
    if (peek(end) == mark_ && digit_at(end + 1)) {
      const std::size_t stop = digits_end(end + 1);
      plain += '.';
      plain += text_.substr(end + 1, stop - end - 1);
      end = stop;
      simple = false;
    }
    const bool version =
        (peek(end) == '.' || (peek(end) == ',' && mark_ == ',')) && digit_at(end + 1);
    if (version) {
      skip_word(end);
      return;
    }
    if (simple && peek(end) == '/' && digit_at(end + 1)) {
      fraction(whole, end);
      return;
    }
    if (simple && mixed(whole, end)) {
      return;
    }
    decimal(std::move(plain), end);
  }

  void decimal(std::string plain, std::size_t end) {
    std::int64_t power = 0;
    const std::size_t mantissa_end = end;
    if (peek(end) == 'e' || peek(end) == 'E') {
      const std::size_t sign = peek(end + 1) == '-' || peek(end + 1) == '+' ? 1 : 0;
      const std::size_t stop = digits_end(end + 1 + sign);
      if (stop > end + 1 + sign && !is_alnum(peek(stop))) {
        plain += text_.substr(end, stop - end);
        end = stop;
      }
    }
    bool readable = true;
    if (end == mantissa_end && peek(end) == '^') {
      if (plain != "10" || !power_at(end, power, readable)) {
        at_ = end + 1;
        return;
      }
      plain = "1";
    } else if (end == mantissa_end && !times_ten(end, power, readable) && glued_behind(end)) {
      skip_word(end);
      return;
    }
    const std::size_t begin = sign_place();
    auto value = readable ? parse_decimal((text_[begin] == '-' ? "-" : "") + plain) : std::nullopt;
    const bool percent = take_percent(end);
    if (percent && rules_.percent == Percent::fraction) {
      power -= 2;
    }
    add(begin,
        end,
        value ? std::optional(NumberValue{scaled(*std::move(value), power), {}}) : std::nullopt);
  }

  // Reads ^12, ^-12 or ^{-12} at `end`.
  [[nodiscard]] bool power_at(std::size_t& end, std::int64_t& power, bool& readable) const {
    if (peek(end) != '^') {
      return false;
    }
    std::size_t i = end + 1;
    const bool braced = peek(i) == '{';
    i += braced ? 1U : 0U;
    const bool negative = peek(i) == '-';
    i += negative || peek(i) == '+' ? 1U : 0U;
    const std::size_t stop = digits_end(i);
    if (stop == i || (braced && peek(stop) != '}')) {
      return false;
    }
    readable = stop - i <= 5;
    for (; readable && i < stop; ++i) {
      power = power * 10 + (text_[i] - '0');
    }
    readable = readable && power <= kMaxExponent;
    power = negative ? -power : power;
    end = stop + (braced ? 1 : 0);
    return true;
  }

  // Reads "× 10^3" at `end`.
  [[nodiscard]] bool times_ten(std::size_t& end, std::int64_t& power, bool& readable) const {
    std::size_t i = end;
    i += peek(i) == ' ' ? 1U : 0U;
    if (std::string_view("*xX\x1e").find(peek(i)) == std::string_view::npos || i >= text_.size()) {
      return false;
    }
    ++i;
    i += peek(i) == ' ' ? 1U : 0U;
    if (text_.substr(i, 3) != "10^") {
      return false;
    }
    i += 2;
    if (!power_at(i, power, readable)) {
      return false;
    }
    end = i;
    return true;
  }

  bool take_percent(std::size_t& end) const {
    const std::size_t i = end + (peek(end) == ' ' || peek(end) == kThin ? 1 : 0);
    if (peek(i) != '%') {
      return false;
    }
    end = i + 1;
    return true;
  }

  // At "3/4"; `slash` is the place of the slash. A chain 1/2/2024 is a date: its parts stand alone.
  void fraction(const std::string& over, std::size_t slash) {
    std::size_t end = digits_end(slash + 1);
    if (peek(end) == '/' && digit_at(end + 1)) {
      add(at_, slash, whole_value(over));
      while (peek(slash) == '/' && digit_at(slash + 1)) {
        end = digits_end(slash + 1);
        at_ = slash + 1;
        add(at_, end, whole_value(text_.substr(slash + 1, end - slash - 1)));
        slash = end;
      }
      return;
    }
    const std::size_t begin = sign_place();
    auto value = quotient(over, text_.substr(slash + 1, end - slash - 1));
    add_fraction(begin, end, value);
  }

  // At "2 1/2": a whole number, one blank and a proper fraction.
  bool mixed(const std::string& whole, std::size_t end) {
    if (peek(end) != ' ' || !digit_at(end + 1)) {
      return false;
    }
    const std::size_t slash = digits_end(end + 1);
    const std::size_t stop = digits_end(slash + 1);
    if (peek(slash) != '/' || stop == slash + 1 || peek(stop) == '/') {
      return false;
    }
    const auto part =
        quotient(text_.substr(end + 1, slash - end - 1), text_.substr(slash + 1, stop - slash - 1));
    const auto base = parse_decimal(whole);
    const auto exact = base ? to_rational(*base) : std::nullopt;
    if (!part || !exact || part->numerator >= part->denominator) {
      return false;
    }
    add_fraction(sign_place(), stop, score::add(*exact, *part));
    return true;
  }

  static std::optional<Rational> quotient(std::string_view over, std::string_view under) {
    const auto top = parse_decimal(over);
    const auto bottom = parse_decimal(under);
    const auto a = top ? to_rational(*top) : std::nullopt;
    const auto b = bottom ? to_rational(*bottom) : std::nullopt;
    return a && b ? divide(*a, *b) : std::nullopt;
  }

  static std::optional<NumberValue> whole_value(std::string_view digits) {
    auto value = parse_decimal(digits);
    return value ? std::optional(NumberValue{*std::move(value), {}}) : std::nullopt;
  }

  void add_fraction(std::size_t begin, std::size_t end, std::optional<Rational> value) {
    if (value && text_[begin] == '-') {
      value->negative = value->numerator != 0;
    }
    if (take_percent(end) && rules_.percent == Percent::fraction && value) {
      value = divide(*value, Rational{false, 100, 1});
    }
    add(begin, end, value ? std::optional(NumberValue{{}, value}) : std::nullopt);
  }

  void add(std::size_t begin, std::size_t end, std::optional<NumberValue> value) {
    std::string shown;
    for (const char c : text_.substr(begin, std::min<std::size_t>(end - begin, 400))) {
      shown += c == kThin ? " " : c == kTimes ? "×" : std::string(1, c);
    }
    found_.push_back({clip(shown), std::move(value)});
    at_ = end;
  }

  std::string_view text_;
  const NumberRules& rules_;
  char mark_;
  std::size_t at_ = 0;
  std::vector<Number> found_;
};

}  // namespace

std::vector<Number> find_numbers(std::string_view text, const NumberRules& rules) {
  const std::string plain = plain_numerals(text);
  const std::string boxed = boxed_parts(plain);
  auto numbers = Scanner(boxed, rules).run();
  return numbers.empty() ? Scanner(plain, rules).run() : numbers;
}

}  // namespace faceoff::score
