#include "sections.h"

#include <faceoff/compare/plan.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

// The sign never stands alone: the word says the same.
Line lead_of(const compare::GateResult& gate, const Detail& detail) {
  const bool unicode = detail.glyphs.superscripts;
  Span sign{"? undecided ", Style::bold};
  if (gate.state == compare::GateState::pass) {
    sign = {unicode ? "✓ pass " : "+ pass ", Style::good};
  } else if (gate.state == compare::GateState::fail) {
    sign = {unicode ? "✗ FAIL " : "x FAIL ", Style::bad};
  }
  return {sign, {gate.label, Style::plain, true}};
}

Section gate_section(const Report& report, const Detail& detail) {
  Section section;
  section.heading = {{"Gates", Style::bold}};
  if (!report.gates_note.empty()) {
    section.paragraphs.push_back({{}, {{report.gates_note}}});
    return section;
  }
  bool tested = false;
  for (const compare::GateResult& gate : report.gates) {
    section.paragraphs.push_back({lead_of(gate, detail), {{gate.message}}});
    tested = tested || gate.p;
  }
  if (tested) {
    section.footnotes.push_back(
        {{fmt::format("Failures are corrected over all gates: a model that breaks none of them is "
                      "stopped in at most {:.3g} of 100 runs.",
                      report.manifest.gating.alpha * 100),
          Style::dim}});
  }
  return section;
}

Section against_baseline(const Report& report,
                         const compare::PairComparison& pair,
                         const Detail& detail) {
  Section section;
  section.heading = {{"Verdict on ", Style::bold}};
  append(section.heading, label_of(report, pair.candidate, detail));
  section.heading.push_back({" against baseline ", Style::bold});
  section.heading.push_back(name_span(report.baseline->name, detail));
  section.paragraphs.push_back({{{"score", Style::bold}}, {{pair.score.finding}}});
  section.paragraphs.push_back({{{"first token", Style::bold}}, {{pair.ttft.finding}}});
  section.paragraphs.push_back({{{"full answer", Style::bold}}, {{pair.e2e.finding}}});
  if (const std::string note = planning_note(pair.score); !note.empty()) {
    section.footnotes.push_back({{note, Style::dim}});
  }
  return section;
}

}  // namespace

std::string planning_note(const compare::Comparison& comparison) {
  const bool open = comparison.verdict == compare::Verdict::no_clear_difference ||
                    comparison.verdict == compare::Verdict::not_enough_data;
  if (!open || !comparison.detectable || comparison.metric != compare::Metric::score) {
    return {};
  }
  for (const int points : {5, 2, 1}) {
    const double difference = points / 100.0;
    const auto cases = compare::cases_to_show(comparison, difference);
    if (*comparison.detectable > difference && cases) {
      return fmt::format("A run of about {} would show a difference of {} pp 4 times in 5.",
                         counted(*cases, "case"),
                         points);
    }
  }
  return {};
}

std::vector<Section> gate_sections(const Report& report, const Detail& detail) {
  std::vector<Section> sections;
  const bool complete = report.manifest.state == store::RunState::complete;
  if (report.baseline && complete) {
    for (const compare::PairComparison& pair : report.baseline->comparisons) {
      sections.push_back(against_baseline(report, pair, detail));
    }
    if (!report.baseline->note.empty()) {
      Section section;
      section.heading = {{"Baseline ", Style::bold}, name_span(report.baseline->name, detail)};
      section.paragraphs.push_back({{}, {{report.baseline->note}}});
      sections.push_back(std::move(section));
    }
  }
  if (!report.gates.empty() || !report.gates_note.empty()) {
    sections.push_back(gate_section(report, detail));
  }
  return sections;
}

}  // namespace faceoff::report
