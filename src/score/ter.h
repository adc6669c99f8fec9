#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// sacreBLEU 2.x (metrics/ter.py, lib_ter.py, tokenizers/tokenizer_ter.py), which follows Tercom.
struct TerRules {
  bool normalized = false;      // split off marks as Tercom does
  bool no_punct = false;        // leave out . , ? : ; ! " ( )
  bool asian_support = false;   // with the other two: CJK characters are words of their own
  bool case_sensitive = false;  // otherwise lower case
};
[[nodiscard]] std::vector<std::string> ter_tokens(std::string_view text, const TerRules& rules);

// Texts beyond this many words are compared without shifts of blocks, so that any answer costs
// bounded time; the edits are then an upper bound.
inline constexpr std::size_t kMaxShiftWords = 1500;

// Insertions, deletions, substitutions and shifts of blocks, found by Tercom's greedy search.
[[nodiscard]] std::size_t ter_edits(const std::vector<std::string>& hypothesis,
                                    const std::vector<std::string>& reference);

}  // namespace faceoff::score
