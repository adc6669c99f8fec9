#include "html_parts.h"
#include "html_plot.h"

#include <faceoff/base/text.h>

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
constexpr std::size_t kMostFlips = 50;

const Slice* slice_of(const Column& column, const std::string& tag) {
  if (tag.empty()) {
    return &column.summary.all;
  }
  const auto at = std::ranges::find(column.summary.tags, tag, &Slice::tag);
  return at == column.summary.tags.end() ? nullptr : &*at;
}

const Comparison* comparison_of(const PairComparison& pair, const std::string& tag) {
  if (tag.empty()) {
    return &pair.score;
  }
  const auto at = std::ranges::find(pair.tags, tag, &Comparison::tag);
  return at == pair.tags.end() ? nullptr : &*at;
}

void share_cell(Html& out, const Slice* slice, std::size_t column) {
  out.raw("<td class=\"est\">");
  if (slice == nullptr || !slice->score.value) {
    out.raw("–</td>");
    return;
  }
  const compare::ScoreEstimate& score = slice->score;
  share_bar(out, score.value, score.lo, score.hi, column);
  out.raw("<span class=\"num\">").text(percent(*score.value)).raw("</span> <span class=\"ci\">");
  if (score.lo && score.hi) {
    out.text(fmt::format("[{:.1f}, {:.1f}]", as_points(*score.lo), as_points(*score.hi)));
  }
  out.raw("</span></td>");
}

void difference_cell(Html& out, const Comparison* comparison, double reach) {
  out.raw("<td class=\"est\">");
  if (comparison == nullptr || !comparison->estimate.value) {
    out.raw("–</td>");
    return;
  }
  const compare::Estimate& e = comparison->estimate;
  const bool few = !comparison->tag.empty() && comparison->n_pairs < kFewForTag;
  if (few) {
    Comparison bare;
    bare.verdict = compare::Verdict::not_enough_data;
    bare.estimate.value = e.value;
    difference_bar(out, bare, reach);
  } else {
    difference_bar(out, *comparison, reach);
  }
  out.raw("<span class=\"num\">").text(fmt::format("{:+.1f}", as_points(*e.value)));
  out.raw("</span> <span class=\"ci\">");
  if (few) {
    out.raw("too few cases");
  } else if (e.lo && e.hi) {
    out.text(fmt::format("[{:+.1f}, {:+.1f}]", as_points(*e.lo), as_points(*e.hi)));
  }
  out.raw("</span> ");
  switch (comparison->verdict) {
    case compare::Verdict::better:
      out.raw("<span class=\"sign up\">▲<span class=\"sr\"> higher</span></span>");
      break;
    case compare::Verdict::worse:
      out.raw("<span class=\"sign down\">▼<span class=\"sr\"> lower</span></span>");
      break;
    default:
      out.raw("<span class=\"sign open\">~<span class=\"sr\"> no clear difference</span></span>");
  }
  out.raw("</td>");
}

std::uint64_t cases_in(const Report& report, const std::string& tag) {
  std::uint64_t cases = 0;
  for (const Column& column : report.columns) {
    if (const Slice* slice = slice_of(column, tag)) {
      cases = std::max(cases, slice->cases);
    }
  }
  return cases;
}

double reach_of(const Report& report) {
  double reach = 0.1;
  const auto widen = [&reach](const Comparison& c) {
    const bool few = !c.tag.empty() && c.n_pairs < kFewForTag;
    for (const auto& end : {c.estimate.value,
                            few ? std::nullopt : c.estimate.lo,
                            few ? std::nullopt : c.estimate.hi}) {
      reach = end ? std::max(reach, std::abs(*end)) : reach;
    }
  };
  for (const PairComparison& pair : report.comparisons) {
    widen(pair.score);
    std::ranges::for_each(pair.tags, widen);
  }
  return std::min(1.0, std::ceil(reach * 10) / 10);
}

class ScoreTable {
 public:
  ScoreTable(Html& out, const Report& report)
      : out_(out), report_(report), reach_(reach_of(report)) {}

