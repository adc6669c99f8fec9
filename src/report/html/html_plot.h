#pragma once

// Small pictures in table cells. The figure always stands beside them as text, so they are hidden
// from readers of the screen. Private to report.

#include "html_text.h"

#include <faceoff/compare/comparison.h>

#include <cstddef>
#include <optional>

namespace faceoff::report {

// A share with its interval on a rail from 0 to 1, in the colour of the column.
void share_bar(Html& out,
               const std::optional<double>& value,
               const std::optional<double>& lo,
               const std::optional<double>& hi,
               std::size_t column);
// A difference on a rail from -reach to +reach, with a line at 0.
void difference_bar(Html& out, const compare::Comparison& comparison, double reach);
// A ratio on a logarithmic rail from 1/reach to reach, with a line at 1.
void ratio_bar(Html& out, const compare::Comparison& comparison, double reach);

}  // namespace faceoff::report
