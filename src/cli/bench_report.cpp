#include "bench_report.h"

#include "plain_table.h"
#include "terminal.h"
#include "version.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

using chat::Metric;
using compare::Distribution;

using Row = TableRow;

std::string number(const std::optional<double>& value) {
  if (!value) {
    return "-";
  }
  constexpr double kWhole = 100.0;
  return *value >= kWhole ? fmt::format("{:.0f}", *value) : fmt::format("{:.3g}", *value);
}

std::string ms(const std::optional<double>& value) {
  return value ? format_duration(from_ms(*value)) : "-";
}

std::string shown(const BenchPoint& point) {
  return display_text(point.backend) + (point.summary.simulated ? " (simulated)" : "");
}

bool has_rate(const BenchOptions& options) {
  return options.stage.mode == load::Mode::open;
}

Row heading(const BenchOptions& options) {
  Row row{"", "load", "sent", "failed", "first token p50", "p95", "p99"};
  for (const char* name : {"full answer p50", "p95", "p99"}) {
    row.emplace_back(name);
  }
  if (has_rate(options)) {
    row.emplace_back("from schedule p99");
  }
  for (const char* name : {"tok/s each", "tok/s all", "req/s"}) {
    row.emplace_back(name);
  }
  if (!options.slos.empty()) {
    row.emplace_back("good");
  }
  return row;
}

// What a narrow terminal goes without, in this order: columns of heading().
std::vector<std::size_t> expendable(const BenchOptions& options) {
  constexpr std::size_t kSent = 2;
  constexpr std::size_t kFirstToken = 4;
  constexpr std::size_t kAnswer = 7;
  const std::size_t each = has_rate(options) ? 11 : 10;
  return {kFirstToken + 1,
          kAnswer + 1,
          each,
          kAnswer + 2,
          kFirstToken + 2,
          each + 1,
          kSent,
          kAnswer,
          each + 2};
}

void add_times(Row& row, const Distribution& d) {
  row.push_back(ms(d.p50));
  row.push_back(ms(d.p95));
  row.push_back(ms(d.p99));
}

Row line(const BenchPoint& point, const BenchOptions& options) {
  const load::StageSummary& s = point.summary;
  const std::uint64_t failed = s.issued - s.count(load::AnswerStatus::ok);
  Row row{shown(point),
          load_text(options.stage.mode, point.load),
          std::to_string(s.issued),
          std::to_string(failed)};
  add_times(row, s.figures.of(Metric::ttft).describe());
  add_times(row, s.figures.of(Metric::e2e).describe());
  if (has_rate(options)) {
    row.push_back(ms(s.figures.of(Metric::e2e_sched).describe().p99));
  }
  row.push_back(number(s.figures.of(Metric::tok_s_user).describe().p50));
  row.push_back(number(s.whole.out_tok_s));
  row.push_back(number(s.whole.req_s));
  if (!options.slos.empty()) {
    row.push_back(fmt::format("{:.0f}%", s.good_share * 100));
  }
  return row;
}

std::string slo_words(const BenchOptions& options) {
  std::string out;
  for (const auto& slo : options.slos) {
    out += (out.empty() ? "" : ", ") + slo.text;
  }
  return out;
}

std::string break_words(const BenchOutcome& outcome,
                        const BenchOptions& options,
                        const std::string& backend) {
  std::vector<load::SweepPoint> points;
  for (const BenchPoint& point : outcome.points) {
    if (point.backend == backend) {
      points.push_back({.load = point.load, .good_share = point.summary.good_share});
    }
  }
  const load::Break found = load::find_break(std::move(points), options.slo_share);
  const auto mode = options.stage.mode;
  std::string out = display_text(backend) + ": ";
  if (!found.breaks) {
    return out + "holds at every load tried, up to " + load_text(mode, *found.holds);
  }
  if (!found.holds) {
    return out + "does not hold at the least load tried, " + load_text(mode, *found.breaks);
  }
  return out + fmt::format("holds at {}, breaks at {}",
                           load_text(mode, *found.holds),
                           load_text(mode, *found.breaks));
}

