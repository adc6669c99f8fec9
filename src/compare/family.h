#pragma once

// Comparisons that are shown together. Private to compare.

#include <faceoff/compare/comparison.h>
#include <faceoff/stats/adjust.h>

#include <string_view>
#include <vector>

namespace faceoff::compare {

// Adjusts the p-values of those that have one, where there is more than one, and decides anew.
void adjust_family(std::vector<Comparison*> family,
                   stats::Adjustment method,
                   std::string_view name,
                   const Options& options);

}  // namespace faceoff::compare
