#include "sections.h"

#include <fmt/format.h>

namespace faceoff::report {
namespace {

Line finding(const compare::Comparison& comparison) {
  return {{comparison.finding}};
}

Section no_verdict(const Report& report) {
  std::uint64_t recorded = 0;
  for (const Column& column : report.columns) {
    recorded += column.summary.all.trials;
  }
  Section section;
  section.heading = {{"Verdict", Style::bold}};
  section.paragraphs.push_back(
      {{{"none", Style::bold}},
       {{fmt::format("the run is not complete ({}): {} of {} trials are recorded",
                     store::to_string(report.manifest.state),
                     recorded,
                     report.manifest.trials)}}});
  return section;
}

// A place is a range wherever no clear difference settles it.
Section standings(const Report& report, const Detail& detail) {
  Section section;
  section.heading = {{"Places by score", Style::bold},
                     {fmt::format(" (1 is best; of {} models)", report.standings.size())}};
  for (const compare::Standing& standing : report.standings) {
    const std::string place = standing.best == standing.worst
                                  ? fmt::format("{}", standing.best)
                                  : fmt::format("{} to {}", standing.best, standing.worst);
    section.paragraphs.push_back({label_of(report, standing.backend, detail), {{place}}});
  }
  if (report.omnibus) {
    const compare::Omnibus& test = *report.omnibus;
    section.footnotes.push_back(
        {{fmt::format("All alike? {}, {}, {}.",
                      test.name == "friedman" ? "Friedman's test" : "Cochran's Q",
                      counted(test.cases, "case"),
                      test.p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", test.p)),
          Style::dim}});
  }
  return section;
}

// "0.41 s (p50)" for a block.
Line median(const compare::LatencySummary& latency, const Detail& detail) {
  std::string text = seconds_with_interval(latency.p50, true, detail.glyphs);
  return {{text + (latency.p50.value ? " s" : "")}};
}

}  // namespace

std::vector<Section> verdict_sections(const Report& report, const Detail& detail) {
  if (report.comparisons.empty()) {
    return {};
  }
  if (report.manifest.state != store::RunState::complete) {
    return {no_verdict(report)};
  }
  std::vector<Section> sections;
  for (const compare::PairComparison& pair : report.comparisons) {
    Section section;
    section.heading = {{"Verdict on ", Style::bold}};
    append(section.heading, label_of(report, pair.candidate, detail));
    section.heading.push_back({" against ", Style::bold});
    append(section.heading, label_of(report, pair.reference, detail));
    section.paragraphs.push_back({{{"score", Style::bold}}, finding(pair.score)});
    section.paragraphs.push_back({{{"first token", Style::bold}}, finding(pair.ttft)});
    section.paragraphs.push_back({{{"full answer", Style::bold}}, finding(pair.e2e)});
    if (pair.tpot.n_pairs > 0) {
      section.paragraphs.push_back({{{"each token", Style::bold}}, finding(pair.tpot)});
    }
    if (const std::string note = planning_note(pair.score); !note.empty()) {
      section.footnotes.push_back({{note, Style::dim}});
    }
    sections.push_back(std::move(section));
  }
  if (!report.standings.empty()) {
    sections.push_back(standings(report, detail));
  }
  return sections;
}

std::vector<Section> block_sections(const Report& report, const Detail& detail) {
  std::vector<Section> sections;
  for (const Column& column : report.columns) {
    const compare::Summary& summary = column.summary;
    const compare::ScoreEstimate& score = summary.all.score;
    Section section;
    section.heading = label_of(column, detail);
    section.heading.front().style = Style::bold;
    const std::string share = share_with_interval(score.value, score.lo, score.hi, detail.glyphs);
    section.paragraphs = {
        {{{"score"}}, {{fmt::format("{} ({})", trim(share), counted(score.n, "case"))}}},
        {{{"first token p50"}}, median(summary.ttft, detail)},
        {{{"full answer p50"}}, median(summary.e2e, detail)},
    };
    sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace faceoff::report
