#include "page.h"

#include "sections.h"

#include <algorithm>

namespace faceoff::report {

std::size_t width_of(const Line& line) noexcept {
  std::size_t width = 0;
  for (const Span& span : line) {
    width += display_width(span.text);
  }
  return width;
}

std::vector<std::size_t> Grid::widths() const noexcept {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = width_of(columns[i].header);
    for (const auto& row : rows) {
      width = std::max(width, width_of(row[i]));
    }
    widths.push_back(width);
  }
  return widths;
}

std::size_t Grid::width() const noexcept {
  std::size_t total = 0;
  for (const std::size_t width : widths()) {
    total += width + 2;
  }
  return total;
}

namespace {

void move_to(std::vector<Section>& to, std::vector<Section> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

Page make_page(const Report& report, const Detail& detail) {
  Page page;
  page.title = title_of(report, detail);
  if (detail.layout == Layout::blocks) {
    move_to(page.sections, block_sections(report, detail));
    move_to(page.sections, scorer_sections(report, detail));
  } else {
    move_to(page.sections, score_sections(report, detail));
    move_to(page.sections, scorer_sections(report, detail));
    page.sections.push_back(latency_section(report, detail));
  }
  move_to(page.sections, repeats_sections(report, detail));
  page.sections.push_back(reliability_section(report, detail));
  move_to(page.sections, verdict_sections(report, detail));
  move_to(page.sections, judge_sections(report, detail));
  move_to(page.sections, gate_sections(report, detail));
  move_to(page.sections, note_sections(report));
  return page;
}

}  // namespace faceoff::report
