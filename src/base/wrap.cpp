#include <faceoff/base/text.h>
#include <faceoff/base/wrap.h>

#include <algorithm>

namespace faceoff {
namespace {

void wrap_line(std::string_view line, std::size_t width, std::size_t hang, std::string& out) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  // A deep indentation would leave no room for words.
  const std::size_t deep = std::min(indent + hang, width / 2);
  std::size_t used = indent;
  out.append(indent, ' ');
  bool first = true;
  for (std::size_t at = indent; at < line.size();) {
    const std::size_t word = std::min(line.find_first_not_of(' ', at), line.size());
    const std::size_t end = std::min(line.find(' ', word), line.size());
    const std::size_t columns = visible_width(line.substr(word, end - word));
    if (!first && used + (word - at) + columns > width) {
      out += '\n';
      out.append(deep, ' ');
      used = deep;
    } else {
      out += line.substr(at, word - at);
      used += word - at;
    }
    out += line.substr(word, end - word);
    used += columns;
    at = end;
    first = false;
  }
}

}  // namespace

std::size_t visible_width(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      i = std::min(text.find('m', i), text.size() - 1);
      continue;
    }
    plain += text[i];
  }
  return display_width(plain);
}

std::string wrap_text(std::string_view text, std::size_t width, std::size_t hang) {
  if (width == 0) {
    return std::string(text);
  }
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (visible_width(line) <= width) {
      out += line;
    } else {
      wrap_line(line, width, hang, out);
    }
    if (end < text.size()) {
      out += '\n';
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace faceoff
