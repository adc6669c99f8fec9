#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// sacreBLEU 2.x (metrics/bleu.py and tokenizers/), step by step.

enum class BleuTokens : std::uint8_t { v13a, intl, character, none, zh };
// The tokens joined by single blanks, as the tokenizers return them.
[[nodiscard]] std::string bleu_tokens(std::string_view text, BleuTokens tokenizer);

enum class Smoothing : std::uint8_t { exp, floor, add_k, none };

struct BleuRules {
  std::size_t order = 4;
  Smoothing smoothing = Smoothing::exp;
  double value = 0.0;  // of floor and add-k
  bool effective_order = false;
};

// hypothesis length, length of the nearest reference, correct n-grams (order of them), n-grams.
// `hypothesis` and `references` are tokens joined by blanks.
[[nodiscard]] std::vector<double> bleu_counts(std::string_view hypothesis,
                                              std::span<const std::string> references,
                                              std::size_t order);
// BLEU in [0, 100] of such counts or sums of them. REQUIRES: 2 + 2 × order counts.
[[nodiscard]] double bleu(std::span<const double> counts, const BleuRules& rules);

}  // namespace faceoff::score