  void matrix() {
    open("Score of each backend, of all cases and by tag");
    out_.raw(
        "<th scope=\"col\"><span class=\"sr\">Tag</span></th>"
        "<th scope=\"col\" class=\"n\">Cases</th>");
    for (const Column& column : report_.columns) {
      share_header(column.summary.backend);
    }
    for (const PairComparison& pair : report_.comparisons) {
      difference_header(pair);
    }
    out_.raw("</tr></thead><tbody>");
    row("");
    std::set<std::string> tags;
    for (const Column& column : report_.columns) {
      for (const Slice& slice : column.summary.tags) {
        tags.insert(slice.tag);
      }
    }
    for (const std::string& tag : tags) {
      row(tag);
    }
    out_.raw("</tbody></table></div>");
    if (tags.size() > 1 && !report_.comparisons.empty()) {
      out_.raw("<p class=\"note\">Signs by tag are adjusted for looking at ")
          .count(tags.size())
          .raw(
              " tags (Benjamini-Hochberg), their intervals are not; the verdict rests on the row "
              "of all cases.</p>");
    }
  }

  void list() {
    open("Score of each backend");
    out_.raw(
        "<th scope=\"col\">Backend</th><th scope=\"col\" class=\"n\">Cases</th>"
        "<th scope=\"col\">Score</th><th scope=\"col\">Difference from ");
    column_name(out_, report_, report_.columns.front().summary.backend);
    out_.raw(", points</th></tr></thead><tbody>");
    for (std::size_t i = 0; i < report_.columns.size(); ++i) {
      const compare::Summary& summary = report_.columns[i].summary;
      out_.raw("<tr><th scope=\"row\">");
      column_name(out_, report_, summary.backend);
      out_.raw("</th><td class=\"n\">").count(summary.all.cases).raw("</td>");
      share_cell(out_, &summary.all, i);
      const auto pair =
          std::ranges::find(report_.comparisons, summary.backend, &PairComparison::candidate);
      difference_cell(out_, pair == report_.comparisons.end() ? nullptr : &pair->score, reach_);
      out_.raw("</tr>");
    }
    out_.raw("</tbody></table></div>");
  }

 private:
  void open(Html::Literal caption) {
    out_.raw(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Scores\">"
            "<table class=\"scores\"><caption class=\"sr\">")
        .raw(caption)
        .raw("</caption><thead><tr>");
  }
  void share_header(const std::string& backend) {
    out_.raw("<th scope=\"col\">");
    column_name(out_, report_, backend);
    out_.raw("<span class=\"axis\" aria-hidden=\"true\"><i>0</i><i>50</i><i>100%</i></span></th>");
  }
  void difference_header(const PairComparison& pair) {
    out_.raw("<th scope=\"col\">");
    column_name(out_, report_, pair.candidate);
    out_.raw(" <span class=\"dim\">minus</span> ");
    column_name(out_, report_, pair.reference);
    out_.raw("<span class=\"axis\" aria-hidden=\"true\"><i>")
        .text(fmt::format("−{:.0f}", reach_ * 100))
        .raw("</i><i>0</i><i>")
        .text(fmt::format("+{:.0f} pp", reach_ * 100))
        .raw("</i></span></th>");
  }
  void row(const std::string& tag) {
    out_.raw(tag.empty() ? Html::Literal("<tr class=\"all\"><th scope=\"row\">")
                         : Html::Literal("<tr><th scope=\"row\">"));
    if (tag.empty()) {
      out_.raw("All cases");
    } else {
      out_.raw("<bdi>").text(tag).raw("</bdi>");
    }
    out_.raw("</th><td class=\"n\">").count(cases_in(report_, tag)).raw("</td>");
    for (std::size_t i = 0; i < report_.columns.size(); ++i) {
      share_cell(out_, slice_of(report_.columns[i], tag), i);
    }
    for (const PairComparison& pair : report_.comparisons) {
      difference_cell(out_, comparison_of(pair, tag), reach_);
    }
    out_.raw("</tr>");
  }

  Html& out_;
  const Report& report_;
  double reach_;
};

void flip_list(Html& out, const std::vector<std::string>& ids, std::uint64_t total) {
  out.raw("<ol class=\"flips\">");
  for (std::size_t i = 0; i < std::min(ids.size(), kMostFlips); ++i) {
    out.raw("<li><a").attribute("href", case_fragment(ids[i])).raw("><bdi>");
    out.text(ids[i]).raw("</bdi></a></li>");
  }
  out.raw("</ol>");
  if (total > kMostFlips) {
    out.raw("<p class=\"note\">The first ").count(kMostFlips).raw(" of ").count(total);
    out.raw("; the list of cases below has them all.</p>");
  }
}

