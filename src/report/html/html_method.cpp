#include "html_parts.h"

#include <faceoff/base/text.h>

#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

void fact(Html& out, Html::Literal name, std::string_view value) {
  if (!value.empty()) {
    out.raw("<dt>").raw(name).raw("</dt><dd>").text(value).raw("</dd>");
  }
}

std::string identity_of(const store::BackendEntry& entry) {
  std::string text = entry.identity.server;
  const auto add = [&text](const std::string& part) {
    text += (text.empty() || part.empty() ? "" : ", ") + part;
  };
  if (entry.identity.model != entry.model) {
    add(entry.identity.model);
  }
  for (const auto& [name, value] : entry.identity.facts) {
    add(fmt::format("{} {}", name, value));
  }
  if (entry.identity.context) {
    add(fmt::format("context {}", *entry.identity.context));
  }
  return text.empty() ? "not reported" : text;
}

void backends(Html& out, const Report& report, const CaseData& data) {
  out.raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Backends\"><table>"
      "<caption class=\"sr\">Backends as they were asked</caption><thead><tr>"
      "<th scope=\"col\">Backend</th><th scope=\"col\">Adapter</th>"
      "<th scope=\"col\">Model</th><th scope=\"col\">The server said</th>"
      "<th scope=\"col\">Parameters</th><th scope=\"col\" class=\"n\">In flight</th>"
      "</tr></thead><tbody>");
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    const store::BackendEntry& entry = report.columns[i].entry;
    out.raw("<tr><th scope=\"row\">");
    column_name(out, report, report.columns[i].summary.backend);
    out.raw("</th><td>")
        .text(entry.adapter)
        .raw("</td><td class=\"model\"><bdi>")
        .text(entry.model);
    out.raw("</bdi>");
    if (!entry.replayed_from.empty()) {
      out.raw("<br><span class=\"dim\">replayed from <bdi>").text(entry.replayed_from);
      out.raw("</bdi></span>");
    }
    out.raw("</td><td class=\"said\"><bdi>").text(identity_of(entry)).raw("</bdi></td><td>");
    out.text(i < data.parameters.size() ? data.parameters[i] : "–").raw("</td><td class=\"n\">");
    out.count(static_cast<std::uint64_t>(std::max<std::int64_t>(0, entry.concurrency)));
    out.raw("</td></tr>");
  }
  out.raw("</tbody></table></div>");
}

void words(Html& out) {
  out.raw(
      "<div class=\"prose\">"
      "<p><b>Unit.</b> The case. Repeats of a case are averaged first; cases that declare a common "
      "cluster are treated as dependent. Backends are compared on the cases that both answered, "
      "and "
      "what was left out is counted.</p>"
      "<p><b>Score intervals.</b> Wilson, with an effective number of cases for graded or "
      "clustered "
      "scores. <b>Differences.</b> Tango's interval with the mid-p McNemar test for scores of 0 "
      "and "
      "1, Student's t on the differences per case for graded ones, cluster-robust where clusters "
      "are declared; p-values of several comparisons are adjusted (Holm; Benjamini-Hochberg by "
      "tag).</p>"
      "<p><b>Latency.</b> Quantiles are of type 7 with order-statistic intervals; comparisons are "
      "ratios per case (Hodges-Lehmann with Wilcoxon's test). A time limit counts as infinitely "
      "long, never as left out. Bands around the curves are those of Dvoretzky, Kiefer and "
      "Wolfowitz and hold for the whole curve.</p>"
      "<p><b>Not measured.</b> Prompts other than these; other hours, regions and loads; the "
      "models' "
      "behaviour at other parameters. Tokens are each provider's own and differ between models. "
      "No clear difference does not mean equal.</p></div>");
}

}  // namespace

void method_part(Html& out, const Report& report, const CaseData& data) {
  const store::Manifest& run = report.manifest;
  out.raw("<section class=\"part\" aria-labelledby=\"method\"><h2 id=\"method\">Method</h2>");
  backends(out, report, data);
  words(out);
  out.raw("<dl class=\"facts\">");
  fact(out, "Run", run.id);
  fact(out, "Suite", run.suite_path.empty() ? run.suite : run.suite_path);
  fact(out, "Suite digest", run.suite_digest);
  fact(out, "Description", run.description);
  fact(out, "Scorers", join(run.scorers, ", "));
  fact(out, "Seed", fmt::format("{}", run.seed));
  fact(out, "Started", run.started_utc);
  fact(out, "Finished", run.finished_utc);
  fact(out,
       "Versions",
       fmt::format(
           "faceoff {}{}{}", run.version, run.curl_version.empty() ? "" : ", ", run.curl_version));
  fact(out, "Machine", run.host_os);
  fact(out,
       "The client itself",
       fmt::format("at most {:.1f} ms late, {:.0f}% of one core busy",
                   run.loop_lag_ms,
                   run.client_busy * 100));
  std::string command;
  for (const std::string& word : run.command) {
    command += (command.empty() ? "" : " ") + shell_word(word);
  }
  if (!command.empty()) {
    out.raw("<dt>Command</dt><dd><code>").text(command).raw("</code></dd>");
  }
  out.raw("</dl>");
  if (!data.json.is_null()) {
    out.raw("<div class=\"needs-script\" id=\"downloads\"></div>");
  }
  out.raw("</section>");
}

}  // namespace faceoff::report
