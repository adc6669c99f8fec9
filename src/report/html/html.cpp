#include "../sections.h"
#include "html_frame.h"
#include "html_parts.h"

#include <faceoff/base/text.h>
#include <faceoff/report/reporter.h>

#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {

namespace {

void contents(Html& out, const Report& report, const CaseData& data) {
  out.raw(
      "<nav aria-label=\"Sections\"><ul><li><a href=\"#verdict\">Verdict</a></li>"
      "<li><a href=\"#score\">Score</a></li><li><a href=\"#latency\">Latency</a></li>");
  if (!data.json.is_null()) {
    out.raw("<li class=\"needs-script\"><a href=\"#timeline\">Timeline</a></li>");
  }
  out.raw("<li><a href=\"#cost\">Cost</a></li>");
  if (!report.comparisons.empty()) {
    out.raw("<li><a href=\"#flips\">Flips</a></li>");
  }
  if (!data.json.is_null()) {
    out.raw("<li><a href=\"#cases\">Cases</a></li>");
  }
  out.raw("<li><a href=\"#failures\">Failures</a></li>");
  if (has_gates(report)) {
    out.raw("<li><a href=\"#gates\">Gates</a></li>");
  }
  if (has_trend(report)) {
    out.raw("<li><a href=\"#trend\">Trend</a></li>");
  }
  out.raw("<li><a href=\"#method\">Method</a></li></ul></nav>");
}

void body(Html& out, const Report& report, const CaseData& data) {
  out.raw(
      "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
      "<header class=\"top\"><div class=\"title\"><h1>");
  Line title = title_of(report, html_detail());
  out.raw("<bdi>").text(title.front().text).raw("</bdi></h1><p>");
  // Behind the name: size, date, run and version.
  title.erase(title.begin());
  if (title.front().text.starts_with(html_detail().glyphs.separator)) {
    title.front().text.erase(0, html_detail().glyphs.separator.size());
  }
  out.line(title).raw("</p></div><div class=\"tools\" id=\"tools\"></div>");
  contents(out, report, data);
  out.raw("</header>\n<main id=\"main\">\n");
  verdict_part(out, report);
  score_part(out, report, data);
  latency_part(out, report, data);
  cost_part(out, report);
  flips_part(out, report);
  cases_part(out, report, data);
  failures_part(out, report);
  gates_part(out, report);
  trend_part(out, report);
  method_part(out, report, data);
  out.raw("</main>\n<footer><p>Made by faceoff ")
      .text(report.manifest.version)
      .raw(" from the records of run <bdi>")
      .text(report.manifest.id)
      .raw("</bdi>. This file loads nothing and sends nothing.</p></footer>\n");
}

}  // namespace

const Detail& html_detail() noexcept {
  static const Detail detail;
  return detail;
}

std::size_t column_of(const Report& report, std::string_view backend) noexcept {
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    if (report.columns[i].summary.backend == backend) {
      return i;
    }
  }
  return report.columns.size();
}

void column_name(Html& out, const Report& report, std::string_view backend) {
  const std::size_t column = column_of(report, backend);
  out.raw("<span").attribute("class", "name c" + std::to_string(column % 6)).raw("><bdi>");
  out.text(backend).raw("</bdi></span>");
  if (column < report.columns.size() && is_simulated(report.columns[column])) {
    out.raw(" <span class=\"sim\">simulated</span>");
  }
}

Status write_html(const Report& report, const RenderOptions& options, const Sink& sink) {
  static_cast<void>(options);
  FACEOFF_TRY_ASSIGN(CaseData data, read_case_data(report));
  Html out;
  page_head(out, report.manifest.suite, "faceoff report", kHtmlScript);
  body(out, report, data);
  if (!data.json.is_null()) {
    out.raw("<script type=\"application/json\" id=\"data\">").json(data.json).raw("</script>\n");
    data.json = nullptr;
  }
  page_end(out, kHtmlScript);
  return sink(out.str());
}

}  // namespace faceoff::report
