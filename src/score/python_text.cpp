#include "python_text.h"

#include "words.h"

#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace faceoff::score {
namespace {

bool is_python_space(char32_t c) noexcept {
  return is_space(c) || (c >= 0x1C && c <= 0x1F);
}

// ASCII digits for those of all scripts; nullopt for anything that float() does not know.
std::optional<std::string> plain_float(std::string_view text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint c = front(rest);
    if (c.value < 0x80) {
      out += static_cast<char>(c.value);
    } else if (const auto digit = digit_value(c.value)) {
      out += static_cast<char>('0' + *digit);
    } else {
      return std::nullopt;
    }
    rest.remove_prefix(c.size);
  }
  return out;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Takes digits with single underscores between them off the front; false when there are none.
bool take_digits(std::string_view& text, std::string& out) {
  const std::size_t before = out.size();
  while (!text.empty()) {
    if (is_digit(text.front())) {
      out += text.front();
    } else if (text.front() != '_' || out.size() == before || text.size() < 2 ||
               !is_digit(text[1])) {
      break;
    }
    text.remove_prefix(1);
  }
  return out.size() > before;
}

std::optional<double> special_float(std::string_view text, bool negative) {
  const std::string word = lower(text);
  if (word == "inf" || word == "infinity") {
    const double infinite = std::numeric_limits<double>::infinity();
    return negative ? -infinite : infinite;
  }
  return word == "nan" ? std::optional(std::numeric_limits<double>::quiet_NaN()) : std::nullopt;
}

// Appends `text` without a, an and the as whole words.
std::string without_articles(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && is_word_char(front(text.substr(size)).value)) {
      size += front(text.substr(size)).size;
    }
    if (size == 0) {
      size = front(text).size;
      out += text.substr(0, size);
    } else {
      const std::string_view word = text.substr(0, size);
      const bool article = word == "a" || word == "an" || word == "the";
      out += article ? " " : word;
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string without_punctuation(std::string_view text) {
  std::string out(text);
  std::erase_if(out, is_punctuation);
  return out;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  for (const std::string_view word : split_words(text)) {
    if (!out.empty()) {
      out += ' ';
    }
    out += word;
  }
  return out;
}

std::string drop_token(std::string_view token, Case letters) {
  static constexpr std::string_view kMarks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  std::string text = letters == Case::lower ? lower(token) : fold_case(token);
  if (!parse_float(text)) {
    // inspect_ai reads "(3.14)" and "3.14." as numbers, DROP does not.
    const std::string inside(strip(text, kMarks));
    text = letters == Case::folded && parse_float(inside) ? inside : without_punctuation(text);
  }
  if (const auto number = parse_float(text)) {
    text = float_text(*number);
  }
  return with_single_blanks(without_articles(text));
}

}  // namespace

std::optional<int> digit_value(char32_t c) noexcept {
  if (!is_decimal_digit(c)) {
    return std::nullopt;
  }
  if (c < 0x80) {
    return static_cast<int>(c - U'0');
  }
  // The mathematical digits stand side by side in five sets of ten; all others are runs of ten.
  if (c >= 0x1D7CE && c <= 0x1D7FF) {
    return static_cast<int>((c - 0x1D7CE) % 10);
  }
  int value = 0;
  while (value < 9 && is_decimal_digit(c - static_cast<char32_t>(value) - 1)) {
    ++value;
  }
  return value;
}

bool is_punctuation(char c) noexcept {
  const auto u = static_cast<unsigned char>(c);
  return (u >= 0x21 && u <= 0x2F) || (u >= 0x3A && u <= 0x40) || (u >= 0x5B && u <= 0x60) ||
         (u >= 0x7B && u <= 0x7E);
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  std::size_t at = 0;
  const auto close = [&] {
    if (at > begin) {
      words.push_back(text.substr(begin, at - begin));
    }
  };
  while (at < text.size()) {
    const CodePoint c = front(text.substr(at));
    if (is_python_space(c.value)) {
      close();
      begin = at + c.size;
    }
    at += c.size;
  }
  close();
  return words;
}

std::string_view strip(std::string_view text) {
  while (!text.empty() && is_python_space(front(text).value)) {
    text.remove_prefix(front(text).size);
  }
  while (!text.empty() && is_python_space(back(text).value)) {
    text.remove_suffix(back(text).size);
  }
  return text;
}

std::string_view strip(std::string_view text, std::string_view marks) {
  const std::size_t begin = text.find_first_not_of(marks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(marks) - begin + 1);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t found = text.find(from, at);
    out += text.substr(at, found == std::string_view::npos ? found : found - at);
    if (found == std::string_view::npos) {
      return out;
    }
    out += to;
    at = found + from.size();
  }
}

std::optional<double> parse_float(std::string_view text) {
  const auto plain = plain_float(strip(text));
  if (!plain) {
    return std::nullopt;
  }
  std::string_view rest = *plain;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) {
    rest.remove_prefix(1);
  }
  std::string number = negative ? "-" : "";
  const bool whole = take_digits(rest, number);
  bool part = false;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    number += whole ? "." : "0.";
    part = take_digits(rest, number);
    number += part ? "" : "0";
  }
  if (!whole && !part) {
    return special_float(strip(*plain).substr(negative || plain->starts_with('+') ? 1 : 0),
                         negative);
  }
  if (rest.starts_with('e') || rest.starts_with('E')) {
    rest.remove_prefix(1);
    number += 'e';
    if (rest.starts_with('-') || rest.starts_with('+')) {
      number += rest.front();
      rest.remove_prefix(1);
    }
    if (!take_digits(rest, number)) {
      return std::nullopt;
    }
  }
  if (!rest.empty()) {
    return std::nullopt;
  }
  // strtod knows no locale here ('C' is never left) and gives infinities as Python does.
  return std::strtod(number.c_str(), nullptr);
}

std::string float_text(double value) {
  if (std::isnan(value)) {
    return "nan";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-inf" : "inf";
  }
  std::array<char, 64> buffer{};
  const double size = std::abs(value);
  const bool plain = value == 0.0 || (size >= 1e-4 && size < 1e16);
  const auto end = std::to_chars(buffer.data(),
                                 buffer.data() + buffer.size(),
                                 value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer.data(), end.ptr);
  if (plain && text.find('.') == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string general_text(double value, int digits) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.*g", digits, value);
  return {buffer.data(), static_cast<std::size_t>(std::max(size, 0))};
}

double round_2(double value) {
  std::array<char, 512> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.2f", value);
  return std::strtod(buffer.data(), nullptr);
}

double numpy_round_2(double value) {
  return std::nearbyint(value * 100.0) / 100.0;
}

std::string squad_normal(std::string_view text, Articles articles) {
  const std::string bare = without_punctuation(lower(text));
  return with_single_blanks(articles == Articles::remove ? without_articles(bare) : bare);
}

std::string drop_normal(std::string_view text, Case letters) {
  std::string out;
  while (true) {
    const std::size_t end = text.find_first_of(" -");
    const std::string token = drop_token(text.substr(0, end), letters);
    if (!token.empty()) {
      out += out.empty() ? "" : " ";
      out += token;
    }
    if (end == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace faceoff::score
