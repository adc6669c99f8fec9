#pragma once

#include <faceoff/score/scorer.h>

#include <optional>
#include <span>

namespace faceoff::score {

// Adds the counts of `more` to `total`. False, and nothing is added, when their rules differ: such
// scores have no value in common. An empty `total` takes over the rule of `more`.
[[nodiscard]] bool add(Statistics& total, const Statistics& more);

// The value of a whole corpus from the sums of its answers' counts, on the scale of that score (1
// is best, in [0, 1]); nullopt for a rule that this version does not know or for wrong counts.
//   bleu(order=N,smooth=S[,value=V][,effective])  counts: length, reference length, N correct, N
//   total chrf(order=N,beta=B[,eps])                    counts: N times hypothesis, reference,
//   match rate                                          counts: edits, reference length; 1 - rate,
//   at least 0
//   share                                         counts: what holds, of how many
[[nodiscard]] std::optional<double> corpus_value(const Statistics& sums);

}  // namespace faceoff::score
