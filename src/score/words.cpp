#include "words.h"

#include "options.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

namespace faceoff::score {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

constexpr bool within(char32_t c, char32_t low, char32_t high) noexcept {
  return c >= low && c <= high;
}

constexpr bool is_invisible(char32_t c) noexcept {
  return within(c, 0x200B, 0x200D) || c == 0x2060 || c == 0xFEFF;
}

std::string without_marks(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint c = front(text);
    if (!is_mark(c.value)) {
      out += text.substr(0, c.size);
    }
    text.remove_prefix(c.size);
  }
  return out;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  bool blank = false;
  while (!text.empty()) {
    const CodePoint c = front(text);
    if (!is_space(c.value)) {
      out += text.substr(0, c.size);
    } else if (!blank) {
      out += ' ';
    }
    blank = is_space(c.value);
    text.remove_prefix(c.size);
  }
  return out;
}

std::string without_final_period(std::string text) {
  const std::string_view body = trim_spaces(text);
  if (body.ends_with('.') && !body.ends_with("..")) {
    text.erase(static_cast<std::size_t>(body.data() - text.data()) + body.size() - 1, 1);
  }
  return text;
}

}  // namespace

CodePoint front(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80U) {
    return {lead, 1};
  }
  const std::size_t size = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || text.size() < size) {
    return {kReplacement, 1};
  }
  char32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) {
      return {kReplacement, 1};
    }
    value = (value << 6U) | (next & 0x3FU);
  }
  return {value, size};
}

CodePoint back(std::string_view text) noexcept {
  const std::size_t most = std::min<std::size_t>(4, text.size());
  for (std::size_t size = 1; size <= most; ++size) {
    const auto byte = static_cast<unsigned char>(text[text.size() - size]);
    if ((byte & 0xC0U) != 0x80U) {
      const CodePoint c = front(text.substr(text.size() - size));
      return c.size == size ? c : CodePoint{kReplacement, 1};
    }
  }
  return {kReplacement, 1};
}

bool is_space(char32_t c) noexcept {
  return within(c, 0x09, 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         within(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_mark(char32_t c) noexcept {
  using Range = std::pair<char32_t, char32_t>;
  static constexpr std::array<Range, 20> kMarks{
      {{0x21, 0x2F},     {0x3A, 0x40},     {0x5B, 0x60},     {0x7B, 0x7E},     {0xA1, 0xA1},
       {0xA7, 0xA7},     {0xAB, 0xAB},     {0xB6, 0xB7},     {0xBB, 0xBB},     {0xBF, 0xBF},
       {0x2010, 0x2027}, {0x2030, 0x205E}, {0x3001, 0x3003}, {0x3008, 0x3011}, {0x3014, 0x301F},
       {0x30FB, 0x30FB}, {0xFF01, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}}};
  return std::ranges::any_of(kMarks, [c](Range r) { return within(c, r.first, r.second); });
}

bool is_word(char32_t c) noexcept {
  if (c < 0x80) {
    return c == U'_' || std::isalnum(static_cast<int>(c)) != 0;
  }
  return !is_space(c) && !is_mark(c) && !is_invisible(c);
}

bool is_blank(std::string_view text) noexcept {
  while (!text.empty()) {
    const CodePoint c = front(text);
    if (!is_space(c.value) && !is_invisible(c.value)) {
      return false;
    }
    text.remove_prefix(c.size);
  }
  return true;
}

std::string_view trim_spaces(std::string_view text) noexcept {
  while (!text.empty() && is_space(front(text).value)) {
    text.remove_prefix(front(text).size);
  }
  while (!text.empty() && is_space(back(text).value)) {
    text.remove_suffix(back(text).size);
  }
  return text;
}

std::string clip(std::string_view text, std::size_t limit) {
  std::size_t size = 0;
  for (std::size_t n = 0; size < text.size(); ++n) {
    if (n == limit) {
      return to_valid_utf8(text.substr(0, size)) + "…";
    }
    size += front(text.substr(size)).size;
  }
  return to_valid_utf8(text);
}

std::string normalize(std::string_view text, const TextRules& rules) {
  std::string out(text);
  if (rules.ignore_case) {
    out = casefold(out);
  } else if (rules.nfc) {
    out = nfc(out);
  }
  if (rules.ignore_punctuation) {
    out = without_marks(out);
  }
  if (rules.ignore_final_period) {
    out = without_final_period(std::move(out));
  }
  if (rules.collapse_space) {
    out = with_single_blanks(out);
  }
  return rules.trim ? std::string(trim_spaces(out)) : out;
}

TextRules read_text_rules(Options& options) {
  const TextRules otherwise;
  return {.nfc = options.flag("nfc", otherwise.nfc),
          .ignore_case = options.flag("ignore_case", otherwise.ignore_case),
          .ignore_punctuation = options.flag("ignore_punctuation", otherwise.ignore_punctuation),
          .ignore_final_period = options.flag("ignore_final_period", otherwise.ignore_final_period),
          .collapse_space = options.flag("collapse_space", otherwise.collapse_space),
          .trim = options.flag("trim", otherwise.trim)};
}

}  // namespace faceoff::score
