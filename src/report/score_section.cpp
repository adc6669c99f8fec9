#include "sections.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using compare::Comparison;
using compare::PairComparison;
using compare::Slice;

// Fewer pairs than this in one tag give no interval worth reading.
constexpr std::uint64_t kFewForTag = 10;
constexpr std::size_t kMostColumns = 4;

const Slice* slice_of(const Column& column, const std::string& tag) {
  if (tag.empty()) {
    return &column.summary.all;
  }
  const auto& tags = column.summary.tags;
  const auto found =
      std::find_if(tags.begin(), tags.end(), [&](const Slice& s) { return s.tag == tag; });
  return found == tags.end() ? nullptr : &*found;
}

const Comparison* comparison_of(const PairComparison& pair, const std::string& tag) {
  if (tag.empty()) {
    return &pair.score;
  }
  const auto found = std::find_if(
      pair.tags.begin(), pair.tags.end(), [&](const Comparison& c) { return c.tag == tag; });
  return found == pair.tags.end() ? nullptr : &*found;
}

Span verdict_mark(const Comparison& comparison, const Glyphs& glyphs) {
  switch (comparison.verdict) {
    case compare::Verdict::better:
      return {std::string(glyphs.higher), Style::good};
    case compare::Verdict::worse:
      return {std::string(glyphs.lower), Style::bad};
    case compare::Verdict::not_comparable:
      return {" "};
    default:
      return {std::string(glyphs.same), Style::dim};
  }
}

bool needs_wide(const Comparison& comparison) {
  const auto far = [](const std::optional<double>& x) { return x && std::abs(*x) > 0.9994; };
  return far(comparison.estimate.value) || far(comparison.estimate.lo) ||
         far(comparison.estimate.hi);
}

class ScoreTable {
 public:
  ScoreTable(const Report& report, const Detail& detail)
      : report_(report), detail_(detail), notes_(detail.glyphs) {
    std::set<std::string> tags;
    for (const Column& column : report.columns) {
      for (const Slice& slice : column.summary.tags) {
        tags.insert(slice.tag);
      }
    }
    if (detail.tags) {
      tags_.assign(tags.begin(), tags.end());
    }
    for (const PairComparison& pair : report.comparisons) {
      wide_ = wide_ || needs_wide(pair.score) ||
              std::any_of(pair.tags.begin(), pair.tags.end(), needs_wide);
    }
  }

  std::vector<Section> sections() {
    std::vector<Section> sections;
    Section score;
    score.heading = {{heading(), Style::bold}};
    if (!report_.comparisons.empty()) {
      score.legend = {
          {std::string(detail_.glyphs.higher), Style::good},
          {" higher  ", Style::dim},
          {std::string(detail_.glyphs.lower), Style::bad},
          {" lower  " + std::string(detail_.glyphs.same) + " no clear difference", Style::dim}};
    }
    const bool list = detail_.layout == Layout::list || report_.columns.size() > kMostColumns;
    score.grid = list ? list_grid() : matrix_grid();
    note_tags(list);
    score.footnotes = notes_.lines();
    sections.push_back(std::move(score));
    if (!list && report_.comparisons.size() > 1) {
      notes_ = Footnotes(detail_.glyphs);
      Section differences;
      differences.heading = {{"Difference in score from ", Style::bold}};
      append(differences.heading,
             label_of(report_, report_.comparisons.front().reference, detail_));
      differences.grid = difference_grid();
      differences.footnotes = notes_.lines();
      sections.push_back(std::move(differences));
    }
    return sections;
  }

 private:
  [[nodiscard]] std::string heading() const {
    const bool shares =
        std::all_of(report_.columns.begin(), report_.columns.end(), [](const Column& column) {
          return column.summary.all.score.n == 0 || column.summary.all.score.passed;
        });
    return fmt::format(
        "Score: {}, {}", shares ? "share passed" : "mean score", interval_name(report_));
  }

  Line estimate(const Column& column, const std::string& tag) {
    const Slice* slice = slice_of(column, tag);
    if (slice == nullptr) {
      return {{std::string(detail_.glyphs.none)}};
    }
    std::string text =
        share_with_interval(slice->score.value, slice->score.lo, slice->score.hi, detail_.glyphs);
    if (tag.empty() && slice->score.n < slice->cases) {
      text += notes_.mark(
          fmt::format("{} of {} have a score", slice->score.n, counted(slice->cases, "case")));
    }
    if (slice->score.value && !slice->score.lo) {
      text += notes_.mark("too few groups for an interval");
    }
    return {{std::move(text)}};
  }

