#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faceoff::score {

// Gives equal texts equal numbers, from 0 in order of appearance. Views must outlive it.
class TokenNumbers {
 public:
  std::uint32_t operator()(std::string_view token) {
    return numbers_.try_emplace(token, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  [[nodiscard]] std::vector<std::uint32_t> all(std::span<const std::string_view> tokens);

 private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

// The code points of a text as numbers.
[[nodiscard]] std::vector<std::uint32_t> code_points(std::string_view text);

// Levenshtein distance: insertions, deletions and substitutions cost 1. Bit-parallel (Myers 1999,
// in blocks as Hyyrö 2003 has it): size(a) × size(b) / 64 steps.
[[nodiscard]] std::size_t edit_distance(std::span<const std::uint32_t> a,
                                        std::span<const std::uint32_t> b);
// Length of the longest common subsequence, bit-parallel too (Hyyrö 2004).
[[nodiscard]] std::size_t common_length(std::span<const std::uint32_t> a,
                                        std::span<const std::uint32_t> b);

}  // namespace faceoff::score
