#include "html_frame.h"
#include "html_parts.h"
#include "html_plot.h"
#include "html_trend_chart.h"

#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::array<TrendMetric, 3> kMetrics{{
    {.title = "Score", .figure = &TrendPoint::score, .share = true},
    {.title = "Median time to first token", .figure = &TrendPoint::ttft, .share = false},
    {.title = "Median time to full answer", .figure = &TrendPoint::e2e, .share = false},
}};

void charts(Html& out, const TrendView& view, std::string_view run, const NameWriter& name) {
  out.raw("<div class=\"charts\">");
  for (const TrendMetric& metric : kMetrics) {
    trend_chart(out, view, metric, run, name);
  }
  out.raw(
      "<div class=\"card how\"><h3>How to read this</h3><ul>"
      "<li>Bars are 95% intervals. Intervals of two runs may overlap and the runs still differ: "
      "<code>faceoff compare RUN RUN</code> pairs them case by case.</li>"
      "<li>A line joins runs of the same suite and model only.</li>"
      "<li>A dashed upright line: the suite's text changed.</li>"
      "<li>A hollow sign: the run is not complete.</li></ul></div></div>");
}

void cell(Html& out, const TrendFigure& figure, const TrendMetric& metric) {
  const std::string text = trend_text(figure, metric);
  const auto blank = text.find(" [");
  out.raw("<td><span class=\"num\">").text(text.substr(0, blank)).raw("</span>");
  if (blank != std::string::npos) {
    out.raw(" <span class=\"ci\">").text(text.substr(blank + 1)).raw("</span>");
  }
  out.raw("</td>");
}

void cost_cell(Html& out, const TrendPoint& point) {
  out.raw("<td class=\"n\">").text(point.cost_usd ? "$" + *point.cost_usd : "n/a").raw("</td>");
}

// The name with its colour and shape, marked where the stand-in endpoint answered in any run.
void coloured_name(Html& out, const TrendView& view, std::size_t backend) {
  out.raw("<span").attribute("class", fmt::format("name c{}", backend % 6)).raw("><bdi>");
  out.text(view.backends[backend]).raw("</bdi></span>");
  for (const TrendRun& run : view.runs) {
    if (run.points[backend] != nullptr && run.points[backend]->simulated) {
      out.raw(" <span class=\"sim\">simulated</span>");
      return;
    }
  }
}

void open_table(Html& out, Html::Literal label, Html::Literal head) {
  out.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
      .raw(label)
      .raw("\"><table><caption class=\"sr\">")
      .raw(label)
      .raw("</caption><thead><tr>")
      .raw(head)
      .raw("</tr></thead><tbody>");
}

// Each backend in the last run that it had a part in.
void newest(Html& out, const TrendView& view) {
  out.raw(
      "<section class=\"part\" aria-labelledby=\"newest\"><h2 id=\"newest\">Newest figures</h2>");
  open_table(out,
             "Newest figures of each backend",
             "<th scope=\"col\">Backend</th><th scope=\"col\" class=\"n\">Runs</th>"
             "<th scope=\"col\">Score</th><th scope=\"col\"><span class=\"axis\">"
             "<i>0</i><i>50</i><i>100%</i></span></th><th scope=\"col\">In all runs</th>"
             "<th scope=\"col\">First token p50</th><th scope=\"col\">Full answer p50</th>");
  for (std::size_t backend = 0; backend < view.backends.size(); ++backend) {
    const TrendPoint* last = view.before(view.runs.size(), backend);
    if (last == nullptr) {
      continue;
    }
    std::uint64_t runs = 0;
    std::optional<double> least;
    std::optional<double> greatest;
    for (const TrendRun& run : view.runs) {
      if (const TrendPoint* point = run.points[backend]; point != nullptr) {
        ++runs;
        if (point->score.value) {
          least = std::min(least.value_or(1.0), *point->score.value);
          greatest = std::max(greatest.value_or(0.0), *point->score.value);
        }
      }
    }
    out.raw("<tr><th scope=\"row\">");
    coloured_name(out, view, backend);
    out.raw("</th><td class=\"n\">").count(runs).raw("</td>");
    cell(out, last->score, kMetrics[0]);
    out.raw("<td>");
    share_bar(out, last->score.value, last->score.lo, last->score.hi, backend);
    out.raw("</td><td>")
        .text(least ? fmt::format("{} to {}", percent(*least), percent(*greatest)) : "–")
        .raw("</td>");
    cell(out, last->ttft, kMetrics[1]);
    cell(out, last->e2e, kMetrics[2]);
    out.raw("</tr>");
  }
  out.raw("</tbody></table></div></section>");
}

// Of all rows of a run.
void run_cells(Html& out, const TrendPoint& point, std::size_t rows) {
  const std::string span = std::to_string(rows);
  out.raw("<th").attribute("scope", rows > 1 ? "rowgroup" : "row").attribute("rowspan", span);
  out.raw("><bdi>").text(end_of_id(point.run)).raw("</bdi></th><td class=\"when\"");
  out.attribute("rowspan", span).raw(">").text(minute_of(point.started_utc)).raw("</td>");
}

