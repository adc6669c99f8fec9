#include "pairing.h"

#include <algorithm>
#include <utility>

namespace faceoff::cli {
namespace {

// Which column of the first result a column of a later one is held against: its namesake, or the
// only one there is.
const compare::Column* counterpart(const Loaded& first, const compare::Column& column) {
  const auto same = std::ranges::find(first.columns, column.name(), &compare::Column::name);
  if (same != first.columns.end()) {
    return &*same;
  }
  return first.columns.size() == 1 ? &first.columns.front() : nullptr;
}

bool is_simulated(const Loaded& source, const compare::Column& column) {
  const store::BackendEntry* entry = entry_of(source.manifest, column.name());
  return column.trials().simulated() > 0 || (entry != nullptr && entry->simulated);
}

// Why two columns must not be judged by each other; empty: they may.
std::string obstacle(const Loaded& first,
                     const compare::Column& reference,
                     const Loaded& later,
                     const compare::Column& candidate) {
  const bool before = is_simulated(first, reference);
  if (before != is_simulated(later, candidate)) {
    return before ? "the reference was answered by the stand-in endpoint, this run by a model"
                  : "this run was answered by the stand-in endpoint, the reference by a model";
  }
  return scorers_differ(first.manifest.scorers, later.manifest.scorers);
}

}  // namespace

const store::BackendEntry* entry_of(const store::Manifest& manifest, const std::string& name) {
  const auto entry = std::ranges::find(manifest.backends, name, &store::BackendEntry::name);
  return entry == manifest.backends.end() ? nullptr : &*entry;
}

std::string label_of(const compare::Column& column, const Loaded& source) {
  return column.name() + "@" + source.mark;
}

std::vector<Pairing> pair_with(const Loaded& first,
                               const Loaded& later,
                               bool labelled,
                               bool by_id,
                               std::vector<compare::PairComparison>& comparisons) {
  compare::Options options;
  options.by_id = by_id;
  options.scorers_changed = later.manifest.scorers != first.manifest.scorers;
  std::vector<Pairing> pairings;
  for (const auto& column : later.columns) {
    Pairing pairing{.candidate = &column, .reference = counterpart(first, column), .obstacle = {}};
    if (pairing.reference != nullptr) {
      pairing.obstacle = obstacle(first, *pairing.reference, later, column);
      // Two runs are shown side by side even so; the gates know better.
      if (pairing.obstacle.empty() || labelled) {
        pairing.comparison = comparisons.size();
        comparisons.push_back(
            compare::compare_backends(pairing.reference->named(label_of(*pairing.reference, first)),
                                      labelled ? column.named(label_of(column, later)) : column,
                                      options));
      }
    }
    pairings.push_back(std::move(pairing));
  }
  return pairings;
}

std::vector<compare::GateSubject> subjects_of(
    const std::vector<Pairing>& pairings,
    const std::vector<compare::PairComparison>& comparisons,
    const std::vector<compare::Summary>& summaries,
    std::size_t first_summary) {
  std::vector<compare::GateSubject> subjects;
  for (std::size_t i = 0; i < pairings.size(); ++i) {
    const Pairing& pairing = pairings[i];
    compare::GateSubject subject{.name = pairing.candidate->name(),
                                 .column = pairing.candidate,
                                 .summary = &summaries[first_summary + i],
                                 .not_comparable = pairing.obstacle};
    if (pairing.reference == nullptr) {
      subject.not_comparable = "the reference has no backend of this name";
    } else if (pairing.obstacle.empty()) {
      subject.pair = &comparisons[pairing.comparison];
    }
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

Status check_against_baseline(const std::vector<Pairing>& pairings,
                              const std::vector<compare::PairComparison>& comparisons) {
  std::string reason;
  for (const Pairing& pairing : pairings) {
    if (pairing.reference == nullptr) {
      continue;
    }
    if (!pairing.obstacle.empty()) {
      return fail(ErrorKind::usage, "not comparable: " + pairing.obstacle);
    }
    const compare::Comparison& score = comparisons[pairing.comparison].score;
    if (score.verdict != compare::Verdict::not_comparable) {
      return {};
    }
    reason = score.finding;
  }
  return reason.empty() ? Status{} : fail(ErrorKind::usage, reason);
}

}  // namespace faceoff::cli
