#include "scalar.h"

#include <faceoff/base/units.h>

#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

constexpr std::array<std::string_view, 4> kNulls{"~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) noexcept {
  for (const auto word : words) {
    if (text == word) {
      return true;
    }
  }
  return false;
}

std::size_t take_digits(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    ++at;
  }
  return at;
}

// 0x1F or 0o17: the base, or 0 when the text is neither.
int prefixed_base(std::string_view text) noexcept {
  if (text.size() < 3 || text[0] != '0') {
    return 0;
  }
  if (text[1] == 'x') {
    const bool all_hex = text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos;
    return all_hex ? 16 : 0;
  }
  const bool all_octal = text[1] == 'o' && text.find_first_not_of("01234567", 2) == text.npos;
  return all_octal ? 8 : 0;
}

ScalarKind classify_number(std::string_view text) noexcept {
  if (prefixed_base(text) != 0) {
    return ScalarKind::integer;
  }
  const std::size_t begin = text[0] == '+' || text[0] == '-' ? 1 : 0;
  std::size_t at = take_digits(text, begin);
  const std::size_t whole = at - begin;
  if (whole > 1 && text[begin] == '0') {
    return ScalarKind::text;
  }
  if (at == text.size()) {
    return whole > 0 ? ScalarKind::integer : ScalarKind::text;
  }
  std::size_t fraction = 0;
  if (text[at] == '.') {
    const std::size_t end = take_digits(text, at + 1);
    fraction = end - at - 1;
    at = end;
  }
  if (whole + fraction == 0) {
    return ScalarKind::text;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    at += at < text.size() && (text[at] == '+' || text[at] == '-') ? 1U : 0U;
    const std::size_t end = take_digits(text, at);
    if (end == at) {
      return ScalarKind::text;
    }
    at = end;
  }
  return at == text.size() ? ScalarKind::real : ScalarKind::text;
}

}  // namespace

ScalarKind classify(const Node& node) noexcept {
  if (node.style != Style::plain) {
    return ScalarKind::text;
  }
  const std::string_view text = node.text;
  if (text.empty() || is_one_of(text, kNulls)) {
    return ScalarKind::null;
  }
  if (is_one_of(text, kTrue) || is_one_of(text, kFalse)) {
    return ScalarKind::boolean;
  }
  return classify_number(text);
}

std::optional<std::int64_t> integer_value(const Node& node) {
  std::string_view text = node.text;
  if (const int base = prefixed_base(text); base != 0) {
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
    return error == std::errc{} ? std::optional(value) : std::nullopt;
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const auto value = parse_int(text);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> number_value(const Node& node) {
  if (prefixed_base(node.text) != 0) {
    const auto value = integer_value(node);
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
  }
  const auto value = parse_double(node.text);
  return value ? std::optional(*value) : std::nullopt;
}

bool boolean_value(const Node& node) noexcept {
  return is_one_of(node.text, kTrue);
}

std::string number_as_json(const Node& node) {
  if (prefixed_base(node.text) != 0) {
    const auto value = integer_value(node);
    return value ? fmt::format("{}", *value) : fmt::format("\"{}\"", node.text);
  }
  std::string text = node.text;
  if (text.front() == '+') {
    text.erase(0, 1);
  }
  const std::size_t digits = text.front() == '-' ? 1 : 0;
  if (text[digits] == '.') {
    text.insert(digits, 1, '0');
  }
  const auto dot = text.find('.');
  if (dot != std::string::npos && take_digits(text, dot + 1) == dot + 1) {
    text.insert(dot + 1, 1, '0');
  }
  return text;
}

}  // namespace faceoff::doc
