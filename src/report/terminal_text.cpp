#include "terminal_text.h"

#include <faceoff/base/text.h>

#include <utility>

namespace faceoff::report {
namespace {

std::string_view ansi(Style style) noexcept {
  switch (style) {
    case Style::bold:
      return "\033[1m";
    case Style::dim:
      return "\033[2m";
    case Style::good:
      return "\033[32m";
    case Style::bad:
      return "\033[31m";
    case Style::plain:
      break;
  }
  return {};
}

// The first characters of `word` that take at most `columns`, at least one.
std::size_t bytes_within(std::string_view word, std::size_t columns) {
  std::size_t length = 0;
  while (length < word.size()) {
    std::size_t next = length + 1;
    while (next < word.size() && (static_cast<unsigned char>(word[next]) & 0xC0U) == 0x80U) {
      ++next;
    }
    if (length > 0 && display_width(word.substr(0, next)) > columns) {
      break;
    }
    length = next;
  }
  return length;
}

}  // namespace

std::string terminal_line(const Line& line, const RenderOptions& options) {
  std::string out;
  Style now = Style::plain;
  const auto switch_style = [&](Style to) {
    if (!options.colour || now == to) {
      return;
    }
    if (now != Style::plain) {
      out += "\033[0m";
    }
    out += ansi(to);
    now = to;
  };
  std::size_t last = line.size();
  while (last > 0 && trim(line[last - 1].text).empty()) {
    --last;
  }
  for (std::size_t i = 0; i < last; ++i) {
    std::string_view text = line[i].text;
    if (i + 1 == last) {
      text = text.substr(0, text.find_last_not_of(' ') + 1);
    }
    switch_style(line[i].style);
    out += text;
  }
  switch_style(Style::plain);
  return out + '\n';
}

std::vector<Line> wrap_words(std::vector<DiffWord> words,
                             std::size_t width,
                             const DiffLook& look,
                             const RenderOptions& options) {
  if (!options.colour) {
    // Neighbours that differ share their brackets.
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool differs = words[i].differs && !words[i].text.empty();
      const bool first = i == 0 || words[i].begins_line || !words[i - 1].differs;
      const bool last = i + 1 == words.size() || words[i + 1].begins_line || !words[i + 1].differs;
      if (differs && first) {
        const auto at = words[i].text.find_first_not_of(' ');
        words[i].text.insert(at == std::string::npos ? 0 : at, look.open);
      }
      if (differs && last) {
        words[i].text += look.close;
      }
    }
  }
  std::vector<Line> lines;
  std::size_t used = 0;
  for (const DiffWord& word : words) {
    const Style style = word.differs ? look.mark : Style::plain;
    std::string_view rest = word.text;
    if (word.begins_line || lines.empty()) {
      lines.emplace_back();
      used = 0;
    } else if (width > 0 && used > 0 && used + 1 + display_width(rest) > width) {
      lines.emplace_back();
      used = 0;
    } else if (used > 0) {
      lines.back().push_back({" ", Style::plain});
      ++used;
    }
    while (width > 0 && display_width(rest) > width - used) {
      const std::size_t taken = bytes_within(rest, width - used);
      lines.back().push_back({std::string(rest.substr(0, taken)), style, true});
      rest.remove_prefix(taken);
      lines.emplace_back();
      used = 0;
    }
    lines.back().push_back({std::string(rest), style, true});
    used += display_width(rest);
  }
  return lines;
}

}  // namespace faceoff::report
