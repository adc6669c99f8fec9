#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// Google's rouge_score 0.1.2 (rouge_scorer.py, tokenize.py), step by step.

enum class Stem : bool { no, porter };
// Lower case, words of a-z and 0-9; with a stemmer, words of more than three letters are stemmed.
[[nodiscard]] std::vector<std::string> rouge_tokens(std::string_view text, Stem stem);

struct Overlap {
  double precision = 0.0;
  double recall = 0.0;
  double f1 = 0.0;
};
[[nodiscard]] Overlap rouge_n(const std::vector<std::string>& target,
                              const std::vector<std::string>& answer,
                              std::size_t n);
[[nodiscard]] Overlap rouge_l(const std::vector<std::string>& target,
                              const std::vector<std::string>& answer);
// Sentences are lines. nullopt when both texts are so long that the alignment of all sentences
// would take more than 100 million steps.
[[nodiscard]] std::optional<Overlap> rouge_lsum(std::string_view target,
                                                std::string_view answer,
                                                Stem stem);

// The Porter stemmer as nltk 3.x has it by default (its extensions included), for lower-case ASCII
// words; words of digits and letters as nltk takes them.
[[nodiscard]] std::string porter_stem(std::string_view word);

}  // namespace faceoff::score
