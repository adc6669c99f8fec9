#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/stats/interval.h>

namespace faceoff::compare {

// The mean difference of 0/1 scores that the evidence leaves open, whenever it was looked at: the
// share of wins among the cases that tell the two apart (all shares whose e-value stays below
// 1 / (1 - conf)) times how many cases do (within 99.9 %). Leaves 0 out exactly when p_anytime is
// at most 1 - conf.
[[nodiscard]] stats::Interval anytime_difference(const Evidence& evidence, double conf);

}  // namespace faceoff::compare
