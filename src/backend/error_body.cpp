#include "error_body.h"

#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <cctype>

namespace faceoff::backend {
namespace {

// Beyond this nothing of a foreign text can get into a message.
constexpr std::size_t kMaxSaid = 4096;

std::string text_or_number(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (value == nullptr) {
    return {};
  }
  if (value->is_string()) {
    return value->get<std::string>();
  }
  return value->is_number() ? dump_json(*value) : std::string();
}

std::string read_detail(const Json& detail) {
  if (detail.is_string()) {
    return detail.get<std::string>();
  }
  if (detail.is_array() && !detail.empty()) {
    return std::string(text_of(detail.front(), "msg"));
  }
  return detail.is_object() ? std::string(text_of(detail, "message")) : std::string();
}

std::string page_title(std::string_view body) {
  const std::string lower = ascii_lower(body.substr(0, kMaxSaid));
  const std::size_t begin = lower.find("<title>");
  const std::size_t end = lower.find("</title>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return "a web page";
  }
  const std::size_t from = begin + std::string_view("<title>").size();
  return std::string(trim(body.substr(from, end - from)));
}

// A key that a server echoes with stars in the middle has no shape that the redactor knows.
void mask_echoed_keys(std::string& text) {
  static constexpr std::string_view kMark = "sk-";
  for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1)) {
    if (at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0) {
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \t\r\n'\"`,;)", at), text.size());
    text.replace(at, end - at, "[redacted]");
  }
}

std::string safe_text(std::string_view said) {
  // Redacted before it is cut: half a key would not be recognised.
  std::string text = redactor().redact(said);
  mask_echoed_keys(text);
  return display_text(trim(std::string_view(text).substr(0, kMaxSaid)), Lines::flatten);
}

std::string cut(const std::string& text, std::size_t code_points) {
  if (count_code_points(text) <= code_points) {
    return text;
  }
  std::string out;
  std::size_t seen = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (begins && ++seen >= code_points) {
      break;
    }
    out += c;
  }
  return code_points == 0 ? std::string() : out + "…";
}

}  // namespace

ErrorBody read_error_object(const Json& value) {
  ErrorBody body;
  body.is_json = true;
  if (value.is_array()) {
    return value.empty() || value.front().is_array() ? body : read_error_object(value.front());
  }
  if (value.is_string()) {
    body.message = value.get<std::string>();
    return body;
  }
  const Json* error = member(value, "error");
  if (error != nullptr && error->is_string()) {
    body.message = error->get<std::string>();
    return body;
  }
  const Json& object = error != nullptr && error->is_object() ? *error : value;
  body.message = text_of(object, "message");
  body.type = text_of(object, "type");
  body.code = text_or_number(object, "code");
  body.parameter = text_of(object, "param");
  if (const Json* inner = member(object, "innererror")) {
    body.inner = text_or_number(*inner, "code");
  } else if (const Json* details = member(object, "details")) {
    body.inner = text_or_number(*details, "error_code");
  }
  if (body.message.empty()) {
    if (const Json* detail = member(object, "detail")) {
      body.message = read_detail(*detail);
    }
  }
  return body;
}

ErrorBody read_error_body(std::string_view body) {
  body = trim(body);
  if (body.starts_with('{') || body.starts_with('[')) {
    if (const auto value = parse_untrusted(body)) {
      return read_error_object(*value);
    }
  }
  ErrorBody error;
  if (body.starts_with('<')) {
    error.message = page_title(body);
  } else {
    error.message = std::string(trim(body.substr(0, std::min(body.find('\n'), kMaxSaid))));
  }
  return error;
}

std::string compose_message(std::string_view head, std::string_view said, std::string_view remedy) {
  const std::string safe_head = safe_text(head);
  const std::string safe_said = safe_text(said);
  std::string tail = remedy.empty() ? std::string() : "; " + std::string(remedy);
  if (safe_said.empty()) {
    return cut(safe_head + tail, kMaxMessage);
  }
  // : '' take four places.
  const std::size_t used = count_code_points(safe_head) + count_code_points(tail) + 4;
  const std::size_t room = used < kMaxMessage ? kMaxMessage - used : 0;
  return cut(safe_head + ": '" + cut(safe_said, room) + "'" + tail, kMaxMessage);
}

}  // namespace faceoff::backend
