#include "../sections.h"
#include "html_parts.h"

#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using score::Outcome;

constexpr std::array<std::pair<Outcome, std::string_view>, 7> kOutcomes{{
    {Outcome::scored, "scored"},
    {Outcome::no_extraction, "no extractable answer"},
    {Outcome::empty, "empty"},
    {Outcome::truncated, "truncated"},
    {Outcome::refused, "refused"},
    {Outcome::unscored, "unscored"},
    {Outcome::failed, "failed"},
}};

void money(Html& out, const Column& column) {
  const compare::Summary& summary = column.summary;
  const auto per_thousand = compare::cost_per_thousand(summary);
  if (!per_thousand) {
    const bool price = column.entry.price.has_value();
    out.raw("<td class=\"n\">n/a</td><td class=\"n\">n/a</td><td>")
        .text(price ? "no token counts" : "no price set")
        .raw("</td>");
    return;
  }
  const bool least = summary.without_usage > 0;
  out.raw("<td class=\"n\">")
      .text((is_simulated(column) ? "would be " : "") + std::string(least ? "at least " : "") +
            format_money(summary.cost))
      .raw("</td><td class=\"n\">")
      .text(format_money(*per_thousand))
      .raw("</td><td>");
  if (column.entry.price && !column.entry.price->as_of.empty()) {
    out.raw("of ").text(column.entry.price->as_of);
  } else {
    out.raw("set by you");
  }
  out.raw("</td>");
}

void egress(Html& out, const Column& column) {
  const compare::Summary& summary = column.summary;
  out.raw("<td class=\"host\"><bdi>")
      .text(column.host.empty() ? "–" : column.host)
      .raw("</bdi></td>");
  if (column.entry.local || summary.prompts_sent == 0) {
    out.raw("<td><span class=\"tag local\">nothing left this machine</span></td>");
  } else {
    out.raw("<td><span class=\"tag remote\">left this machine</span></td>");
  }
  out.raw("<td class=\"n\">").count(summary.prompts_sent).raw("</td>");
}

std::string tokens(std::int64_t count) {
  return count > 0 ? fmt::format("{}", count) : "–";
}

void open_table(Html& out, Html::Literal label, Html::Literal head) {
  out.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
      .raw(label)
      .raw("\"><table><caption class=\"sr\">")
      .raw(label)
      .raw("</caption><thead><tr><th scope=\"col\">Backend</th>")
      .raw(head)
      .raw("</tr></thead><tbody>");
}

void row_of(Html& out, const Report& report, const Column& column) {
  out.raw("<tr><th scope=\"row\">");
  column_name(out, report, column.summary.backend);
  out.raw("</th>");
}

void outcomes(Html& out, const Report& report) {
  out.raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Outcomes\"><table>"
      "<caption class=\"sr\">How trials ended</caption><thead><tr>"
      "<th scope=\"col\">Backend</th><th scope=\"col\" class=\"n\">Planned</th>");
  for (const auto& [outcome, word] : kOutcomes) {
    out.raw("<th scope=\"col\" class=\"n\">").text(word).raw("</th>");
  }
  out.raw("<th scope=\"col\">Retries</th></tr></thead><tbody>");
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    const Column& column = report.columns[i];
    const compare::Summary& summary = column.summary;
    row_of(out, report, column);
    out.raw("<td class=\"n\">")
        .count(summary.planned > 0 ? summary.planned : summary.all.trials)
        .raw("</td>");
    for (const auto& [outcome, word] : kOutcomes) {
      const std::uint64_t count = summary.all.outcomes.of(outcome);
      const std::string name(score::to_string(outcome));
      out.raw(count == 0 ? Html::Literal("<td class=\"n zero\">")
                         : Html::Literal("<td class=\"n\">"));
      if (count > 0 && outcome != Outcome::scored) {
        out.raw("<a").attribute("href", fmt::format("#s{}={}", i, name)).raw(">");
        out.count(count).raw("</a></td>");
      } else {
        out.count(count).raw("</td>");
      }
    }
    std::string causes;
    for (const auto& [cause, count] : summary.retries) {
      causes +=
          fmt::format("{}{} {}", causes.empty() ? "" : ", ", count, backend::to_string(cause));
    }
    out.raw("<td>").text(causes.empty() ? "none" : causes).raw("</td></tr>");
  }
  out.raw("</tbody></table></div>");
}

}  // namespace

void cost_part(Html& out, const Report& report) {
  out.raw(
      "<section class=\"part\" aria-labelledby=\"cost\"><h2 id=\"cost\">Cost and data</h2>"
      "<p class=\"lead-in\">Where prompts went, and what the answers cost. An unknown price is "
      "n/a, never 0.</p>");
  open_table(out,
             "Costs and hosts",
             "<th scope=\"col\">Host</th><th scope=\"col\">Data</th>"
             "<th scope=\"col\" class=\"n\">Prompts sent</th>"
             "<th scope=\"col\" class=\"n\">Tokens in</th>"
             "<th scope=\"col\" class=\"n\">Tokens out</th>"
             "<th scope=\"col\" class=\"n\">Cost</th>"
             "<th scope=\"col\" class=\"n\">Per 1000 answers</th><th scope=\"col\">Prices</th>"
             "<th scope=\"col\" class=\"n\">tok/s, whole run</th>");
  for (const Column& column : report.columns) {
    row_of(out, report, column);
    egress(out, column);
    out.raw("<td class=\"n\">").text(tokens(column.summary.prompt_tokens));
    out.raw("</td><td class=\"n\">").text(tokens(column.summary.completion_tokens)).raw("</td>");
    money(out, column);
    out.raw("<td class=\"n\">")
        .text(column.summary.system_rate ? rate(*column.summary.system_rate) : "–")
        .raw("</td></tr>");
  }
  out.raw("</tbody></table></div></section>");
}

void failures_part(Html& out, const Report& report) {
  out.raw(
      "<section class=\"part\" aria-labelledby=\"failures\"><h2 id=\"failures\">"
      "Failures and retries</h2><p class=\"lead-in\">What the model did counts, as 0 where it "
      "refused or was cut off; what the network did does not count.</p>");
  outcomes(out, report);
  for (const Column& column : report.columns) {
    for (const compare::FailureCount& failure : column.summary.failures) {
      out.raw("<figure class=\"failure\"><figcaption>");
      column_name(out, report, column.summary.backend);
      out.raw(": ").count(failure.count).raw(" × ").text(backend::to_string(failure.kind));
      out.raw(", as in case <a").attribute("href", case_fragment(failure.case_id)).raw("><bdi>");
      out.text(failure.case_id).raw("</bdi></a></figcaption>");
      if (!failure.message.empty()) {
        out.raw("<pre>").lines(cut_text(failure.message, 2000)).raw("</pre>");
      }
      out.raw("</figure>");
    }
  }
  for (const Section& section : repeats_sections(report, html_detail())) {
    out.section(section);
  }
  out.raw("</section>");
}

bool has_gates(const Report& report) {
  return !gate_sections(report, html_detail()).empty();
}

void gates_part(Html& out, const Report& report) {
  const auto sections = gate_sections(report, html_detail());
  if (sections.empty()) {
    return;
  }
  out.raw(
      "<section class=\"part\" aria-labelledby=\"gates\"><h2 id=\"gates\">"
      "Gates and baseline</h2>");
  for (const Section& section : sections) {
    out.section(section);
  }
  out.raw("</section>");
}

}  // namespace faceoff::report
