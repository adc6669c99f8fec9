#include "response_head.h"

#include <faceoff/base/text.h>

#include <charconv>
#include <optional>
#include <utility>

namespace faceoff::net {
namespace {

constexpr int kSwitchingProtocols = 101;
constexpr int kFirstFinal = 200;

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

ResponseHead::Line ResponseHead::add(std::string_view line) {
  line = without_line_end(line);
  if (complete_) {
    return Line::trailer;
  }
  if (headers_.status == 0) {
    begin(line);
    return Line::begins;
  }
  if (line.empty()) {
    return end();
  }
  if ((line.front() == ' ' || line.front() == '\t') && !headers_.headers.empty()) {
    headers_.headers.back().second.append(" ").append(trim(line));
    return Line::more;
  }
  const std::size_t colon = line.find(':');
  const std::string_view value =
      colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  headers_.headers.emplace_back(trim(line.substr(0, colon)), trim(value));
  return Line::more;
}

Headers ResponseHead::take() {
  return std::exchange(headers_, Headers{});
}

void ResponseHead::clear() {
  headers_ = Headers{};
  complete_ = false;
}

void ResponseHead::begin(std::string_view status_line) {
  const std::size_t blank = status_line.find(' ');
  const std::string_view code =
      status_line.substr(blank == std::string_view::npos ? status_line.size() : blank + 1);
  std::from_chars(code.data(), code.data() + code.size(), headers_.status);
}

ResponseHead::Line ResponseHead::end() {
  if (headers_.status < kFirstFinal && headers_.status != kSwitchingProtocols) {
    headers_ = Headers{};
    return Line::interim;
  }
  complete_ = true;
  return lengths_agree() ? Line::complete : Line::conflict;
}

bool ResponseHead::lengths_agree() const {
  std::optional<std::string_view> length;
  for (const auto& [name, value] : headers_.headers) {
    if (!iequals_ascii(name, "Content-Length")) {
      continue;
    }
    for (const std::string_view part : split(value, ',')) {
      if (length && *length != trim(part)) {
        return false;
      }
      length = trim(part);
    }
  }
  return true;
}

}  // namespace faceoff::net
