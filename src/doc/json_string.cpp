#include "json_string.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

// The four digits behind "\u" at byte `at`.
std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) {
    return std::nullopt;
  }
  std::uint32_t code = 0;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
  return error == std::errc{} && end == begin + 4 ? std::optional(code) : std::nullopt;
}

bool is_high(std::uint32_t code) {
  return code >= 0xD800 && code < 0xDC00;
}
bool is_low(std::uint32_t code) {
  return code >= 0xDC00 && code < 0xE000;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto push = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0U | code >> 6U);
    push(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    push(0xE0U | code >> 12U);
    push(0x80U | (code >> 6U & 0x3FU));
    push(0x80U | (code & 0x3FU));
  } else {
    push(0xF0U | code >> 18U);
    push(0x80U | (code >> 12U & 0x3FU));
    push(0x80U | (code >> 6U & 0x3FU));
    push(0x80U | (code & 0x3FU));
  }
}

// \uXXXX at byte `at`; moves `at` behind it.
std::string take_unicode(std::string_view text, std::size_t& at, std::string& out) {
  const auto first = hex4(text, at + 2);
  if (!first) {
    return "'\\u' needs four hexadecimal digits";
  }
  std::uint32_t code = *first;
  std::size_t length = 6;
  if (is_high(code)) {
    const bool escaped = text.substr(at + 6, 2) == "\\u";
    const auto second = escaped ? hex4(text, at + 8) : std::nullopt;
    if (second && is_low(*second)) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (*second - 0xDC00);
      length = 12;
    }
  }
  if (is_high(code) || is_low(code)) {
    return fmt::format("'{}' is half of a surrogate pair", text.substr(at, 6));
  }
  append_utf8(out, code);
  at += length;
  return {};
}

std::optional<char> simple_escape(char c) {
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  const auto i = kFrom.find(c);
  return i == std::string_view::npos ? std::nullopt : std::optional(kTo[i]);
}

}  // namespace

JsonString read_json_string(std::string_view text, std::size_t begin, std::string& out) {
  out.clear();
  std::size_t at = begin + 1;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      return {at + 1, {}, {}};
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return {at,
              c == '\n' ? "a text in quotes must end in its line"
                        : fmt::format("the control character U+{:04X} must be written as an escape",
                                      static_cast<unsigned>(c)),
              c == '\n' ? "write \\n for a line break" : ""};
    }
    if (c != '\\') {
      out += c;
      ++at;
      continue;
    }
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (next == 'u') {
      if (auto problem = take_unicode(text, at, out); !problem.empty()) {
        return {at, std::move(problem), {}};
      }
    } else if (const auto plain = simple_escape(next)) {
      out += *plain;
      at += 2;
    } else {
      return {at, "unknown escape in a text", "write \\\\ for a backslash"};
    }
  }
  return {at, "a quoted text has no closing quote", {}};
}

}  // namespace faceoff::doc
