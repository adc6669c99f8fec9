#pragma once

#include "align.h"

#include <faceoff/compare/comparison.h>

#include <optional>

namespace faceoff::compare {

// Fills everything of a score comparison except verdict and words: which pairs there are, estimate,
// interval and test.
// `evidence` takes the place of the test.
[[nodiscard]] Comparison compare_score(const Alignment& alignment,
                                       const Options& options,
                                       const std::optional<Evidence>& evidence = std::nullopt);

// The same for one latency metric (ttft or e2e), as a ratio of times.
[[nodiscard]] Comparison compare_latency(const Alignment& alignment,
                                         Metric metric,
                                         const Options& options);

// Settles verdict, borderline and warnings by the adjusted p-value and the interval, then the
// sentences. Called again after p-values have been adjusted. The labels are safe for a terminal.
struct Labels {
  std::string reference;
  std::string candidate;
};
void decide(Comparison& comparison, const Options& options, const Labels& labels);

// The sentences of a decided comparison.
[[nodiscard]] std::string finding_of(const Comparison& comparison, const Options& options);

}  // namespace faceoff::compare
