#include "source_text.h"

#include "mistake.h"

#include <faceoff/base/text.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

bool continues(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool looks_like_utf16(std::string_view text) noexcept {
  if (text.size() < 2) {
    return false;
  }
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         (text[0] == '\0') != (text[1] == '\0');
}

// Byte offset where `line` begins.
std::optional<std::size_t> line_offset(const Source& source, std::uint32_t line) noexcept {
  if (line < source.first_line) {
    return std::nullopt;
  }
  std::size_t offset = 0;
  for (std::uint32_t at = source.first_line; at < line; ++at) {
    offset = source.text.find('\n', offset);
    if (offset == std::string::npos) {
      return std::nullopt;
    }
    ++offset;
  }
  return offset;
}

}  // namespace

LineTable::LineTable(const Source& source) : first_line_(source.first_line) {
  starts_.push_back(0);
  std::size_t code_points = 0;
  for (const char c : source.text) {
    code_points += continues(c) ? 0U : 1U;
    if (c == '\n') {
      starts_.push_back(code_points);
    }
  }
}

Mark LineTable::mark(std::size_t code_point) const noexcept {
  const auto next = std::ranges::upper_bound(starts_, code_point);
  const auto line = static_cast<std::size_t>(next - starts_.begin()) - 1;
  return {first_line_ + static_cast<std::uint32_t>(line),
          static_cast<std::uint32_t>(code_point - starts_[line] + 1)};
}

Mark Cursor::at(std::size_t offset) noexcept {
  for (; offset_ < offset; ++offset_) {
    const char c = text_[offset_];
    if (c == '\n') {
      ++mark_.line;
      mark_.column = 1;
    } else if (!continues(c)) {
      ++mark_.column;
    }
  }
  return mark_;
}

std::optional<std::string_view> line_text(const Source& source, std::uint32_t line) noexcept {
  const auto begin = line_offset(source, line);
  if (!begin) {
    return std::nullopt;
  }
  std::string_view text = std::string_view(source.text).substr(*begin);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<std::size_t> offset_of(const Source& source, Mark mark) noexcept {
  auto offset = line_offset(source, mark.line);
  if (!offset) {
    return std::nullopt;
  }
  for (std::uint32_t column = 1; column < mark.column; ++column) {
    if (*offset >= source.text.size() || source.text[*offset] == '\n') {
      return std::nullopt;
    }
    do {
      ++*offset;
    } while (*offset < source.text.size() && continues(source.text[*offset]));
  }
  return offset;
}

Mark mark_at(const Source& source, std::size_t offset) noexcept {
  Cursor cursor(source.text, {source.first_line, 1});
  return cursor.at(std::min(offset, source.text.size()));
}

bool check_encoding(const SourcePtr& source, Diagnostics& diagnostics) {
  const Mark start{source->first_line, 1};
  if (looks_like_utf16(source->text)) {
    Diagnostic diagnostic = mistake(
        source, {start, start}, "file::utf-16", "the file is not UTF-8; it looks like UTF-16");
    diagnostic.help = "save it as UTF-8";
    diagnostics.add(std::move(diagnostic));
    return false;
  }
  if (const auto bad = first_invalid_utf8(source->text)) {
    const Mark mark = mark_at(*source, *bad);
    const auto byte = static_cast<unsigned char>(source->text[*bad]);
    Diagnostic diagnostic = mistake(source,
                                    {mark, {mark.line, mark.column + 1}},
                                    "file::invalid-utf-8",
                                    fmt::format("the byte 0x{:02X} is not valid UTF-8", byte));
    diagnostic.help = "save the file as UTF-8";
    diagnostics.add(std::move(diagnostic));
    return false;
  }
  return true;
}

}  // namespace faceoff::doc
