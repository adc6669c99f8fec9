#pragma once

// Pieces of terminal output that several reports are made of. Private to report.

#include "page.h"
#include "word_diff.h"

#include <faceoff/report/reporter.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace faceoff::report {

// One line with its end and, where colours are on, its styles; blanks at its end are left out.
[[nodiscard]] std::string terminal_line(const Line& line, const RenderOptions& options);
// Title and sections.
[[nodiscard]] std::string terminal_page(const Page& page, const RenderOptions& options);

// Words in lines of at most `width` columns (0: as they were broken), longer words cut up. What
// differs is `mark`ed; without colours it stands between `open` and `close`.
struct DiffLook {
  Style mark = Style::good;
  std::string_view open = "{+";
  std::string_view close = "+}";
};
[[nodiscard]] std::vector<Line> wrap_words(std::vector<DiffWord> words,
                                           std::size_t width,
                                           const DiffLook& look,
                                           const RenderOptions& options);

}  // namespace faceoff::report
