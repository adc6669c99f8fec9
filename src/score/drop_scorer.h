#pragma once

#include <faceoff/score/scorer.h>

namespace faceoff::score {

// `drop` and `f1/drop` differ in their name and in whether exact match may be asked for.
enum class DropMeasure : bool { choose, f1 };
[[nodiscard]] std::unique_ptr<Scorer> create_drop(std::string_view name,
                                                  DropMeasure measure,
                                                  const suite::ScorerSpec& spec,
                                                  doc::Diagnostics& diagnostics);

}  // namespace faceoff::score
