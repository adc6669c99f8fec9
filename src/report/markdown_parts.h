#pragma once

// Sections of a page as GitHub Markdown. Private to report.

#include "page.h"

#include <cstddef>
#include <string>

namespace faceoff::report {

// Foreign spans become code spans.
[[nodiscard]] std::string markdown_heading(int level, Line line);
// Heading, table, statements, quotes and notes; ends in an empty line. Of a table at most
// `most_rows` rows, with a line that counts the others.
[[nodiscard]] std::string markdown_section(const Section& section,
                                           int level,
                                           std::size_t most_rows = static_cast<std::size_t>(-1));

}  // namespace faceoff::report
