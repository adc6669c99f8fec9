#include "word_diff.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <cstdint>

namespace faceoff::report {
namespace {

bool same(const DiffWord& a, const DiffWord& b) {
  return trim(a.text) == trim(b.text);
}

}  // namespace

std::vector<DiffWord> words_of(std::string_view safe_text) {
  std::vector<DiffWord> words;
  for (std::string_view line : split(safe_text, '\n')) {
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    std::string lead(line.substr(0, indent));
    line.remove_prefix(indent);
    bool begins = true;
    do {
      const auto blank = line.find(' ');
      const std::string_view word = line.substr(0, blank);
      if (begins || !word.empty()) {
        words.push_back({.text = lead + std::string(word), .begins_line = begins});
        lead.clear();
        begins = false;
      }
      line.remove_prefix(blank == std::string_view::npos ? line.size() : blank + 1);
    } while (!line.empty());
  }
  return words;
}

bool mark_differences(std::span<DiffWord> a, std::span<DiffWord> b) {
  if (a.size() > kMostDiffWords || b.size() > kMostDiffWords) {
    return false;
  }
  // lengths[i][j]: of the longest common subsequence of a[i..] and b[j..].
  const std::size_t width = b.size() + 1;
  std::vector<std::uint16_t> lengths((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      const std::uint16_t both = lengths[(i + 1) * width + j + 1];
      lengths[i * width + j] =
          same(a[i], b[j]) ? static_cast<std::uint16_t>(both + 1)
                           : std::max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && same(a[i], b[j])) {
      ++i;
      ++j;
    } else if (j == b.size() ||
               (i < a.size() && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
      a[i++].differs = true;
    } else {
      b[j++].differs = true;
    }
  }
  return true;
}

}  // namespace faceoff::report
