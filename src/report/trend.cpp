#include "json_values.h"
#include "look.h"
#include "markdown_parts.h"
#include "terminal_text.h"
#include "trend_view.h"

#include <faceoff/base/text.h>
#include <faceoff/report/reporter.h>
#include <faceoff/report/trend.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

// A score between the least and the greatest of the list, as a bar of eighths.
std::string spark(const std::vector<const TrendPoint*>& points, const RenderOptions& options) {
  constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::string_view kAscii = "_.-~=+*#";
  double low = 1.0;
  double high = 0.0;
  for (const TrendPoint* point : points) {
    low = std::min(low, point->score.value.value_or(low));
    high = std::max(high, point->score.value.value_or(high));
  }
  std::string out;
  for (const TrendPoint* point : points) {
    if (!point->score.value) {
      out += ' ';
      continue;
    }
    const double share = high > low ? (*point->score.value - low) / (high - low) : 1.0;
    const auto step = static_cast<std::size_t>(share * 7.0 + 0.5);
    out += options.unicode ? std::string(kBlocks.at(step)) : std::string(1, kAscii[step]);
  }
  return out;
}

// What the table gives up where there is no room.
struct Shown {
  bool intervals = true;
  bool e2e = true;
  bool ttft = true;
  bool cases = true;
  bool day = true;
};

Grid grid_of(const std::vector<const TrendPoint*>& points,
             const Shown& shown,
             const Glyphs& glyphs) {
  Grid grid;
  const auto column = [&grid](bool wanted, std::string_view name, Align align = Align::left) {
    if (wanted) {
      grid.columns.push_back({name.empty() ? Line{} : Line{{std::string(name)}}, align});
    }
  };
  column(true, "run");
  column(shown.day, "started (UTC)");
  column(shown.cases, "cases", Align::right);
  column(true, "score");
  column(shown.ttft, "first token p50");
  column(shown.e2e, "full answer p50");
  column(true, "");
  const TrendPoint* before = nullptr;
  for (const TrendPoint* point : points) {
    std::vector<Line> row{{{display_text(end_of_id(point->run)), Style::plain, true}}};
    if (shown.day) {
      row.push_back({{display_text(minute_of(point->started_utc)), Style::plain, true}});
    }
    if (shown.cases) {
      row.push_back({{std::to_string(point->cases)}});
    }
    row.push_back({{share_with_interval(point->score.value,
                                        shown.intervals ? point->score.lo : std::nullopt,
                                        shown.intervals ? point->score.hi : std::nullopt,
                                        glyphs)}});
    if (shown.ttft) {
      row.push_back({{seconds_text(point->ttft, shown.intervals, glyphs.none)}});
    }
    if (shown.e2e) {
      row.push_back({{seconds_text(point->e2e, shown.intervals, glyphs.none)}});
    }
    row.push_back({{trend_note(*point, before), Style::dim, !point->baseline.empty()}});
    grid.rows.push_back(std::move(row));
    before = point;
  }
  return grid;
}

Section section_of(const std::vector<const TrendPoint*>& points, const RenderOptions& options) {
  const Glyphs& glyphs = options.unicode ? unicode_glyphs() : ascii_glyphs();
  Section section;
  section.heading = {{display_text(points.front()->backend), Style::bold, true}};
  if (points.back()->simulated) {
    section.heading.push_back({" (simulated)"});
  }
  section.heading.push_back({"  score " + spark(points, options), Style::dim});
  Shown shown;
  for (bool* part : {static_cast<bool*>(nullptr),
                     &shown.e2e,
                     &shown.intervals,
                     &shown.ttft,
                     &shown.cases,
                     &shown.day}) {
    if (part != nullptr) {
      *part = false;
    }
    section.grid = grid_of(points, shown, glyphs);
    if (options.width == 0 || section.grid.width() <= options.width) {
      break;
    }
  }
  return section;
}

Page page_of(const Trend& trend, const RenderOptions& options) {
  Page page;
  page.title = {{display_text(trend.suite), Style::bold, true},
                {": score and latency over its runs, 95% intervals"}};
  const TrendView view(trend);
  for (std::size_t backend = 0; backend < view.backends.size(); ++backend) {
    std::vector<const TrendPoint*> points;
    for (const TrendRun& run : view.runs) {
      if (run.points[backend] != nullptr) {
        points.push_back(run.points[backend]);
      }
    }
    page.sections.push_back(section_of(points, options));
  }
  if (!page.sections.empty()) {
    page.sections.back().footnotes.push_back(
        {{"Intervals of two runs may overlap and the runs still differ: faceoff compare pairs them "
          "case by case.",
          Style::dim}});
  }
  return page;
}

Json figure_json(const TrendFigure& figure) {
  return {{"value", number(figure.value)}, {"lo", number(figure.lo)}, {"hi", number(figure.hi)}};
}

}  // namespace

std::string write_trend(const Trend& trend, const RenderOptions& options) {
  return terminal_page(page_of(trend, options), options);
}

std::string write_trend_markdown(const Trend& trend) {
  const Page page = page_of(trend, {});
  std::string out = markdown_heading(2, page.title);
  for (const Section& section : page.sections) {
    out += markdown_section(section, 3);
  }
  return out;
}

std::string write_trend_json(const Trend& trend) {
  Json document{{"schema", "faceoff.trend/1"}, {"suite", trend.suite}, {"points", Json::array()}};
  for (const TrendPoint& point : trend.points) {
    document["points"].push_back(
        {{"run", point.run},
         {"suite_digest", point.suite_digest},
         {"started", text_or_null(point.started_utc)},
         {"state", point.state},
         {"backend", point.backend},
         {"model", point.model},
         {"simulated", point.simulated},
         {"cases", point.cases},
         {"failed", point.failed},
         {"score", figure_json(point.score)},
         {"ttft_p50_s", figure_json(point.ttft)},
         {"e2e_p50_s", figure_json(point.e2e)},
         {"cost_usd", point.cost_usd ? Json(*point.cost_usd) : Json(nullptr)}});
  }
  return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace faceoff::report
