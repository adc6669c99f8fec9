#include "rouge.h"

#include "distance.h"

#include <faceoff/base/unicode.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace faceoff::score {
namespace {

constexpr std::size_t kMaxCells = 100'000'000;

using Words = std::vector<std::uint32_t>;

Overlap overlap(double common, double target, double answer) {
  Overlap out;
  out.precision = answer > 0 ? common / answer : 0.0;
  out.recall = target > 0 ? common / target : 0.0;
  out.f1 = out.precision + out.recall > 0
               ? 2 * out.precision * out.recall / (out.precision + out.recall)
               : 0.0;
  return out;
}

Words numbered(TokenNumbers& numbers, const std::vector<std::string>& words) {
  Words out;
  out.reserve(words.size());
  for (const std::string& word : words) {
    out.push_back(numbers(word));
  }
  return out;
}

// Numbers of the n-grams that begin at each place.
Words grams_of(const Words& words,
               std::size_t n,
               std::vector<std::unordered_map<std::uint64_t, std::uint32_t>>& numbers) {
  if (words.size() < n) {
    return {};
  }
  Words grams(words.size());
  for (std::size_t k = 1; k <= n; ++k) {
    for (std::size_t i = 0; i + k <= words.size(); ++i) {
      const std::uint64_t key = std::uint64_t{grams[i]} << 32U | words[i + k - 1];
      auto& known = numbers[k - 1];
      grams[i] = known.try_emplace(key, static_cast<std::uint32_t>(known.size())).first->second;
    }
  }
  grams.resize(words.size() - n + 1);
  return grams;
}

std::vector<std::vector<std::string>> sentences(std::string_view text, Stem stem) {
  std::vector<std::vector<std::string>> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) {
      out.push_back(rouge_tokens(line, stem));
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

// Marks the words of `target` that a longest common subsequence with `answer` takes; of several,
// the one that rouge_score's walk back through the table finds.
void mark_common(const Words& target, const Words& answer, std::vector<bool>& taken) {
  const std::size_t width = answer.size() + 1;
  std::vector<std::uint32_t> table((target.size() + 1) * width);
  for (std::size_t i = 1; i <= target.size(); ++i) {
    for (std::size_t j = 1; j <= answer.size(); ++j) {
      table[i * width + j] = target[i - 1] == answer[j - 1]
                                 ? table[(i - 1) * width + j - 1] + 1
                                 : std::max(table[(i - 1) * width + j], table[i * width + j - 1]);
    }
  }
  std::size_t i = target.size();
  std::size_t j = answer.size();
  while (i > 0 && j > 0) {
    if (target[i - 1] == answer[j - 1]) {
      taken[--i] = true;
      --j;
    } else if (table[i * width + j - 1] > table[(i - 1) * width + j]) {
      --j;
    } else {
      --i;
    }
  }
}

}  // namespace

std::vector<std::string> rouge_tokens(std::string_view text, Stem stem) {
  std::vector<std::string> out;
  std::string word;
  const auto close = [&] {
    if (!word.empty()) {
      out.push_back(stem == Stem::porter && word.size() > 3 ? porter_stem(word) : word);
      word.clear();
    }
  };
  for (const char c : lower(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += c;
    } else {
      close();
    }
  }
  close();
  return out;
}

Overlap rouge_n(const std::vector<std::string>& target,
                const std::vector<std::string>& answer,
                std::size_t n) {
  TokenNumbers numbers;
  std::vector<std::unordered_map<std::uint64_t, std::uint32_t>> known(n);
  const Words left = grams_of(numbered(numbers, target), n, known);
  const Words right = grams_of(numbered(numbers, answer), n, known);
  std::vector<std::uint32_t> open(known.back().size());
  for (const std::uint32_t gram : left) {
    ++open[gram];
  }
  std::size_t common = 0;
  for (const std::uint32_t gram : right) {
    if (open[gram] > 0) {
      --open[gram];
      ++common;
    }
  }
  return overlap(static_cast<double>(common),
                 static_cast<double>(left.size()),
                 static_cast<double>(right.size()));
}

Overlap rouge_l(const std::vector<std::string>& target, const std::vector<std::string>& answer) {
  TokenNumbers numbers;
  const Words left = numbered(numbers, target);
  const Words right = numbered(numbers, answer);
  return overlap(static_cast<double>(common_length(left, right)),
                 static_cast<double>(left.size()),
                 static_cast<double>(right.size()));
}

std::optional<Overlap> rouge_lsum(std::string_view target, std::string_view answer, Stem stem) {
  const auto target_words = sentences(target, stem);
  const auto answer_words = sentences(answer, stem);
  TokenNumbers numbers;
  std::vector<Words> left;
  std::vector<Words> right;
  std::size_t left_size = 0;
  std::size_t right_size = 0;
  for (const auto& words : target_words) {
    left.push_back(numbered(numbers, words));
    left_size += words.size();
  }
  for (const auto& words : answer_words) {
    right.push_back(numbered(numbers, words));
    right_size += words.size();
  }
  if (left_size > 0 && right_size > kMaxCells / left_size) {
    return std::nullopt;
  }
  std::unordered_map<std::uint32_t, std::size_t> open_left;
  std::unordered_map<std::uint32_t, std::size_t> open_right;
  for (const Words& words : left) {
    for (const std::uint32_t word : words) {
      ++open_left[word];
    }
  }
  for (const Words& words : right) {
    for (const std::uint32_t word : words) {
      ++open_right[word];
    }
  }
  std::size_t hits = 0;
  for (const Words& words : left) {
    std::vector<bool> taken(words.size());
    for (const Words& other : right) {
      mark_common(words, other, taken);
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (taken[i] && open_left[words[i]] > 0 && open_right[words[i]] > 0) {
        --open_left[words[i]];
        --open_right[words[i]];
        ++hits;
      }
    }
  }
  return overlap(
      static_cast<double>(hits), static_cast<double>(left_size), static_cast<double>(right_size));
}

}  // namespace faceoff::score
