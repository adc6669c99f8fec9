#include "../sections.h"
#include "html_parts.h"
#include "html_plot.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using compare::Comparison;
using compare::Verdict;

void sign(Html& out, const Comparison& comparison) {
  switch (comparison.verdict) {
    case Verdict::better:
      out.raw("<span class=\"sign up\" aria-hidden=\"true\">▲</span>");
      break;
    case Verdict::worse:
      out.raw("<span class=\"sign down\" aria-hidden=\"true\">▼</span>");
      break;
    default:
      out.raw("<span class=\"sign open\" aria-hidden=\"true\">~</span>");
  }
}

// By how much the better one is better; where none is, only between what the difference lies.
std::string distance_text(const Comparison& score) {
  const compare::Estimate& e = score.estimate;
  if (!e.value) {
    return {};
  }
  const bool clear = score.verdict == Verdict::better || score.verdict == Verdict::worse;
  const double sign = score.verdict == Verdict::worse ? -1 : 1;
  if (!e.lo || !e.hi) {
    return clear ? fmt::format("by {:.1f} points", as_points(*e.value * sign)) : "";
  }
  const double lo = as_points(std::min(*e.lo * sign, *e.hi * sign));
  const double hi = as_points(std::max(*e.lo * sign, *e.hi * sign));
  return clear ? fmt::format("by {:.1f} points, {:.3g}% interval {:.1f} to {:.1f}",
                             as_points(*e.value * sign),
                             e.conf * 100,
                             lo,
                             hi)
               : fmt::format("difference between {:+.1f} and {:+.1f} points", lo, hi);
}

// The one sentence that a reader takes away. Its words are those of the verdict, never stronger.
void headline(Html& out, const Report& report, const compare::PairComparison& pair) {
  const Comparison& score = pair.score;
  const auto name = [&](const std::string& backend) { column_name(out, report, backend); };
  const auto both = [&](Html::Literal words) {
    name(pair.reference);
    out.raw(" and ");
    name(pair.candidate);
    out.raw(words);
  };
  switch (score.verdict) {
    case Verdict::better:
    case Verdict::worse: {
      const bool better = score.verdict == Verdict::better;
      name(better ? pair.candidate : pair.reference);
      out.raw(" scores higher than ");
      name(better ? pair.reference : pair.candidate);
      break;
    }
    case Verdict::not_worse:
      name(pair.candidate);
      out.raw(" is not worse than ");
      name(pair.reference);
      out.raw(" by more than ").decimal(score.margin.value_or(0) * 100, 1).raw(" points");
      break;
    case Verdict::equivalent:
      both(" score the same within ");
      out.decimal(score.margin.value_or(0) * 100, 1).raw(" points");
      break;
    case Verdict::no_clear_difference:
      both(" cannot be told apart with ");
      out.text(counted(score.n_pairs, "case"));
      break;
    case Verdict::not_enough_data:
      both(": too few cases for a verdict");
      break;
    case Verdict::not_comparable:
      both(" cannot be compared");
  }
  if (const std::string by = distance_text(score); !by.empty()) {
    out.raw("<span class=\"by\">").text(by).raw("</span>");
  }
}

void finding(Html& out, Html::Literal what, const Comparison& comparison, double reach) {
  out.raw("<div class=\"finding\"><dt>").raw(what).raw("</dt><dd>");
  sign(out, comparison);
  out.raw("<span>").text(comparison.finding).raw("</span>");
  if (comparison.estimate.value) {
    if (comparison.metric == compare::Metric::score) {
      difference_bar(out, comparison, reach);
    } else {
      ratio_bar(out, comparison, reach);
    }
  }
  out.raw("</dd></div>");
}

// The least round factor that shows every interval of the pair's latencies.
double ratio_reach(const compare::PairComparison& pair) {
  double reach = 2;
  for (const Comparison* c : {&pair.ttft, &pair.e2e, &pair.tpot}) {
    for (const auto& end : {c->estimate.lo, c->estimate.value, c->estimate.hi}) {
      if (end && *end > 0) {
        reach = std::max(reach, std::max(*end, 1 / *end));
      }
    }
  }
  return std::min(reach * 1.1, 100.0);
}

double points_reach(const Comparison& score) {
  double reach = 0.05;
  for (const auto& end : {score.estimate.lo, score.estimate.value, score.estimate.hi}) {
    reach = end ? std::max(reach, std::abs(*end) * 1.1) : reach;
  }
  return reach;
}

