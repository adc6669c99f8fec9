// Annotations of GitHub's runner. A step shows at most ten of each kind.

#include "look.h"
#include "media.h"

#include <faceoff/base/text.h>
#include <faceoff/report/annotation.h>
#include <faceoff/report/reporter.h>

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::size_t kMostOfAKind = 10;

struct Note {
  Level level;
  std::string title;
  std::string message;
};

void add_gates(const Report& report, std::vector<Note>& notes) {
  for (const compare::GateResult& gate : report.gates) {
    if (gate.state == compare::GateState::fail) {
      notes.push_back({Level::error, "gate failed: " + gate.label, gate.message});
    } else if (gate.state == compare::GateState::inconclusive) {
      const bool fails = report.manifest.gating.inconclusive_fails || !gate.comparable;
      notes.push_back(
          {fails ? Level::error : Level::warning, "gate undecided: " + gate.label, gate.message});
    }
  }
  if (!report.gates_note.empty()) {
    notes.push_back({Level::warning, "gates", report.gates_note});
  }
}

void add_verdicts(const Report& report, std::vector<Note>& notes) {
  if (report.manifest.state != store::RunState::complete) {
    notes.push_back({Level::warning,
                     report.manifest.suite,
                     fmt::format("the run is not complete ({}); there is no verdict",
                                 store::to_string(report.manifest.state))});
    return;
  }
  const auto verdicts = [&](const std::vector<compare::PairComparison>& pairs) {
    for (const compare::PairComparison& pair : pairs) {
      notes.push_back({Level::notice,
                       fmt::format("{} against {}",
                                   marked_name(report, pair.candidate),
                                   marked_name(report, pair.reference)),
                       pair.score.finding});
    }
  };
  if (report.baseline) {
    verdicts(report.baseline->comparisons);
  }
  verdicts(report.comparisons);
}

}  // namespace

std::string write_github(const Report& report, const RenderOptions& options) {
  static_cast<void>(options);
  std::vector<Note> notes;
  add_gates(report, notes);
  add_verdicts(report, notes);
  std::string out;
  for (const Level level : {Level::error, Level::warning, Level::notice}) {
    std::vector<const Note*> of_level;
    for (const Note& note : notes) {
      if (note.level == level) {
        of_level.push_back(&note);
      }
    }
    // The tenth counts what would not be shown.
    const std::size_t shown = of_level.size() > kMostOfAKind ? kMostOfAKind - 1 : of_level.size();
    for (std::size_t i = 0; i < shown; ++i) {
      out += annotation(level, of_level[i]->title, of_level[i]->message);
    }
    if (shown < of_level.size()) {
      out += annotation(
          level, "faceoff", fmt::format("{} more; see the report", of_level.size() - shown));
    }
  }
  if (out.empty()) {
    out = annotation(Level::notice, "faceoff", "the run is complete; it has nothing to compare");
  }
  return out;
}

}  // namespace faceoff::report