std::string objectives(const BenchOutcome& outcome, const BenchOptions& options) {
  if (options.slos.empty()) {
    return {};
  }
  std::string out = fmt::format("\nGood: {}; {:.4g}% of all requests sent must be\n",
                                slo_words(options),
                                options.slo_share * 100);
  for (const auto& backend : outcome.backends) {
    out += "  " + break_words(outcome, options, backend) + "\n";
  }
  return out;
}

Row figure_row(const compare::Figure& figure) {
  const Distribution& d = figure.values;
  return {fmt::format("  {}", figure.name),
          std::string(figure.unit),
          fmt::format("{}{}", d.n, d.missing > 0 ? fmt::format(" of {}", d.n + d.missing) : ""),
          number(d.mean),
          number(d.sd),
          number(d.min),
          number(d.p50),
          number(d.p90),
          number(d.p95),
          number(d.p99),
          number(d.max),
          number(d.p90_bound),
          number(d.p99_bound)};
}

std::string figures(const BenchPoint& point, const BenchOptions& options) {
  std::vector<Row> rows{{"",
                         "unit",
                         "n",
                         "mean",
                         "sd",
                         "min",
                         "p50",
                         "p90",
                         "p95",
                         "p99",
                         "max",
                         "p90 at most",
                         "p99 at most"}};
  for (const compare::Figure& figure : point.summary.figures.figures()) {
    if (figure.tool.empty() ? options.all_figures : options.other_tools) {
      rows.push_back(figure_row(figure));
    }
  }
  return fmt::format("\n{}, {}\n", shown(point), load_text(options.stage.mode, point.load)) +
         plain_table(rows);
}

std::string warnings(const BenchOutcome& outcome, const BenchOptions& options) {
  std::string out;
  const auto add = [&](const BenchPoint& point, const std::string& text) {
    out += fmt::format("  {}, {}: {}\n",
                       display_text(point.backend),
                       load_text(options.stage.mode, point.load),
                       text);
  };
  for (const BenchPoint& point : outcome.points) {
    if (point.client.bound) {
      add(point, "the client was the bottleneck: " + point.client.why);
    }
    for (std::size_t i = 0; i < options.slos.size(); ++i) {
      if (const auto n = point.summary.slo_undefined[i]; n > 0) {
        add(point,
            fmt::format("{} answers have no {} and are not good for that",
                        n,
                        chat::info(options.slos[i].metric).name));
      }
    }
    for (const auto& warning : point.summary.warnings) {
      add(point, warning);
    }
    if (!point.summary.first_failure.empty()) {
      add(point, "first failure: " + display_text(point.summary.first_failure));
    }
  }
  for (const auto& note : outcome.notes) {
    out += "  " + note + "\n";
  }
  return out.empty() ? out : "\nNotes\n" + out;
}

}  // namespace

std::string bench_text(const BenchOutcome& outcome,
                       const BenchOptions& options,
                       const Style& style) {
  const char* const mode = options.stage.mode == load::Mode::serial   ? "one request at a time"
                           : options.stage.mode == load::Mode::closed ? "closed loop"
                           : options.stage.arrival == load::Arrival::poisson
                               ? "open loop, Poisson arrivals"
                               : "open loop, constant rate";
  std::string out = fitted(fmt::format("bench · {} · {} · {}{} · faceoff {}\n",
                                       mode,
                                       outcome.prompts,
                                       outcome.started_utc,
                                       outcome.stopped ? " · stopped early" : "",
                                       version_text()),
                           style);
  out += "\n";
  std::vector<Row> rows{heading(options)};
  for (const BenchPoint& point : outcome.points) {
    rows.push_back(line(point, options));
  }
  out += fitted_table(rows, expendable(options), style.width);
  out += objectives(outcome, options);
  if (options.all_figures || options.other_tools) {
    for (const BenchPoint& point : outcome.points) {
      out += figures(point, options);
    }
  }
  return out + warnings(outcome, options);
}

}  // namespace faceoff::cli
