#pragma once

#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// Lines end with \n alone, whatever else a format calls a line break: places then agree with what
// editors show.

// Places of code point offsets, in any order.
class LineTable {
 public:
  explicit LineTable(const Source& source);
  [[nodiscard]] Mark mark(std::size_t code_point) const noexcept;

 private:
  std::vector<std::size_t> starts_;  // of each line, in code points
  std::uint32_t first_line_;
};

// Places of byte offsets that never decrease. A view of the text that it is given.
class Cursor {
 public:
  Cursor(std::string_view text, Mark start) noexcept : text_(text), mark_(start) {}
  // REQUIRES: offset is not less than in the call before.
  [[nodiscard]] Mark at(std::size_t offset) noexcept;

 private:
  std::string_view text_;
  Mark mark_;
  std::size_t offset_ = 0;
};

// The line that holds `line` (counted as in the file), without its line break; nullopt when the
// text has no such line.
[[nodiscard]] std::optional<std::string_view> line_text(const Source& source,
                                                        std::uint32_t line) noexcept;

// Reports UTF-16 and bytes that are not UTF-8.
[[nodiscard]] bool check_encoding(const SourcePtr& source, Diagnostics& diagnostics);

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace faceoff::doc
