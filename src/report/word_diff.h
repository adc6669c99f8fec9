#pragma once

// Which words of two texts differ. Private to report.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::report {

// A word with the blanks in front of it where it begins a line. Safe for a terminal.
struct DiffWord {
  std::string text;
  bool begins_line = false;
  bool differs = false;  // not in the longest sequence of words that both have
};

// Splits safe text at blanks and line ends; an empty line is an empty word.
[[nodiscard]] std::vector<DiffWord> words_of(std::string_view safe_text);

inline constexpr std::size_t kMostDiffWords = 3000;
// Marks what differs in both, by a longest common subsequence. False, and nothing is marked: a text
// has more than kMostDiffWords words.
bool mark_differences(std::span<DiffWord> a, std::span<DiffWord> b);

}  // namespace faceoff::report