  Line difference(const Comparison* comparison) {
    if (comparison == nullptr) {
      return {{std::string(detail_.glyphs.none)}};
    }
    const bool few = !comparison->tag.empty() && comparison->n_pairs < kFewForTag;
    Line line{{points_with_interval(comparison->estimate, !few, wide_, detail_.glyphs)}};
    if (comparison->estimate.value) {
      line.push_back({"  "});
      line.push_back(verdict_mark(*comparison, detail_.glyphs));
    }
    if (few && comparison->n_pairs > 0) {
      line.push_back({notes_.mark("too few cases for an interval"), Style::dim});
    } else if (comparison->borderline) {
      const bool alone = comparison->test.p_adjusted && comparison->test.p &&
                         *comparison->test.p <= comparison->alpha;
      line.push_back({notes_.mark(alone ? "clear by itself, but not among so many comparisons"
                                        : "borderline: interval and test do not agree"),
                      Style::dim});
    } else if (comparison->estimate.value && !comparison->estimate.lo) {
      line.push_back({notes_.mark("too few for an interval of the difference"), Style::dim});
    } else if (comparison->verdict == compare::Verdict::not_comparable) {
      line.push_back({notes_.mark("not comparable: no case in common"), Style::dim});
    }
    return line;
  }

  [[nodiscard]] std::string cases_in(const std::string& tag) const {
    std::uint64_t cases = 0;
    for (const Column& column : report_.columns) {
      if (const Slice* slice = slice_of(column, tag)) {
        cases = std::max(cases, slice->cases);
      }
    }
    return std::to_string(cases);
  }

  std::vector<Line> matrix_row(const std::string& tag) {
    Line name{tag.empty() ? Span{"all", Style::bold} : name_span(tag, detail_)};
    std::vector<Line> row{std::move(name), {{cases_in(tag)}}};
    for (const Column& column : report_.columns) {
      row.push_back(estimate(column, tag));
    }
    if (report_.comparisons.size() == 1) {
      row.push_back(difference(comparison_of(report_.comparisons.front(), tag)));
    }
    return row;
  }

  Grid matrix_grid() {
    Grid grid;
    grid.columns = {{{}, Align::left}, {{{"cases"}}, Align::right}};
    for (const Column& column : report_.columns) {
      grid.columns.push_back({label_of(column, detail_), Align::left});
    }
    if (report_.comparisons.size() == 1) {
      const PairComparison& pair = report_.comparisons.front();
      Line header = label_of(report_, pair.candidate, detail_);
      header.push_back({" minus "});
      append(header, label_of(report_, pair.reference, detail_));
      grid.columns.push_back({std::move(header), Align::left});
    }
    for (const std::string& tag : tags_) {
      grid.rows.push_back(matrix_row(tag));
    }
    grid.rows.push_back(matrix_row(""));
    return grid;
  }

  Grid list_grid() {
    Grid grid;
    grid.columns = {{{}, Align::left}, {{{"cases"}}, Align::right}, {{{"score"}}, Align::left}};
    if (!report_.comparisons.empty()) {
      Line header{{"minus "}};
      append(header, label_of(report_, report_.comparisons.front().reference, detail_));
      grid.columns.push_back({std::move(header), Align::left});
    }
    for (const Column& column : report_.columns) {
      std::vector<Line> row{label_of(column, detail_),
                            {{std::to_string(column.summary.all.cases)}},
                            estimate(column, "")};
      if (!report_.comparisons.empty()) {
        const auto pair = std::find_if(
            report_.comparisons.begin(), report_.comparisons.end(), [&](const auto& p) {
              return p.candidate == column.summary.backend;
            });
        row.push_back(pair == report_.comparisons.end() ? Line{} : difference(&pair->score));
      }
      grid.rows.push_back(std::move(row));
    }
    return grid;
  }

  Grid difference_grid() {
    Grid grid;
    grid.columns = {
        {{}, Align::left}, {{{"pairs"}}, Align::right}, {{{"difference"}}, Align::left}};
    for (const PairComparison& pair : report_.comparisons) {
      grid.rows.push_back({label_of(report_, pair.candidate, detail_),
                           {{std::to_string(pair.score.n_pairs)}},
                           difference(&pair.score)});
    }
    return grid;
  }

  void note_tags(bool list) {
    if (!list && tags_.size() > 1 && report_.comparisons.size() == 1) {
      notes_.remark(fmt::format(
          "signs by tag are adjusted for looking at {} tags (Benjamini-Hochberg), their "
          "intervals are not; the verdict rests on the row of all cases",
          tags_.size()));
    }
    const bool has_tags =
        std::any_of(report_.columns.begin(), report_.columns.end(), [](const Column& column) {
          return !column.summary.tags.empty();
        });
    if (has_tags && list) {
      notes_.remark(detail_.tags_dropped_for_width
                        ? "rows by tag do not fit here; the md format has them"
                        : "rows by tag are left out here; the json format has them");
    }
  }

  const Report& report_;
  const Detail& detail_;
  Footnotes notes_;
  std::vector<std::string> tags_;
  bool wide_ = false;
};

}  // namespace

std::vector<Section> score_sections(const Report& report, const Detail& detail) {
  return ScoreTable(report, detail).sections();
}

}  // namespace faceoff::report
