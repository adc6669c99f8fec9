#include "sections.h"
#include "terminal_text.h"

#include <faceoff/report/reporter.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::size_t kNameWidth = 24;
constexpr std::size_t kTableWidth = 60;  // below it there are no tables at all
constexpr std::size_t kMostQuoteLines = 6;

// A piece of a line between two blanks.
using Word = std::vector<Span>;

std::vector<Word> words_of(const Line& line) {
  std::vector<Word> words(1);
  for (const Span& span : line) {
    if (span.foreign) {
      words.back().push_back(span);
      continue;
    }
    std::string_view rest = span.text;
    while (true) {
      const auto blank = rest.find(' ');
      const std::string_view piece = rest.substr(0, blank);
      if (!piece.empty()) {
        words.back().push_back({std::string(piece), span.style});
      }
      if (blank == std::string_view::npos) {
        break;
      }
      rest.remove_prefix(blank + 1);
      if (!words.back().empty()) {
        words.emplace_back();
      }
    }
  }
  std::erase_if(words, [](const Word& word) { return word.empty(); });
  return words;
}

class Writer {
 public:
  explicit Writer(const RenderOptions& options) : options_(options) {}

  void page(const Page& page) {
    wrapped({}, page.title, 0, 2);
    for (const Section& section : page.sections) {
      out_ += '\n';
      write(section);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void write(const Section& section) {
    heading(section);
    if (!section.grid.columns.empty()) {
      grid(section.grid);
    }
    paragraphs(section.paragraphs);
    for (const Quote& q : section.quotes) {
      quote(q);
    }
    for (const Line& note : section.footnotes) {
      wrapped({}, note, 2, 4);
    }
  }

  void heading(const Section& section) {
    const std::size_t used = width_of(section.heading) + width_of(section.legend);
    const std::size_t full = std::max(section.grid.width(), used + 3);
    if (section.legend.empty() || (options_.width > 0 && full > options_.width)) {
      wrapped({}, section.heading, 0, 2);
      if (!section.legend.empty()) {
        wrapped({}, section.legend, 2, 2);
      }
      return;
    }
    Line line = section.heading;
    line.push_back({std::string(full - used, ' ')});
    append(line, section.legend);
    raw(line);
  }

  void grid(const Grid& grid) {
    const std::vector<std::size_t> widths = grid.widths();
    std::vector<Line> header;
    bool any = false;
    for (const GridColumn& column : grid.columns) {
      Line cell = column.header;
      for (Span& span : cell) {
        span.style = Style::dim;
      }
      any = any || !cell.empty();
      header.push_back(std::move(cell));
    }
    if (any) {
      row(grid, widths, header);
    }
    for (const auto& cells : grid.rows) {
      row(grid, widths, cells);
    }
  }

  void row(const Grid& grid,
           const std::vector<std::size_t>& widths,
           const std::vector<Line>& cells) {
    Line line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string blanks(widths[i] - width_of(cells[i]), ' ');
      line.push_back({"  "});
      if (grid.columns[i].align == Align::right) {
        line.push_back({blanks});
      }
      append(line, cells[i]);
      if (grid.columns[i].align == Align::left) {
        line.push_back({blanks});
      }
    }
    raw(line);
  }

  void paragraphs(const std::vector<Paragraph>& paragraphs) {
    std::size_t lead = 0;
    for (const Paragraph& p : paragraphs) {
      lead = std::max(lead, width_of(p.lead));
    }
    // Beside a long lead there is no room for the text.
    const bool beside = options_.width == 0 || lead + 34 <= options_.width;
    for (const Paragraph& p : paragraphs) {
      if (!beside) {
        if (!p.lead.empty()) {
          wrapped({}, p.lead, 2, 2);
        }
        wrapped({}, p.text, 4, 4);
        continue;
      }
      Line first{{"  "}};
      append(first, p.lead);
      first.push_back({std::string(lead - width_of(p.lead) + (lead > 0 ? 2 : 0), ' ')});
      wrapped(first, p.text, width_of(first), width_of(first));
    }
  }

  void quote(const Quote& quote) {
    wrapped({}, quote.intro, 2, 4);
    const std::string shown = display_text(quote.text, Lines::keep);
    const std::string_view bar = options_.unicode ? "│ " : "| ";
    std::size_t count = 0;
    for (const std::string_view text : split(shown, '\n')) {
      if (text.empty() || ++count > kMostQuoteLines) {
        continue;
      }
      const std::size_t room = options_.width > 6 ? options_.width - 6 : 0;
      const std::string fitted = room > 0 ? fit_width(text, room) : std::string(text);
      raw({{"    " + std::string(bar), Style::dim}, {fitted}});
    }
  }

  // Breaks between words; lines after the first are indented by `hanging`. `first` stands already
  // at the beginning of the first line.
  void wrapped(const Line& first, const Line& text, std::size_t indent, std::size_t hanging) {
    Line line = first.empty() ? Line{{std::string(indent, ' ')}} : first;
    std::size_t used = indent;
    bool begun = false;
    for (Word& word : words_of(text)) {
      std::size_t size = width_of(word);
      if (begun && options_.width > 0 && used + 1 + size > options_.width) {
        raw(line);
        line = {{std::string(hanging, ' ')}};
        used = hanging;
        begun = false;
      }
      if (options_.width > used && size > options_.width - used) {
        shorten(word, options_.width - used);
        size = width_of(word);
      }
      if (begun) {
        const Style style = line.back().style;
        line.push_back({" ", word.front().style == style ? style : Style::plain});
        ++used;
      }
      append(line, word);
      used += size;
      begun = true;
    }
    raw(line);
  }

  // Cuts foreign pieces of a word until it fits; our own words are short.
  static void shorten(Word& word, std::size_t room) {
    for (Span& span : word) {
      const std::size_t size = width_of(word);
      if (size <= room || !span.foreign || span.whole) {
        continue;
      }
      const std::size_t piece = display_width(span.text);
      const std::size_t excess = size - room;
      span.text = fit_width(span.text, piece > excess ? piece - excess : 1);
    }
  }

  void raw(const Line& line) { out_ += terminal_line(line, options_); }

  RenderOptions options_;
  std::string out_;
};

// Wide enough that names which differ also look different.
std::size_t name_width_for(const Report& report, std::size_t least) {
  std::size_t longest = least;
  for (const Column& column : report.columns) {
    longest = std::max(longest, display_width(display_text(column.summary.backend)));
  }
  for (std::size_t width = least; width < longest; width += 8) {
    std::set<std::string> cut;
    std::set<std::string> whole;
    for (const Column& column : report.columns) {
      const std::string name = display_text(column.summary.backend);
      whole.insert(name);
      cut.insert(fit_width(name, width));
    }
    if (cut.size() == whole.size()) {
      return width;
    }
  }
  return longest;
}

bool fits(const std::vector<Section>& sections, std::size_t width) {
  return std::all_of(sections.begin(), sections.end(), [&](const Section& section) {
    return section.grid.width() <= width;
  });
}

// Gives up figures until the latency table fits; false when it never does.
bool fit_latency(const Report& report, std::size_t width, Detail& detail) {
  const auto fits_now = [&] { return fits({latency_section(report, detail)}, width); };
  for (bool* part : {&detail.p95_intervals, &detail.rates, &detail.p95}) {
    if (fits_now()) {
      return true;
    }
    *part = false;
  }
  return fits_now();
}

Detail detail_for(const Report& report, const RenderOptions& options) {
  Detail detail;
  detail.glyphs = options.unicode ? unicode_glyphs() : ascii_glyphs();
  if (options.width == 0) {
    return detail;
  }
  detail.name_width = name_width_for(report, std::min(kNameWidth, options.width / 2));
  if (!fits(score_sections(report, detail), options.width)) {
    detail.layout = Layout::list;
    detail.tags_dropped_for_width = true;
  }
  if (options.width < kTableWidth || !fits(score_sections(report, detail), options.width) ||
      !fit_latency(report, options.width, detail)) {
    detail.layout = Layout::blocks;
  }
  return detail;
}

}  // namespace

std::string terminal_page(const Page& page, const RenderOptions& options) {
  Writer writer(options);
  writer.page(page);
  return writer.take();
}

std::string write_table(const Report& report, const RenderOptions& options) {
  return terminal_page(make_page(report, detail_for(report, options)), options);
}

}  // namespace faceoff::report
