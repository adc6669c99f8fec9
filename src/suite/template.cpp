#include <faceoff/base/text.h>
#include <faceoff/suite/template.h>

#include <algorithm>

namespace faceoff::suite {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kEscapedOpen = "\\{{";

TemplateError error(TemplateError::Kind kind,
                    std::size_t offset,
                    std::size_t length,
                    std::string_view name = {}) {
  return {kind, offset, length, std::string(name)};
}

}  // namespace

bool is_variable_name(std::string_view name) noexcept {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

std::variant<std::string, TemplateError> render(std::string_view text, const Lookup& lookup) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = std::min(text.find(kOpen, at), text.size());
    const bool escaped = open > at && open < text.size() && text[open - 1] == kEscapedOpen[0];
    out += text.substr(at, open - at - (escaped ? 1 : 0));
    if (out.size() > kMaxRendered) {
      return error(TemplateError::Kind::too_large, open, 0);
    }
    if (open == text.size()) {
      return out;
    }
    if (escaped) {
      out += kOpen;
      at = open + kOpen.size();
      continue;
    }
    const std::size_t begin = open + kOpen.size();
    // A name does not go on in the next line, nor hold a brace: the closing ones are missing there.
    const std::size_t close = text.find_first_of("{}\n", begin);
    if (close == std::string_view::npos || text.compare(close, kClose.size(), kClose) != 0) {
      return error(TemplateError::Kind::unclosed, open, kOpen.size());
    }
    const std::string_view name = trim(text.substr(begin, close - begin));
    const std::size_t length = close + kClose.size() - open;
    if (!is_variable_name(name)) {
      return error(TemplateError::Kind::bad_name, open, length, name);
    }
    const auto value = lookup(name);
    if (!value) {
      return error(TemplateError::Kind::unknown_name, open, length, name);
    }
    if (out.size() + value->size() > kMaxRendered) {
      return error(TemplateError::Kind::too_large, open, length, name);
    }
    out += *value;
    at = open + length;
  }
}

}  // namespace faceoff::suite
