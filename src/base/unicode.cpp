#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace faceoff {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kSmallSigma = 0x3C3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr char32_t kDottedCapitalI = 0x130;

struct Free {
  void operator()(utf8proc_uint8_t* p) const noexcept { std::free(p); }
};

utf8proc_category_t category(char32_t c) noexcept {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool is_ascii(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

bool is_cased(char32_t c) noexcept {
  const CharClass found = char_class(c);
  return found == CharClass::upper || found == CharClass::lower;
}

// A sigma behind a letter and before none.
bool is_final(std::u32string_view text, std::size_t at) noexcept {
  const bool behind = at > 0 && is_cased(text[at - 1]);
  return behind && (at + 1 == text.size() || !is_cased(text[at + 1]));
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

}  // namespace

CharClass char_class(char32_t c) noexcept {
  switch (category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
      return CharClass::upper;
    case UTF8PROC_CATEGORY_LL:
      return CharClass::lower;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return CharClass::letter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return CharClass::mark;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharClass::number;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      return CharClass::punctuation;
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
      return CharClass::symbol;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharClass::separator;
    default:
      return CharClass::other;
  }
}

bool is_word_char(char32_t c) noexcept {
  if (c < 0x80) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') ||
           c == U'_';
  }
  switch (char_class(c)) {
    case CharClass::upper:
    case CharClass::lower:
    case CharClass::letter:
    case CharClass::number:
      return true;
    default:
      return false;
  }
}

bool is_decimal_digit(char32_t c) noexcept {
  return c < 0x80 ? c >= U'0' && c <= U'9' : category(c) == UTF8PROC_CATEGORY_ND;
}

char32_t to_lower(char32_t c) noexcept {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

char32_t to_upper(char32_t c) noexcept {
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

std::string lower(std::string_view text) {
  if (is_ascii(text)) {
    return ascii_lower(text);
  }
  const std::u32string wide = to_utf32(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < wide.size(); ++i) {
    if (wide[i] == kCapitalSigma) {
      append(out, is_final(wide, i) ? kFinalSigma : kSmallSigma);
    } else if (wide[i] == kDottedCapitalI) {
      out += "i\xCC\x87";
    } else {
      append(out, to_lower(wide[i]));
    }
  }
  return out;
}

std::string fold_case(std::string_view text) {
  if (is_ascii(text)) {
    return ascii_lower(text);
  }
  const std::string valid = to_valid_utf8(text);
  utf8proc_uint8_t* raw = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                 static_cast<utf8proc_ssize_t>(valid.size()),
                                 &raw,
                                 UTF8PROC_CASEFOLD);
  const std::unique_ptr<utf8proc_uint8_t, Free> mapped(raw);
  return size < 0 ? valid
                  : std::string(reinterpret_cast<const char*>(mapped.get()),
                                static_cast<std::size_t>(size));
}

std::u32string to_utf32(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80U) {
      out += static_cast<char32_t>(text.front());
      text.remove_prefix(1);
      continue;
    }
    utf8proc_int32_t code = -1;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()),
                                    &code);
    const bool valid = n > 0 && code >= 0;
    out += valid ? static_cast<char32_t>(code) : U'\uFFFD';
    text.remove_prefix(valid ? static_cast<std::size_t>(n) : 1);
  }
  return out;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    append(out, c);
  }
  return out;
}

}  // namespace faceoff
