#pragma once

// Which backends of two results are held against each other. Private to cli.

#include "results.h"

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/gate_result.h>
#include <faceoff/compare/summary.h>

#include <cstddef>
#include <string>
#include <vector>

namespace faceoff::cli {

// One candidate with what it is held against.
struct Pairing {
  const compare::Column* candidate;
  const compare::Column* reference;  // null: none
  std::string obstacle;
  std::size_t comparison = 0;  // where there is no obstacle
};

// gpt-4o of run ...-7f3a21bc is "gpt-4o@7f3a21bc", that of baseline main "gpt-4o@main".
[[nodiscard]] std::string label_of(const compare::Column& column, const Loaded& source);
// Null: the manifest does not know it.
[[nodiscard]] const store::BackendEntry* entry_of(const store::Manifest& manifest,
                                                  const std::string& name);

// Every backend of `later` with its counterpart in `first`; adds their comparisons. `labelled`:
// names say which result they are of, and two runs stand side by side even where they must not be
// judged.
[[nodiscard]] std::vector<Pairing> pair_with(const Loaded& first,
                                             const Loaded& later,
                                             bool labelled,
                                             bool by_id,
                                             std::vector<compare::PairComparison>& comparisons);

// What gates judge; points into its arguments. Summaries of the pairings' candidates begin at
// `first_summary`.
[[nodiscard]] std::vector<compare::GateSubject> subjects_of(
    const std::vector<Pairing>& pairings,
    const std::vector<compare::PairComparison>& comparisons,
    const std::vector<compare::Summary>& summaries,
    std::size_t first_summary);

// A baseline is for judging: what cannot be judged by it is refused, not shown.
[[nodiscard]] Status check_against_baseline(
    const std::vector<Pairing>& pairings, const std::vector<compare::PairComparison>& comparisons);

}  // namespace faceoff::cli