void runs_table(Html& out, const TrendView& view, const NameWriter& name) {
  open_table(out,
             "Runs of the suite",
             "<th scope=\"col\">Run</th><th scope=\"col\">Started (UTC)</th>"
             "<th scope=\"col\">Backend</th><th scope=\"col\" class=\"n\">Cases</th>"
             "<th scope=\"col\" class=\"n\">Failed</th><th scope=\"col\">Score</th>"
             "<th scope=\"col\">First token p50</th><th scope=\"col\">Full answer p50</th>"
             "<th scope=\"col\" class=\"n\">Cost</th><th scope=\"col\">Note</th>");
  for (std::size_t i = 0; i < view.runs.size(); ++i) {
    const auto& points = view.runs[i].points;
    const auto rows = points.size() - static_cast<std::size_t>(std::ranges::count(points, nullptr));
    bool first = true;
    for (std::size_t backend = 0; backend < view.backends.size(); ++backend) {
      const TrendPoint* point = points[backend];
      if (point == nullptr) {
        continue;
      }
      out.raw("<tr>");
      if (first) {
        run_cells(out, *point, rows);
        first = false;
      }
      out.raw("<th scope=\"row\">");
      name(backend);
      out.raw("</th><td class=\"n\">").count(point->cases);
      out.raw(point->failed == 0 ? Html::Literal("</td><td class=\"n zero\">")
                                 : Html::Literal("</td><td class=\"n\">"));
      out.count(point->failed).raw("</td>");
      for (const TrendMetric& metric : kMetrics) {
        cell(out, point->*metric.figure, metric);
      }
      cost_cell(out, *point);
      out.raw("<td>").text(trend_note(*point, view.before(i, backend))).raw("</td></tr>");
    }
  }
  out.raw("</tbody></table></div>");
}

void page_body(Html& out, const Trend& trend, std::string_view version) {
  const TrendView view(trend);
  const NameWriter name = [&](std::size_t backend) { coloured_name(out, view, backend); };
  out.raw(
      "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
      "<header class=\"top\"><div class=\"title\"><h1><bdi>");
  out.text(trend.suite).raw("</bdi></h1><p>");
  out.text("score and latency over " + counted(view.runs.size(), "run"));
  if (!view.runs.empty()) {
    out.text(fmt::format(" · {} to {} UTC",
                         minute_of(view.runs.front().any->started_utc),
                         minute_of(view.runs.back().any->started_utc)));
  }
  out.text(fmt::format(" · faceoff {}", version));
  out.raw(
      "</p></div><div class=\"tools\" id=\"tools\"></div><nav aria-label=\"Sections\"><ul>"
      "<li><a href=\"#newest\">Newest</a></li><li><a href=\"#over-time\">Over time</a></li>"
      "<li><a href=\"#runs\">Runs</a></li></ul></nav></header>\n<main id=\"main\">\n");
  newest(out, view);
  out.raw(
      "<section class=\"part\" aria-labelledby=\"over-time\"><h2 id=\"over-time\">Over time</h2>");
  charts(out, view, {}, name);
  out.raw("</section><section class=\"part\" aria-labelledby=\"runs\"><h2 id=\"runs\">Runs</h2>");
  runs_table(out, view, name);
  out.raw("</section></main>\n<footer><p>Made by faceoff ").text(version);
  out.raw(
      " from the records of these runs. This file loads nothing and sends nothing.</p></footer>\n");
}

std::vector<std::string> names_of(const Report& report) {
  std::vector<std::string> names;
  for (const Column& column : report.columns) {
    names.push_back(column.summary.backend);
  }
  return names;
}

}  // namespace

std::string write_trend_html(const Trend& trend, std::string_view version) {
  Html out;
  page_head(out, trend.suite, "faceoff trend", kHtmlThemeScript);
  page_body(out, trend, version);
  page_end(out, kHtmlThemeScript);
  return out.take();
}

bool has_trend(const Report& report) {
  return report.trend && TrendView(*report.trend, names_of(report)).runs.size() > 1;
}

void trend_part(Html& out, const Report& report) {
  if (!has_trend(report)) {
    return;
  }
  const TrendView view(*report.trend, names_of(report));
  const NameWriter name = [&](std::size_t backend) {
    column_name(out, report, view.backends[backend]);
  };
  out.raw(
      "<section class=\"part\" aria-labelledby=\"trend\"><h2 id=\"trend\">Trend</h2>"
      "<p class=\"lead-in\">This run behind earlier complete ones of the same suite that lie "
      "beside it");
  out.raw(report.baseline ? Html::Literal(", and the baseline.</p>") : Html::Literal(".</p>"));
  charts(out, view, report.trend->run, name);
  out.raw("<details class=\"behind\"><summary>The runs</summary>");
  runs_table(out, view, name);
  out.raw("</details></section>");
}

}  // namespace faceoff::report
