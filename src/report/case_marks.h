#pragma once

// How a case came out, as a sign on a terminal. Private to report.

#include "look.h"

#include <faceoff/report/reporter.h>

#include <optional>

namespace faceoff::report {

[[nodiscard]] inline const Glyphs& glyphs_of(const RenderOptions& options) {
  return options.unicode ? unicode_glyphs() : ascii_glyphs();
}

// "✓ 1.00", "✗ failed", "? no score": the colour never stands alone.
[[nodiscard]] Span mark_of(const std::optional<double>& value,
                           bool failed,
                           const RenderOptions& options);

}  // namespace faceoff::report
