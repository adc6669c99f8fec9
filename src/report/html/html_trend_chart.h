#pragma once

// A figure of a suite over its runs, as a picture and as a table. Private to report.

#include "../trend_view.h"
#include "html_text.h"

#include <functional>
#include <string>
#include <string_view>

namespace faceoff::report {

struct TrendMetric {
  std::string_view title;
  TrendFigure TrendPoint::*figure;
  bool share;  // of cases, on a linear scale; else seconds, on a logarithmic one
};

// A name with its colour, as it stands elsewhere on the page.
using NameWriter = std::function<void(std::size_t backend)>;

// A card with the picture, whose backends have the colours of `view.backends`, and its figures as a
// table. `run`: the run to be marked as this one; empty: none. Nothing where no run has the figure.
void trend_chart(Html& out,
                 const TrendView& view,
                 const TrendMetric& metric,
                 std::string_view run,
                 const NameWriter& name);
// "84.0% [78.3, 88.4]" or "0.41 s [0.39, 0.44]"
[[nodiscard]] std::string trend_text(const TrendFigure& figure, const TrendMetric& metric);

}  // namespace faceoff::report
