#pragma once

#include <faceoff/compare/summary.h>

#include <optional>

namespace faceoff::compare {

[[nodiscard]] std::optional<RepeatSummary> summarise_repeats(const Trials& trials, double conf);

}  // namespace faceoff::compare
