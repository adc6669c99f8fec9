#pragma once

#include "rouge.h"

#include <faceoff/score/scorer.h>

namespace faceoff::score {

using RougeMeasure = std::optional<Overlap> (*)(std::string_view target,
                                                std::string_view answer,
                                                Stem stem);
// The four ROUGE scorers differ in their name and in what they compare.
[[nodiscard]] std::unique_ptr<Scorer> create_rouge(std::string_view name,
                                                   RougeMeasure compare,
                                                   const suite::ScorerSpec& spec,
                                                   doc::Diagnostics& diagnostics);

}  // namespace faceoff::score
