#include "sections.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using compare::FlakyCase;
using compare::PassEstimate;
using compare::RepeatSummary;

constexpr std::size_t kNamed = 8;

std::string share(const compare::ScoreEstimate& estimate, const Glyphs& glyphs) {
  const std::string text = share_with_interval(estimate.value, estimate.lo, estimate.hi, glyphs);
  return std::string(trim(text));
}

Line passes_of(const RepeatSummary& repeats, const Detail& detail) {
  std::string text;
  for (const PassEstimate& pass : repeats.passes) {
    if (!text.empty()) {
      text += detail.glyphs.separator;
    }
    text += fmt::format("pass@{} {}", pass.k, share(pass.any, detail.glyphs));
    if (pass.k > 1) {
      text += fmt::format(
          "{}pass^{} {}", detail.glyphs.separator, pass.k, share(pass.each, detail.glyphs));
    }
  }
  return {{text.empty() ? "graded scores: no pass@k" : std::move(text)}};
}

// What the spread of the answers says of a new run and of further repeats.
Line spread_of(const RepeatSummary& repeats) {
  std::string text = fmt::format("{} asked more than once", counted(repeats.cases, "case"));
  if (repeats.se_rerun) {
    text += fmt::format("; the same run again would move the score by about {:.1f} pp",
                        *repeats.se_rerun * 100);
  }
  if (repeats.se && repeats.se_at_best && *repeats.se > 0) {
    const double gain = std::max(0.0, 1 - *repeats.se_at_best / *repeats.se);
    text += fmt::format(
        "; more repeats could narrow the interval by {:.0f}% at most, more cases "
        "without limit",
        gain * 100);
  }
  return {{std::move(text)}};
}

Line flaky_of(const RepeatSummary& repeats, const Detail& detail) {
  Line line{{fmt::format("{} flaky", counted(repeats.n_flaky, "case"))}};
  for (std::size_t i = 0; i < repeats.flaky.size() && i < kNamed; ++i) {
    const FlakyCase& item = repeats.flaky[i];
    line.push_back({i == 0 ? ": " : ", "});
    line.push_back(name_span(item.id, detail));
    line.push_back({fmt::format(" (right {} of {} times)", item.passed, item.of)});
  }
  if (repeats.n_flaky > kNamed) {
    line.push_back({fmt::format(" and {} more", repeats.n_flaky - kNamed)});
  }
  return line;
}

}  // namespace

std::vector<Section> repeats_sections(const Report& report, const Detail& detail) {
  Section section;
  section.heading = {{"Repeats, " + interval_name(report), Style::bold}};
  for (const Column& column : report.columns) {
    if (const auto& repeats = column.summary.repeats) {
      section.paragraphs.push_back({label_of(column, detail), passes_of(*repeats, detail)});
      section.paragraphs.push_back({{}, spread_of(*repeats)});
      section.paragraphs.push_back({{}, flaky_of(*repeats, detail)});
    }
  }
  return section.paragraphs.empty() ? std::vector<Section>{} : std::vector<Section>{section};
}

}  // namespace faceoff::report
