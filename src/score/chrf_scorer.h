#pragma once

#include <faceoff/score/scorer.h>

namespace faceoff::score {

// `chrf` and `chrf++` differ in their name and the longest n-gram of words.
[[nodiscard]] std::unique_ptr<Scorer> create_chrf(std::string_view name,
                                                  std::size_t words,
                                                  const suite::ScorerSpec& spec,
                                                  doc::Diagnostics& diagnostics);
inline constexpr std::string_view kChrfOptions =
    "char_order, word_order, beta, lowercase, whitespace, eps_smoothing";

}  // namespace faceoff::score