// What each scorer gave by itself, where there are several: for browsing, without intervals.
void by_scorer(Html& out, const Report& report, const CaseData& data) {
  if (data.scorers.size() < 2) {
    return;
  }
  out.raw(
      "<details class=\"behind more\"><summary>By scorer</summary><div class=\"scroll\" "
      "tabindex=\"0\" "
      "role=\"region\" aria-label=\"By scorer\"><table><caption class=\"sr\">Mean score by "
      "scorer</caption><thead><tr><th scope=\"col\">Scorer</th>");
  for (const Column& column : report.columns) {
    out.raw("<th scope=\"col\" class=\"n\">");
    column_name(out, report, column.summary.backend);
    out.raw("</th>");
  }
  out.raw("</tr></thead><tbody>");
  for (const auto& [name, totals] : data.scorers) {
    out.raw("<tr><th scope=\"row\"><bdi>").text(name).raw("</bdi></th>");
    for (const auto& [sum, n] : totals) {
      out.raw("<td class=\"n\">");
      if (n == 0) {
        out.raw("–");
      } else {
        out.text(percent(sum / static_cast<double>(n))).raw(" <span class=\"ci\">of ");
        out.count(n).raw("</span>");
      }
      out.raw("</td>");
    }
    out.raw("</tr>");
  }
  out.raw(
      "</tbody></table></div><p class=\"note\">Means over the answers that each scorer looked at");
  if (!data.complete) {
    out.raw(", of the listed cases");
  }
  out.raw("; for browsing, without intervals.</p></details>");
}

}  // namespace

void score_part(Html& out, const Report& report, const CaseData& data) {
  out.raw("<section class=\"part\" aria-labelledby=\"score\"><h2 id=\"score\">Score</h2>");
  if (report.columns.empty()) {
    out.raw("<p>No backend was asked.</p></section>");
    return;
  }
  const bool shares = std::ranges::all_of(report.columns, [](const Column& column) {
    return column.summary.all.score.n == 0 || column.summary.all.score.passed;
  });
  out.raw("<p class=\"lead-in\">")
      .text(fmt::format("{}, {}.",
                        shares ? "Share of cases passed" : "Mean score over cases",
                        interval_name(report)));
  if (!report.comparisons.empty()) {
    out.raw(
        " <span class=\"legend\"><span class=\"sign up\">▲</span> higher <span class=\"sign "
        "down\">▼</span> lower <span class=\"sign open\">~</span> no clear difference; "
        "differences in percentage points</span>");
  }
  out.raw("</p>");
  ScoreTable table(out, report);
  if (report.columns.size() > kMostColumns) {
    table.list();
    out.raw("<details class=\"more\"><summary>By tag</summary>");
    table.matrix();
    out.raw("</details>");
  } else {
    table.matrix();
  }
  by_scorer(out, report, data);
  out.raw("</section>");
}

void flips_part(Html& out, const Report& report) {
  if (report.comparisons.empty()) {
    return;
  }
  out.raw(
      "<section class=\"part\" aria-labelledby=\"flips\"><h2 id=\"flips\">Flips</h2>"
      "<p class=\"lead-in\">Cases that one backend passes and the other does not: what the "
      "difference is made of.</p>");
  for (const PairComparison& pair : report.comparisons) {
    const Comparison& score = pair.score;
    out.raw("<div class=\"split\">");
    const auto side =
        [&](const std::string& name, const std::vector<std::string>& ids, std::uint64_t total) {
          out.raw("<div class=\"card\"><h3>Only ");
          column_name(out, report, name);
          out.raw(" passes <span class=\"count\">").count(total).raw("</span></h3>");
          if (total == 0) {
            out.raw("<p class=\"note\">No such case.</p>");
          } else {
            flip_list(out, ids, total);
          }
          out.raw("</div>");
        };
    side(pair.reference, score.only_reference_passes, score.n_only_reference_passes);
    side(pair.candidate, score.only_candidate_passes, score.n_only_candidate_passes);
    out.raw("</div>");
  }
  out.raw("</section>");
}

}  // namespace faceoff::report
