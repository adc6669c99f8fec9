#include "chrf.h"

#include "distance.h"
#include "python_text.h"

#include <faceoff/base/unicode.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace faceoff::score {
namespace {

using Symbols = std::vector<std::uint32_t>;

// Words with one mark at their end, else at their beginning, cut off (sacreBLEU splits '(hi)' into
// '(hi' and ')').
std::vector<std::string_view> words_and_marks(std::string_view text) {
  std::vector<std::string_view> out;
  for (const std::string_view word : split_words(text)) {
    const bool single = to_utf32(word).size() == 1;
    if (!single && is_punctuation(word.back())) {
      out.push_back(word.substr(0, word.size() - 1));
      out.push_back(word.substr(word.size() - 1));
    } else if (!single && is_punctuation(word.front())) {
      out.push_back(word.substr(0, 1));
      out.push_back(word.substr(1));
    } else {
      out.push_back(word);
    }
  }
  return out;
}

Symbols characters_of(std::string_view text, bool whitespace) {
  if (whitespace) {
    return code_points(text);
  }
  std::string joined;
  for (const std::string_view word : split_words(text)) {
    joined += word;
  }
  return code_points(joined);
}

// The counts of all orders for one pair of texts: three for each.
void add_counts(const Symbols& answer,
                const Symbols& target,
                std::size_t order,
                std::vector<double>& out) {
  constexpr std::uint32_t kUnknown = 0xFFFFFFFFU;
  Symbols answer_prefix(answer.size());
  Symbols target_prefix(target.size());
  for (std::size_t n = 1; n <= order; ++n) {
    std::unordered_map<std::uint64_t, std::uint32_t> numbers;
    Symbols left;  // how often a gram of the target is still to be matched
    for (std::size_t i = 0; i + n <= target.size(); ++i) {
      const std::uint64_t key = std::uint64_t{target_prefix[i]} << 32U | target[i + n - 1];
      const auto gram =
          numbers.try_emplace(key, static_cast<std::uint32_t>(left.size())).first->second;
      left.resize(std::max<std::size_t>(left.size(), gram + 1));
      ++left[gram];
      target_prefix[i] = gram;
    }
    std::size_t common = 0;
    for (std::size_t i = 0; i + n <= answer.size(); ++i) {
      const std::uint64_t key = std::uint64_t{answer_prefix[i]} << 32U | answer[i + n - 1];
      const auto it = answer_prefix[i] == kUnknown ? numbers.end() : numbers.find(key);
      answer_prefix[i] = it == numbers.end() ? kUnknown : it->second;
      if (it != numbers.end() && left[it->second] > 0) {
        --left[it->second];
        ++common;
      }
    }
    const auto grams = [n](std::size_t size) {
      return size < n ? 0.0 : static_cast<double>(size - n + 1);
    };
    // Without a reference n-gram, sacreBLEU counts none of the hypothesis either.
    out.push_back(target.size() < n ? 0.0 : grams(answer.size()));
    out.push_back(grams(target.size()));
    out.push_back(static_cast<double>(common));
  }
}

}  // namespace

std::vector<double> chrf_counts(std::string_view hypothesis,
                                std::span<const std::string> references,
                                const ChrfRules& rules) {
  const auto prepared = [&](std::string_view text) {
    return rules.lowercase ? lower(text) : std::string(text);
  };
  const std::string answer = prepared(hypothesis);
  const Symbols answer_characters = characters_of(answer, rules.whitespace);
  std::vector<double> best;
  double highest = -1.0;
  for (const std::string& reference : references) {
    const std::string target = prepared(reference);
    std::vector<double> counts;
    add_counts(
        answer_characters, characters_of(target, rules.whitespace), rules.characters, counts);
    if (rules.words > 0) {
      TokenNumbers numbers;
      const Symbols answer_words = numbers.all(words_and_marks(answer));
      add_counts(answer_words, numbers.all(words_and_marks(target)), rules.words, counts);
    }
    const double value = chrf(counts, rules.beta, rules.eps_smoothing);
    if (value > highest) {
      highest = value;
      best = std::move(counts);
    }
  }
  return best;
}

double chrf(std::span<const double> counts, double beta, bool eps_smoothing) {
  constexpr double kEps = 1e-16;
  const double factor = beta * beta;
  const std::size_t order = counts.size() / 3;
  double score = 0.0;
  double precisions = 0.0;
  double recalls = 0.0;
  std::size_t used = 0;
  for (std::size_t n = 0; n < order; ++n) {
    const double answer = counts[3 * n];
    const double target = counts[3 * n + 1];
    const double common = counts[3 * n + 2];
    const double precision = answer > 0 ? common / answer : kEps;
    const double recall = target > 0 ? common / target : kEps;
    const double under = factor * precision + recall;
    score += under > 0 ? (1 + factor) * precision * recall / under : kEps;
    if (answer > 0 && target > 0) {
      precisions += precision;
      recalls += recall;
      ++used;
    }
  }
  if (eps_smoothing) {
    return 100.0 * score / static_cast<double>(order);
  }
  if (used == 0 || precisions + recalls == 0.0) {
    return 0.0;
  }
  const double precision = precisions / static_cast<double>(used);
  const double recall = recalls / static_cast<double>(used);
  return 100.0 * (1 + factor) * precision * recall / (factor * precision + recall);
}

}  // namespace faceoff::score
