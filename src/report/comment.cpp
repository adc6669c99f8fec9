// A comment on a pull request: verdict and gates first, then what changed, within GitHub's limit.

#include "markdown_parts.h"
#include "media.h"
#include "sections.h"

#include <faceoff/report/reporter.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

// GitHub refuses a comment of more than 65,536 characters; GitLab takes more.
constexpr std::size_t kMostBytes = 65'536;
constexpr std::size_t kRoomForTheEnd = 400;
constexpr std::size_t kMostRows = 40;
constexpr std::size_t kMostFlips = 50;

std::string headline(const Report& report) {
  const auto failed =
      std::ranges::count(report.gates, compare::GateState::fail, &compare::GateResult::state);
  if (report.manifest.state != store::RunState::complete) {
    return fmt::format("⚠️ **The run is not complete** ({}).\n\n",
                       store::to_string(report.manifest.state));
  }
  if (failed > 0) {
    return fmt::format("❌ **{} of {} failed.**\n\n", failed, counted(report.gates.size(), "gate"));
  }
  if (!report.gates.empty()) {
    const auto open = std::ranges::count(
        report.gates, compare::GateState::inconclusive, &compare::GateResult::state);
    return open > 0 ? fmt::format("❔ **{} of {} could not be decided.**\n\n",
                                  open,
                                  counted(report.gates.size(), "gate"))
                    : fmt::format("✅ **{} passed.**\n\n", counted(report.gates.size(), "gate"));
  }
  return {};
}

std::string list_of(const std::vector<std::string>& ids, std::uint64_t all) {
  std::string out;
  const std::size_t shown = std::min(ids.size(), kMostFlips);
  for (std::size_t i = 0; i < shown; ++i) {
    out += "- " + code_span(ids[i]) + '\n';
  }
  if (shown < all) {
    out += fmt::format("- and {} more\n", all - shown);
  }
  return out + '\n';
}

std::string flips_of(const compare::PairComparison& pair) {
  const compare::Comparison& score = pair.score;
  std::string out;
  const auto part = [&](std::string_view side, std::string_view name, const auto& ids, auto all) {
    if (all > 0) {
      // A summary line of HTML shows no Markdown, so the name stands below it.
      out += fmt::format(
                 "<details><summary>{} that only the {} passes</summary>\n\nPassed by {} only:\n\n",
                 counted(all, "case"),
                 side,
                 code_span(name)) +
             list_of(ids, all) + "</details>\n\n";
    }
  };
  part("reference", pair.reference, score.only_reference_passes, score.n_only_reference_passes);
  part("candidate", pair.candidate, score.only_candidate_passes, score.n_only_candidate_passes);
  return out;
}

}  // namespace

std::string write_comment(const Report& report, const RenderOptions& options) {
  Detail detail;
  detail.glyphs = unicode_glyphs();
  std::vector<std::string> parts;
  const auto add = [&parts](const std::vector<Section>& sections) {
    for (const Section& section : sections) {
      parts.push_back(markdown_section(section, 3, kMostRows));
    }
  };
  add(gate_sections(report, detail));
  add(verdict_sections(report, detail));
  const auto& pairs = report.baseline ? report.baseline->comparisons : report.comparisons;
  for (const compare::PairComparison& pair : pairs) {
    parts.push_back(flips_of(pair));
  }
  add(score_sections(report, detail));
  add({latency_section(report, detail), reliability_section(report, detail)});
  add(note_sections(report));

  const std::string marker =
      options.marker.empty() ? "faceoff:" + report.manifest.suite : options.marker;
  std::string out = hidden_marker(marker) + markdown_heading(2, title_of(report, detail));
  out += headline(report);
  std::size_t left_out = 0;
  for (const std::string& part : parts) {
    if (out.size() + part.size() + kRoomForTheEnd > kMostBytes) {
      ++left_out;
    } else {
      out += part;
    }
  }
  if (left_out > 0) {
    out +=
        fmt::format("{} left out: a comment may have 65,536 characters. The whole report: {}\n\n",
                    left_out == 1 ? "1 part is" : fmt::format("{} parts are", left_out),
                    code_span("faceoff report --format md"));
  }
  out.pop_back();
  return out;
}

}  // namespace faceoff::report
