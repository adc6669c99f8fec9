#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include <utf8proc.h>

namespace faceoff {
namespace {

// A letter with more marks than this is an attack on the layout, not writing.
constexpr int kMaxMarks = 8;

struct Decoded {
  std::int32_t code = -1;
  std::size_t length = 0;
};

Decoded decode(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    return {static_cast<std::int32_t>(first), 1};
  }
  utf8proc_int32_t code = -1;
  const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                  static_cast<utf8proc_ssize_t>(text.size()),
                                  &code);
  return n > 0 ? Decoded{code, static_cast<std::size_t>(n)} : Decoded{-1, 1};
}

bool is_hidden(std::int32_t c) noexcept {
  return (c >= 0x7F && c <= 0x9F) || c == 0x00AD || c == 0x061C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_mark(std::int32_t c) noexcept {
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

std::string control_picture(std::int32_t c) {
  // U+2400 + code: ␀ ... ␛ ... ␟
  std::string out = "\xE2\x90";
  out += static_cast<char>(0x80 + c);
  return out;
}

// Breaks what a CI runner would read as a command: "##[", "##vso[", "##teamcity[", and "::" where a
// line begins.
std::string break_commands(std::string text) {
  if (text.find("##") == std::string::npos && text.find("::") == std::string::npos) {
    return text;
  }
  constexpr std::array<std::string_view, 3> kMarkers{"##[", "##vso[", "##teamcity["};
  // In one pass: a hostile text may be nothing but markers.
  std::string out;
  out.reserve(text.size());
  bool begins = true;  // only blanks so far on this line
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    const bool marker = text[i] == '#' && std::ranges::any_of(kMarkers, [&](std::string_view m) {
                          return rest.starts_with(m);
                        });
    if (marker) {
      out += "\\u{23}";
    } else if (begins && rest.starts_with("::")) {
      out += "\\u{3A}";
    } else {
      out += text[i];
    }
    begins = text[i] == '\n' || (begins && (text[i] == ' ' || text[i] == '\t'));
  }
  return out;
}

void append_control(std::string& out, std::int32_t code, Lines lines) {
  if (code == '\n') {
    out += lines == Lines::keep ? "\n" : "\xE2\x8F\x8E";  // ⏎
  } else if (code == '\t') {
    out += ' ';
  } else {
    out += control_picture(code);
  }
}

int code_width(std::int32_t code) noexcept {
  return code < 0 ? 1 : utf8proc_charwidth(code);
}

// One grapheme: bytes taken and columns shown.
struct Grapheme {
  std::size_t length = 0;
  std::size_t width = 0;
};

Grapheme next_grapheme(std::string_view text) noexcept {
  Decoded current = decode(text);
  Grapheme g{current.length, static_cast<std::size_t>(code_width(current.code))};
  utf8proc_int32_t state = 0;
  while (g.length < text.size()) {
    const Decoded next = decode(text.substr(g.length));
    if (current.code < 0 || next.code < 0 ||
        utf8proc_grapheme_break_stateful(current.code, next.code, &state) != 0) {
      break;
    }
    g.length += next.length;
    // A joined emoji sequence is as wide as its widest part.
    g.width = std::max(g.width, static_cast<std::size_t>(code_width(next.code)));
    current = next;
  }
  return g;
}

}  // namespace

std::string display_text(std::string_view foreign, Lines lines) {
  std::string out;
  out.reserve(foreign.size());
  int marks = 0;
  while (!foreign.empty()) {
    const Decoded d = decode(foreign);
    if (d.code >= 0x20 && d.code < 0x7F) {
      out += foreign.front();
      marks = 0;
    } else if (d.code < 0) {
      out += "\xEF\xBF\xBD";
      marks = 0;
    } else if (d.code < 0x20) {
      append_control(out, d.code, lines);
      marks = 0;
    } else if (is_hidden(d.code)) {
      out += fmt::format("\\u{{{:X}}}", d.code);
      marks = 0;
    } else {
      marks = is_mark(d.code) ? marks + 1 : 0;
      if (marks <= kMaxMarks) {
        out += foreign.substr(0, d.length);
      }
    }
    foreign.remove_prefix(d.length);
  }
  return break_commands(std::move(out));
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const Grapheme g = next_grapheme(text);
    width += g.width;
    text.remove_prefix(g.length);
  }
  return width;
}

std::string fit_width(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) {
    return std::string(text);
  }
  if (columns == 0) {
    return {};
  }
  std::size_t width = 0;
  std::size_t length = 0;
  while (length < text.size()) {
    const Grapheme g = next_grapheme(text.substr(length));
    if (width + g.width > columns - 1) {
      break;
    }
    width += g.width;
    length += g.length;
  }
  return std::string(text.substr(0, length)) + "\xE2\x80\xA6";  // …
}

std::string pad(std::string_view text, std::size_t columns, Align align) {
  const std::size_t width = display_width(text);
  if (width >= columns) {
    return std::string(text);
  }
  const std::string blanks(columns - width, ' ');
  return align == Align::left ? std::string(text) + blanks : blanks + std::string(text);
}

}  // namespace faceoff
