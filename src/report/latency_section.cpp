#include "sections.h"

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using compare::LatencySummary;
using compare::QuantileEstimate;

class LatencyTable {
 public:
  LatencyTable(const Report& report, const Detail& detail)
      : report_(report), detail_(detail), notes_(detail.glyphs) {}

  Section section() {
    Section section;
    section.heading = {{"Latency in seconds, " + interval_name(report_), Style::bold},
                       {" (answers that needed no retry)"}};
    add_columns(section.grid);
    for (const Column& column : report_.columns) {
      section.grid.rows.push_back(row(column));
    }
    section.footnotes = notes_.lines();
    return section;
  }

 private:
  void add_columns(Grid& grid) const {
    grid.columns = {{{}, Align::left}, {{{"answers"}}, Align::right}};
    for (const std::string name : {"first token", "full answer"}) {
      grid.columns.push_back({{{name + " p50"}}, Align::left});
      if (detail_.p95) {
        grid.columns.push_back({{{"p95"}}, Align::left});
      }
    }
    if (detail_.rates) {
      grid.columns.push_back({{{"tok/s"}}, Align::right});
    }
  }

  std::vector<Line> row(const Column& column) {
    const compare::Summary& summary = column.summary;
    std::vector<Line> row{label_of(column, detail_), {{std::to_string(summary.e2e.n)}}};
    add_metric(row, summary.ttft);
    add_metric(row, summary.e2e);
    if (summary.ttft.n != summary.e2e.n && summary.ttft.n > 0) {
      row[2].push_back(
          {notes_.mark(fmt::format("over {}", counted(summary.ttft.n, "answer"))), Style::dim});
    }
    if (detail_.rates) {
      row.push_back(
          {{summary.decode_rate ? rate(*summary.decode_rate) : std::string(detail_.glyphs.none)}});
    }
    return row;
  }

  void add_metric(std::vector<Line>& row, const LatencySummary& latency) {
    Line p50 = quantile(latency, latency.p50, true);
    if (latency.timed_out > 0) {
      p50.push_back(
          {notes_.mark(fmt::format("time limits hit: {} of {}, counted as infinitely long",
                                   latency.timed_out,
                                   latency.n)),
           Style::dim});
    }
    row.push_back(std::move(p50));
    if (detail_.p95) {
      row.push_back(quantile(latency, latency.p95, detail_.p95_intervals));
    }
  }

  Line quantile(const LatencySummary& latency,
                const QuantileEstimate& estimate,
                bool with_interval) {
    Line line{{seconds_with_interval(estimate, with_interval, detail_.glyphs)}};
    if (with_interval && estimate.value && (!estimate.lo || !estimate.hi) &&
        latency.n < estimate.needs_at_least) {
      line.push_back({notes_.mark(fmt::format("a p{:.0f} interval with both ends needs at least "
                                              "{} answers",
                                              estimate.q * 100,
                                              estimate.needs_at_least)),
                      Style::dim});
    }
    return line;
  }

  const Report& report_;
  const Detail& detail_;
  Footnotes notes_;
};

}  // namespace

Section latency_section(const Report& report, const Detail& detail) {
  return LatencyTable(report, detail).section();
}

}  // namespace faceoff::report
