#include "media.h"

#include <faceoff/base/text.h>
#include <faceoff/report/annotation.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::size_t kMostColumns = 500;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// In one pass: text may be megabytes of nothing but `from`.
void replace_all(std::string& text, std::string_view from, std::string_view to) {
  auto at = text.find(from);
  if (at == std::string::npos) {
    return;
  }
  std::string out;
  std::size_t done = 0;
  for (; at != std::string::npos; at = text.find(from, done)) {
    out.append(text, done, at - done);
    out += to;
    done = at + from.size();
  }
  out.append(text, done);
  text = std::move(out);
}

std::string escape_xml(std::string_view foreign) {
  std::string text = display_text(foreign, Lines::keep);
  // U+FFFE and U+FFFF are code points, but no characters of XML.
  replace_all(text, "\xEF\xBF\xBE", kReplacement);
  replace_all(text, "\xEF\xBF\xBF", kReplacement);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::size_t longest_run(std::string_view text, char c) noexcept {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char at : text) {
    run = at == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// Spreadsheets skip blanks, and what cannot be seen, before they look for the sign of a formula.
bool looks_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 9> kSkipped{" ",
                                                     "\t",
                                                     "\r",
                                                     "\n",
                                                     "\xC2\xA0",       // no-break space
                                                     "\xE3\x80\x80",   // ideographic space
                                                     "\xE2\x80\x8B",   // zero-width space
                                                     "\xEF\xBB\xBF",   // byte order mark
                                                     "\xE2\x81\xA0"};  // word joiner
  constexpr std::array<std::string_view, 8> kSigns{"=",
                                                   "+",
                                                   "-",
                                                   "@",
                                                   "\xEF\xBC\x9D",   // full-width equals sign
                                                   "\xEF\xBC\x8B",   // plus
                                                   "\xEF\xBC\x8D",   // minus
                                                   "\xEF\xBC\xA0"};  // at
  if (text.starts_with('\t') || text.starts_with('\r')) {
    return true;
  }
  const auto begins = [&text](std::string_view sign) { return text.starts_with(sign); };
  while (true) {
    const auto* const skipped = std::ranges::find_if(kSkipped, begins);
    if (skipped == kSkipped.end()) {
      return std::ranges::any_of(kSigns, begins);
    }
    text.remove_prefix(skipped->size());
  }
}

std::string command_data(std::string_view foreign) {
  std::string text = display_text(foreign);
  replace_all(text, "%", "%25");
  return text;
}

std::string command_property(std::string_view foreign) {
  std::string text = command_data(foreign);
  replace_all(text, ":", "%3A");
  replace_all(text, ",", "%2C");
  return text;
}

}  // namespace

std::string xml_text(std::string_view foreign) {
  return escape_xml(foreign);
}

std::string xml_attribute(std::string_view foreign) {
  std::string text = escape_xml(foreign);
  replace_all(text, "\n", "&#10;");
  return text;
}

std::string csv_field(std::string_view foreign, CsvText kind) {
  std::string text;
  if (kind == CsvText::raw) {
    text = to_valid_utf8(foreign);
    replace_all(text, std::string_view("\0", 1), kReplacement);
  } else {
    text = display_text(foreign, Lines::keep);
    // Asked of both: a sign hidden behind zero-width characters stands behind their escapes now.
    if (looks_like_formula(foreign) || looks_like_formula(text)) {
      text.insert(0, "'");
    }
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  replace_all(text, "\"", "\"\"");
  return '"' + text + '"';
}

std::string code_span(std::string_view foreign, Place place) {
  const std::string text = display_text(foreign);
  const std::string ticks(longest_run(text, '`') + 1, '`');
  const bool guard = text.empty() || text.front() == '`' || text.back() == '`' ||
                     text.front() == ' ' || text.back() == ' ';
  std::string inner;
  for (const char c : text) {
    // A table cell ends at a bar even inside a code span.
    if (c == '|' && place == Place::table_cell) {
      inner += '\\';
    }
    inner += c;
  }
  const std::string blank = guard ? " " : "";
  return ticks + blank + inner + blank + ticks;
}

std::string code_fence(std::string_view foreign, std::size_t most_lines) {
  const std::string shown = display_text(foreign, Lines::keep);
  const std::string fence(std::max<std::size_t>(3, longest_run(shown, '`') + 1), '`');
  std::string out = fence + "text\n";
  std::size_t count = 0;
  for (const std::string_view line : split(shown, '\n')) {
    if (++count > most_lines) {
      out += "…\n";
      break;
    }
    out += fit_width(line, kMostColumns) + '\n';
  }
  return out + fence + "\n";
}

std::string hidden_marker(std::string_view foreign) {
  std::string name;
  for (const char c : foreign) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("._:/").find(c) != std::string_view::npos;
    // Two hyphens in a row would end the comment.
    if (plain) {
      name += c;
    } else if (!name.ends_with('-')) {
      name += '-';
    }
  }
  return "<!-- " + name + " -->\n";
}

std::string annotation(Level level,
                       std::string_view title,
                       std::string_view message,
                       const SourcePlace& place) {
  std::string properties;
  const auto add = [&properties](std::string_view name, const std::string& value) {
    properties += fmt::format("{}{}={}", properties.empty() ? " " : ",", name, value);
  };
  if (!place.file.empty()) {
    add("file", command_property(place.file));
  }
  if (place.line > 0) {
    add("line", std::to_string(place.line));
    add("col", std::to_string(place.column));
  }
  add("title", command_property(title));
  const std::string_view word = level == Level::error     ? "error"
                                : level == Level::warning ? "warning"
                                                          : "notice";
  return fmt::format("::{}{}::{}\n", word, properties, command_data(message));
}

std::string metric_label(std::string_view foreign) {
  std::string out = "\"";
  for (const char c : display_text(foreign)) {
    if (c == '\\' || c == '"') {
      out += '\\';
    }
    out += c;
  }
  return out + '"';
}

}  // namespace faceoff::report
