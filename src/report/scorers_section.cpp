#include "sections.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using compare::ScorerSummary;

constexpr double kPercent = 100.0;
constexpr std::size_t kMostColumns = 4;

struct Row {
  std::string scorer;
  std::string label;
  friend bool operator==(const Row&, const Row&) = default;
};

Row row_of(const ScorerSummary& summary) {
  return {.scorer = summary.scorer, .label = summary.label};
}

const ScorerSummary* find_row(const Column& column, const Row& row) {
  const auto& scorers = column.summary.scorers;
  const auto found = std::ranges::find(scorers, row, row_of);
  return found == scorers.end() ? nullptr : &*found;
}

// One scorer whose every answer could be judged says no more than the table of scores.
bool tells_more(const Column& column) {
  const auto& scorers = column.summary.scorers;
  return scorers.size() > 1 || std::ranges::any_of(scorers, [](const ScorerSummary& summary) {
           return summary.no_extraction > 0 || summary.corpus;
         });
}

// "84.0%; 12.0% not extracted; corpus 34.12"
std::string cell(const ScorerSummary& summary, const Glyphs& glyphs) {
  std::string text = summary.mean ? percent(*summary.mean) : std::string(glyphs.none);
  if (summary.no_extraction > 0) {
    text += fmt::format(
        "; {} not extracted",
        percent(static_cast<double>(summary.no_extraction) / static_cast<double>(summary.judged)));
  }
  if (summary.unscored > 0) {
    text += fmt::format("; {} unscored", summary.unscored);
  }
  if (summary.corpus) {
    text += fmt::format("; corpus {:.2f}", *summary.corpus * kPercent);
  }
  return text;
}

Line scorer_name(const Row& row, bool counts, const Detail& detail) {
  Line line{name_span(row.scorer, detail)};
  if (!row.label.empty()) {
    line.push_back({" "});
    line.push_back(name_span(row.label, detail));
  }
  if (!counts) {
    line.push_back({" (beside)", Style::dim});
  }
  return line;
}

void add_samples(const Column& column, const Detail& detail, Section& section) {
  for (const ScorerSummary& summary : column.summary.scorers) {
    for (const auto& sample : summary.samples) {
      Line intro = label_of(column, detail);
      intro.push_back({", case "});
      intro.push_back(name_span(sample.case_id, detail));
      intro.push_back({fmt::format(": {} found nothing in what ends with", summary.scorer)});
      section.quotes.push_back({std::move(intro), sample.answer});
    }
  }
}

struct Rows {
  std::vector<Row> order;
  std::map<std::string, bool> counts;

  explicit Rows(const Report& report) {
    for (const Column& column : report.columns) {
      for (const ScorerSummary& summary : column.summary.scorers) {
        if (std::ranges::find(order, row_of(summary)) == order.end()) {
          order.push_back(row_of(summary));
        }
        counts[key(row_of(summary))] |= summary.counts;
      }
    }
  }
  static std::string key(const Row& row) { return row.scorer + "\n" + row.label; }
};

// A scorer in each row, the backends side by side.
Grid grid_of(const Report& report, const Rows& rows, const Detail& detail) {
  Grid grid;
  grid.columns = {{{}, Align::left}};
  for (const Column& column : report.columns) {
    grid.columns.push_back({label_of(column, detail), Align::left});
  }
  for (const Row& row : rows.order) {
    std::vector<Line> cells{scorer_name(row, rows.counts.at(Rows::key(row)), detail)};
    for (const Column& column : report.columns) {
      const ScorerSummary* summary = find_row(column, row);
      cells.push_back(
          {{summary == nullptr ? std::string(detail.glyphs.none) : cell(*summary, detail.glyphs)}});
    }
    grid.rows.push_back(std::move(cells));
  }
  return grid;
}

std::vector<Paragraph> paragraphs_of(const Report& report, const Rows& rows, const Detail& detail) {
  std::vector<Paragraph> out;
  for (const Column& column : report.columns) {
    for (const Row& row : rows.order) {
      if (const ScorerSummary* summary = find_row(column, row)) {
        Line text = scorer_name(row, rows.counts.at(Rows::key(row)), detail);
        text.push_back({": " + cell(*summary, detail.glyphs)});
        out.push_back({label_of(column, detail), std::move(text)});
      }
    }
  }
  return out;
}

}  // namespace

std::vector<Section> scorer_sections(const Report& report, const Detail& detail) {
  if (std::ranges::none_of(report.columns, tells_more)) {
    return {};
  }
  const Rows rows(report);
  Section section;
  section.heading = {{"Scorers: mean over the answers that each looked at", Style::bold}};
  if (detail.layout == Layout::matrix && report.columns.size() <= kMostColumns) {
    section.grid = grid_of(report, rows, detail);
  } else {
    section.paragraphs = paragraphs_of(report, rows, detail);
  }
  for (const Column& column : report.columns) {
    add_samples(column, detail, section);
  }
  return {section};
}

}  // namespace faceoff::report
