#include "sections.h"

#include <faceoff/report/reporter.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace faceoff::report {
namespace {

constexpr std::size_t kMostQuoteLines = 20;
constexpr std::size_t kMostQuoteColumns = 500;

std::size_t longest_run(std::string_view text, char c) noexcept {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char at : text) {
    run = at == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// In a code span nothing is a mention, a link, an image or HTML. A table cell ends at a bar even
// there, unless it is escaped.
std::string code_span(std::string_view text, bool in_table) {
  const std::string ticks(longest_run(text, '`') + 1, '`');
  const bool guard = text.empty() || text.front() == '`' || text.back() == '`' ||
                     text.front() == ' ' || text.back() == ' ';
  std::string inner;
  for (const char c : text) {
    if (c == '|' && in_table) {
      inner += '\\';
    }
    inner += c;
  }
  const std::string blank = guard ? " " : "";
  return ticks + blank + inner + blank + ticks;
}

// Headings are bold by themselves.
Line plain(Line line) {
  for (Span& span : line) {
    span.style = Style::plain;
  }
  return line;
}

std::string inline_text(const Line& line, bool in_table) {
  std::string out;
  for (const Span& span : line) {
    if (span.foreign) {
      out += code_span(span.text, in_table);
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

void write_grid(const Grid& grid, std::string& out) {
  const auto row = [&](const auto& text_of) {
    out += '|';
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      const std::string text = text_of(i);
      out += ' ' + std::string(trim(text)) + " |";
    }
    out += '\n';
  };
  row([&](std::size_t i) { return inline_text(grid.columns[i].header, true); });
  row([&](std::size_t i) {
    return std::string(grid.columns[i].align == Align::right ? "---:" : ":---");
  });
  for (const auto& cells : grid.rows) {
    row([&](std::size_t i) { return inline_text(cells[i], true); });
  }
  out += '\n';
}

void write_quote(const Quote& quote, std::string& out) {
  out += inline_text(quote.intro, false) + ":\n\n";
  const std::string shown = display_text(quote.text, Lines::keep);
  const std::string fence(std::max<std::size_t>(3, longest_run(shown, '`') + 1), '`');
  out += fence + "text\n";
  std::size_t count = 0;
  for (const std::string_view line : split(shown, '\n')) {
    if (++count > kMostQuoteLines) {
      out += "…\n";
      break;
    }
    out += fit_width(line, kMostQuoteColumns) + '\n';
  }
  out += fence + "\n\n";
}

void write_paragraphs(const std::vector<Paragraph>& paragraphs, std::string& out) {
  bool under_lead = false;
  for (const Paragraph& paragraph : paragraphs) {
    if (paragraph.lead.empty()) {
      out += under_lead ? "  - " : "- ";
    } else {
      under_lead = true;
      out += "- " + inline_text(paragraph.lead, false) + ": ";
    }
    out += inline_text(paragraph.text, false) + '\n';
  }
  if (!paragraphs.empty()) {
    out += '\n';
  }
}

}  // namespace

std::string write_markdown(const Report& report, const RenderOptions& options) {
  static_cast<void>(options);
  Detail detail;
  detail.glyphs = unicode_glyphs();
  const Page page = make_page(report, detail);
  std::string out = "## " + inline_text(plain(page.title), false) + "\n\n";
  for (const Section& section : page.sections) {
    out += "### " + inline_text(plain(section.heading), false) + "\n\n";
    if (!section.grid.columns.empty()) {
      write_grid(section.grid, out);
    }
    if (!section.legend.empty()) {
      out += inline_text(section.legend, false) + "\n\n";
    }
    write_paragraphs(section.paragraphs, out);
    for (const Quote& quote : section.quotes) {
      write_quote(quote, out);
    }
    for (const Line& note : section.footnotes) {
      out += inline_text(note, false) + "\n\n";
    }
  }
  out.pop_back();
  return out;
}

}  // namespace faceoff::report
