#include "markdown_parts.h"
#include "media.h"
#include "sections.h"

#include <faceoff/report/reporter.h>

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::size_t kMostQuoteLines = 20;

// Headings are bold by themselves.
Line plain(Line line) {
  for (Span& span : line) {
    span.style = Style::plain;
  }
  return line;
}

std::string inline_text(const Line& line, Place place) {
  std::string out;
  for (const Span& span : line) {
    if (span.foreign) {
      out += code_span(span.text, place);
    } else if (span.style == Style::bold && !trim(span.text).empty()) {
      const std::string_view word = trim(span.text);
      const auto at = span.text.find(word);
      out += span.text.substr(0, at) + "**" + std::string(word) + "**" +
             span.text.substr(at + word.size());
    } else {
      out += span.text;
    }
  }
  return out;
}

void write_grid(const Grid& grid, std::size_t most_rows, std::string& out) {
  const auto row = [&](const auto& text_of) {
    out += '|';
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      const std::string text = text_of(i);
      out += ' ' + std::string(trim(text)) + " |";
    }
    out += '\n';
  };
  row([&](std::size_t i) { return inline_text(grid.columns[i].header, Place::table_cell); });
  row([&](std::size_t i) {
    return std::string(grid.columns[i].align == Align::right ? "---:" : ":---");
  });
  // The last row of a table sums up the others.
  const std::size_t kept = grid.rows.size() > most_rows ? most_rows - 1 : grid.rows.size();
  for (std::size_t r = 0; r < grid.rows.size(); ++r) {
    if (r < kept || r + 1 == grid.rows.size()) {
      row([&](std::size_t i) { return inline_text(grid.rows[r][i], Place::table_cell); });
    }
  }
  out += '\n';
  if (kept < grid.rows.size()) {
    out += fmt::format("{} more rows are left out here.\n\n", grid.rows.size() - kept - 1);
  }
}

void write_quote(const Quote& quote, std::string& out) {
  out += inline_text(quote.intro, Place::text) + ":\n\n" + code_fence(quote.text, kMostQuoteLines) +
         '\n';
}

void write_paragraphs(const std::vector<Paragraph>& paragraphs, std::string& out) {
  bool under_lead = false;
  for (const Paragraph& paragraph : paragraphs) {
    if (paragraph.lead.empty()) {
      out += under_lead ? "  - " : "- ";
    } else {
      under_lead = true;
      out += "- " + inline_text(paragraph.lead, Place::text) + ": ";
    }
    out += inline_text(paragraph.text, Place::text) + '\n';
  }
  if (!paragraphs.empty()) {
    out += '\n';
  }
}

}  // namespace

std::string markdown_heading(int level, Line line) {
  return std::string(static_cast<std::size_t>(level), '#') + ' ' +
         inline_text(plain(std::move(line)), Place::text) + "\n\n";
}

std::string markdown_section(const Section& section, int level, std::size_t most_rows) {
  std::string out = markdown_heading(level, section.heading);
  if (!section.grid.columns.empty()) {
    write_grid(section.grid, most_rows, out);
  }
  if (!section.legend.empty()) {
    out += inline_text(section.legend, Place::text) + "\n\n";
  }
  write_paragraphs(section.paragraphs, out);
  for (const Quote& quote : section.quotes) {
    write_quote(quote, out);
  }
  for (const Line& note : section.footnotes) {
    out += inline_text(note, Place::text) + "\n\n";
  }
  return out;
}

std::string write_markdown(const Report& report, const RenderOptions& options) {
  static_cast<void>(options);
  Detail detail;
  detail.glyphs = unicode_glyphs();
  const Page page = make_page(report, detail);
  std::string out = markdown_heading(2, page.title);
  for (const Section& section : page.sections) {
    out += markdown_section(section, 3);
  }
  out.pop_back();
  return out;
}

}  // namespace faceoff::report
