#include "json.h"

#include <faceoff/base/text.h>
#include <faceoff/store/json_line.h>

#include <cmath>

namespace faceoff::store {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20U && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4U];
      out += kHex[static_cast<unsigned char>(c) & 0xFU];
  }
}

}  // namespace

JsonLine& JsonLine::value(double number) {
  if (!std::isfinite(number)) {
    return null();
  }
  char digits[64];
  const char* const end = nlohmann::detail::to_chars(digits, digits + sizeof digits, number);
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

void JsonLine::write_text(std::string_view text) {
  if (!is_valid_utf8(text)) {
    out_ += dump(Json(text));  // what is no UTF-8 becomes U+FFFD, by its rules
    return;
  }
  out_ += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_plain(text[i])) {
      out_ += text.substr(begin, i - begin);
      append_escaped(out_, text[i]);
      begin = i + 1;
    }
  }
  out_ += text.substr(begin);
  out_ += '"';
}

}  // namespace faceoff::store
