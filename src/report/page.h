#pragma once

#include <faceoff/base/text.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace faceoff::report {

enum class Style : std::uint8_t { plain, bold, dim, good, bad };

// A piece of text with one look. Foreign pieces (names, hosts, ids) are safe for a terminal already
// but not for Markdown, and are never broken over two lines: a line must not begin with their
// middle.
struct Span {
  std::string text;
  Style style = Style::plain;
  bool foreign = false;
  bool whole = false;  // never cut, even where it is too wide: a command line to copy
};
using Line = std::vector<Span>;

[[nodiscard]] std::size_t width_of(const Line& line) noexcept;

struct GridColumn {
  Line header;
  Align align = Align::left;
};

struct Grid {
  std::vector<GridColumn> columns;
  std::vector<std::vector<Line>> rows;

  // Columns on a terminal: indentation 2, gaps 2.
  [[nodiscard]] std::size_t width() const noexcept;
  [[nodiscard]] std::vector<std::size_t> widths() const noexcept;
};

// A statement with what it is about in front.
struct Paragraph {
  Line lead;
  Line text;
};

// Text from a server or a model, to be shown as it came and marked as such.
struct Quote {
  Line intro;
  std::string text;  // raw
};

// What a report shows, before it is Markdown or terminal text: a heading, then whichever parts
// there are.
struct Section {
  Line heading;
  Line legend;  // at the heading's right
  Grid grid;
  std::vector<Paragraph> paragraphs;
  std::vector<Quote> quotes;
  std::vector<Line> footnotes;
};

struct Page {
  Line title;
  std::vector<Section> sections;
};

}  // namespace faceoff::report