void card(Html& out, const Report& report, const compare::PairComparison& pair, bool first) {
  out.raw("<article class=\"card pair\">");
  if (first) {
    out.raw("<h2 id=\"verdict\">");
    headline(out, report, pair);
    out.raw("</h2>");
  } else {
    out.raw("<h3>");
    headline(out, report, pair);
    out.raw("</h3>");
  }
  out.raw("<p class=\"lead-in\">");
  column_name(out, report, pair.candidate);
  out.raw(" against the reference ");
  column_name(out, report, pair.reference);
  out.text(fmt::format(", on {} that both answered", counted(pair.score.n_pairs, "case")));
  out.raw("</p><dl class=\"findings\">");
  finding(out, "Score", pair.score, points_reach(pair.score));
  const double reach = ratio_reach(pair);
  finding(out, "First token", pair.ttft, reach);
  finding(out, "Full answer", pair.e2e, reach);
  if (pair.tpot.n_pairs > 0) {
    finding(out, "Each token", pair.tpot, reach);
  }
  out.raw(
      "</dl><p class=\"note\">The bars show estimate and interval; on the dashed line there is no "
      "difference. Times are ratios, on a logarithmic scale.</p>");
  if (const std::string note = planning_note(pair.score); !note.empty()) {
    out.raw("<p class=\"note\">").text(note).raw("</p>");
  }
  out.raw("</article>");
}

void standings(Html& out, const Report& report) {
  out.raw(
      "<article class=\"card\"><h3>Places by score</h3><p class=\"note\">Every place that no "
      "clear difference between two models denies it; 1 is best.</p><ol class=\"places\">");
  for (const compare::Standing& standing : report.standings) {
    out.raw("<li><b>").text(standing.best == standing.worst
                                ? fmt::format("{}", standing.best)
                                : fmt::format("{} to {}", standing.best, standing.worst));
    out.raw("</b> ");
    column_name(out, report, standing.backend);
    out.raw("</li>");
  }
  out.raw("</ol></article>");
}

void no_comparison(Html& out, const Report& report) {
  out.raw("<article class=\"card pair\"><h2 id=\"verdict\">");
  if (report.manifest.state != store::RunState::complete) {
    std::uint64_t recorded = 0;
    for (const Column& column : report.columns) {
      recorded += column.summary.all.trials;
    }
    out.raw("No verdict: the run is not complete</h2><p>")
        .text(fmt::format("It is {}; {} of {} trials are recorded.",
                          store::to_string(report.manifest.state),
                          recorded,
                          report.manifest.trials))
        .raw("</p></article>");
    return;
  }
  if (report.columns.empty()) {
    out.raw("No backend was asked</h2></article>");
    return;
  }
  const Column& column = report.columns.front();
  const compare::ScoreEstimate& score = column.summary.all.score;
  column_name(out, report, column.summary.backend);
  if (score.value) {
    out.raw(" scores ").text(percent(*score.value));
  } else {
    out.raw(" has no answer that could be scored");
  }
  out.raw("</h2><p>");
  if (score.lo && score.hi) {
    out.text(fmt::format("{} {} to {} on {}. ",
                         interval_name(report),
                         percent(*score.lo),
                         percent(*score.hi),
                         counted(score.n, "case")));
  }
  out.raw("One backend: there is nothing to compare it with in this run.</p></article>");
}

}  // namespace

void verdict_part(Html& out, const Report& report) {
  out.raw("<section class=\"part\" aria-labelledby=\"verdict\">");
  if (std::ranges::any_of(report.columns, is_simulated)) {
    out.raw(
        "<p class=\"banner\"><b>Simulated.</b> The stand-in endpoint of faceoff answered; no "
        "figure of it is a model's.</p>");
  }
  if (report.comparisons.empty() || report.manifest.state != store::RunState::complete) {
    no_comparison(out, report);
  } else {
    bool first = true;
    for (const compare::PairComparison& pair : report.comparisons) {
      card(out, report, pair, first);
      first = false;
    }
    if (!report.standings.empty()) {
      standings(out, report);
    }
  }
  for (Section section : note_sections(report)) {
    // The banner says that already.
    std::erase_if(section.paragraphs, [](const Paragraph& paragraph) {
      return !paragraph.lead.empty() && paragraph.lead.front().text == "simulated";
    });
    if (section.heading.front().text != "Next" && !section.paragraphs.empty()) {
      out.raw("<div class=\"notes\">").section(section).raw("</div>");
    }
  }
  out.raw("</section>");
}

}  // namespace faceoff::report
