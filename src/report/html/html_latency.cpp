#include "html_parts.h"

#include <faceoff/stats/quantile.h>

#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using compare::LatencySummary;
using compare::QuantileEstimate;

constexpr std::array<double, 4> kQuantiles{0.5, 0.9, 0.95, 0.99};

QuantileEstimate estimate_of(const std::vector<double>& sorted, double q, double conf) {
  const stats::QuantileInterval found = stats::quantile_ci(sorted, q, conf);
  QuantileEstimate estimate;
  estimate.q = q;
  estimate.value = found.value;
  estimate.lo = found.interval.lo;
  estimate.hi = found.interval.hi;
  estimate.beyond_limit = !found.value && !sorted.empty();
  estimate.needs_at_least = stats::quantile_min_n(q, conf).two_sided;
  return estimate;
}

void quantile_cell(Html& out, const QuantileEstimate& estimate) {
  out.raw("<td>");
  if (!estimate.value) {
    if (estimate.beyond_limit) {
      out.raw("timed out");
    } else {
      out.raw("–");
    }
  } else {
    const std::string text = seconds_with_interval(estimate, true, unicode_glyphs());
    const auto blank = text.find(' ');
    out.raw("<span class=\"num\">").text(text.substr(0, blank)).raw("</span>");
    if (blank != std::string::npos) {
      out.raw(" <span class=\"ci\">").text(text.substr(blank + 1)).raw("</span>");
    }
  }
  out.raw("</td>");
}

class LatencyTable {
 public:
  LatencyTable(Html& out, const Report& report, const CaseData& data)
      : out_(out), report_(report), data_(data) {}

  void write() {
    const bool all = data_.complete;
    out_.raw(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Quantiles\"><table>"
        "<caption class=\"sr\">Latency in seconds, quantiles with intervals</caption>"
        "<thead><tr><th scope=\"col\">Backend</th><th scope=\"col\">Time to</th>"
        "<th scope=\"col\" class=\"n\">Answers</th><th scope=\"col\">p50</th>");
    if (all) {
      out_.raw("<th scope=\"col\">p90</th>");
    }
    out_.raw("<th scope=\"col\">p95</th>");
    if (all) {
      out_.raw("<th scope=\"col\">p99</th>");
    }
    out_.raw(
        "<th scope=\"col\" class=\"n\">Timed out</th><th scope=\"col\" class=\"n\">tok/s</th>"
        "</tr></thead><tbody>");
    for (std::size_t i = 0; i < report_.columns.size(); ++i) {
      const compare::Summary& summary = report_.columns[i].summary;
      row(i, "first token", summary.ttft, data_.ttft, true);
      row(i, "full answer", summary.e2e, data_.e2e, false);
    }
    out_.raw("</tbody></table></div><p class=\"note\">Square brackets: order-statistic ");
    out_.text(interval_name(report_))
        .raw(" of the quantile. An open end (∞) means that so few answers cannot bound it.</p>");
  }

 private:
  void row(std::size_t column,
           Html::Literal what,
           const LatencySummary& latency,
           const std::vector<std::vector<double>>& samples,
           bool first) {
    const compare::Summary& summary = report_.columns[column].summary;
    if (first) {
      out_.raw("<tr class=\"first\"><th scope=\"rowgroup\" rowspan=\"2\">");
      column_name(out_, report_, summary.backend);
      out_.raw("</th>");
    } else {
      out_.raw("<tr>");
    }
    out_.raw("<th scope=\"row\">").raw(what).raw("</th><td class=\"n\">").count(latency.n);
    out_.raw("</td>");
    if (data_.complete) {
      for (const double q : kQuantiles) {
        quantile_cell(out_, estimate_of(samples[column], q, summary.conf));
      }
    } else {
      quantile_cell(out_, latency.p50);
      quantile_cell(out_, latency.p95);
    }
    out_.raw("<td class=\"n\">").count(latency.timed_out).raw("</td>");
    if (first) {
      out_.raw("<td class=\"n\" rowspan=\"2\">")
          .text(summary.decode_rate ? rate(*summary.decode_rate) : "–")
          .raw("</td>");
    }
    out_.raw("</tr>");
  }

  Html& out_;
  const Report& report_;
  const CaseData& data_;
};

}  // namespace

void latency_part(Html& out, const Report& report, const CaseData& data) {
  out.raw(
      "<section class=\"part\" aria-labelledby=\"latency\"><h2 id=\"latency\">Latency</h2>"
      "<p class=\"lead-in\">Seconds since the request was about to be written, over answers "
      "that needed no retry and came from no cache.</p>"
      "<div class=\"charts\" id=\"latency-charts\"></div>");
  LatencyTable(out, report, data).write();
  out.raw("</section>");
  if (!data.json.is_null()) {
    out.raw(
        "<section class=\"part needs-script\" aria-labelledby=\"timeline\">"
        "<h2 id=\"timeline\">Timeline</h2><p class=\"lead-in\">When each trial began and how "
        "long it took: drift, warm-up, waits and failures show here.</p>"
        "<div id=\"timeline-chart\"></div></section>");
  }
}

}  // namespace faceoff::report
