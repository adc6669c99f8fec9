#include "json.h"

#include <faceoff/base/json_escape.h>
#include <faceoff/base/text.h>
#include <faceoff/store/json_line.h>

#include <algorithm>
#include <cmath>

namespace faceoff::store {

JsonLine& JsonLine::value(double number) {
  if (!std::isfinite(number)) {
    return null();
  }
  char digits[64];
  const char* const end = nlohmann::detail::to_chars(digits, digits + sizeof digits, number);
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonLine& JsonLine::value(std::string_view text) {
  if (!is_valid_utf8(text)) {
    return raw(dump(Json(text)));  // what is no UTF-8 becomes U+FFFD, by its rules
  }
  const bool plain = std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x20U && c != '"' && c != '\\'; });
  if (!plain || text.empty()) {
    return raw(json_quoted(text));
  }
  char* at = room(text.size() + 3);
  at += put_comma(at);
  *at++ = '"';
  std::memcpy(at, text.data(), text.size());
  at += text.size();
  *at++ = '"';
  used_ = static_cast<std::size_t>(at - out_.data());
  return *this;
}

}  // namespace faceoff::store
