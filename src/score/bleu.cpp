#include "bleu.h"

#include "distance.h"
#include "python_text.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace faceoff::score {
namespace {

// Numbers n-grams exactly: an n-gram is the pair of its first n-1 tokens' number and its last
// token. Only those of references are numbered.
class Grams {
 public:
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFFU;

  std::uint32_t add(std::uint32_t prefix, std::uint32_t token) {
    return numbers_.try_emplace(key(prefix, token), static_cast<std::uint32_t>(numbers_.size()))
        .first->second;
  }
  [[nodiscard]] std::uint32_t find(std::uint32_t prefix, std::uint32_t token) const {
    const auto it = prefix == kUnknown ? numbers_.end() : numbers_.find(key(prefix, token));
    return it == numbers_.end() ? kUnknown : it->second;
  }
  [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }

 private:
  static std::uint64_t key(std::uint32_t prefix, std::uint32_t token) noexcept {
    return std::uint64_t{prefix} << 32U | token;
  }
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
};

std::size_t nearest(std::size_t length, std::span<const std::size_t> references) {
  std::size_t best = 0;
  std::size_t least = 0;
  bool first = true;
  for (const std::size_t reference : references) {
    const std::size_t away = length > reference ? length - reference : reference - length;
    if (first || away < least || (away == least && reference < best)) {
      best = reference;
      least = away;
      first = false;
    }
  }
  return best;
}

double log_or_far(double value) {
  return value == 0.0 ? -9999999999.0 : std::log(value);
}

}  // namespace

std::vector<double> bleu_counts(std::string_view hypothesis,
                                std::span<const std::string> references,
                                std::size_t order) {
  TokenNumbers numbers;
  std::vector<std::vector<std::uint32_t>> texts;
  std::vector<std::size_t> lengths;
  for (const std::string& reference : references) {
    texts.push_back(numbers.all(split_words(reference)));
    lengths.push_back(texts.back().size());
  }
  const auto answer = numbers.all(split_words(hypothesis));
  std::vector<double> counts(2 + 2 * order);
  counts[0] = static_cast<double>(answer.size());
  counts[1] = static_cast<double>(nearest(answer.size(), lengths));
  // The number of the (n-1)-gram that begins at each place; one empty gram for all.
  std::vector<std::vector<std::uint32_t>> prefixes;
  for (const auto& text : texts) {
    prefixes.emplace_back(text.size(), 0);
  }
  std::vector<std::uint32_t> answer_prefixes(answer.size(), 0);
  for (std::size_t n = 1; n <= order && n <= answer.size(); ++n) {
    Grams grams;
    std::vector<std::uint32_t> most;  // how often a gram stands in one reference
    for (std::size_t r = 0; r < texts.size(); ++r) {
      std::vector<std::uint32_t> here(most.size());
      for (std::size_t i = 0; i + n <= texts[r].size(); ++i) {
        const std::uint32_t gram = grams.add(prefixes[r][i], texts[r][i + n - 1]);
        prefixes[r][i] = gram;
        here.resize(std::max<std::size_t>(here.size(), grams.size()));
        ++here[gram];
      }
      most.resize(grams.size());
      for (std::size_t gram = 0; gram < here.size(); ++gram) {
        most[gram] = std::max(most[gram], here[gram]);
      }
    }
    std::size_t correct = 0;
    for (std::size_t i = 0; i + n <= answer.size(); ++i) {
      const std::uint32_t gram = grams.find(answer_prefixes[i], answer[i + n - 1]);
      answer_prefixes[i] = gram;
      if (gram != Grams::kUnknown && most[gram] > 0) {
        --most[gram];
        ++correct;
      }
    }
    counts[1 + n] = static_cast<double>(correct);
    counts[1 + order + n] = static_cast<double>(answer.size() - n + 1);
  }
  return counts;
}

double bleu(std::span<const double> counts, const BleuRules& rules) {
  const double length = counts[0];
  const double reference = counts[1];
  const auto correct = counts.subspan(2, rules.order);
  const auto total = counts.subspan(2 + rules.order, rules.order);
  if (std::ranges::all_of(correct, [](double c) { return c == 0.0; })) {
    return 0.0;
  }
  const double brevity = length >= reference ? 1.0
                         : length > 0        ? std::exp(1 - reference / length)
                                             : 0.0;
  std::vector<double> precisions(rules.order);
  double halved = 1.0;
  std::size_t used = rules.order;
  for (std::size_t n = 0; n < rules.order; ++n) {
    const double add = rules.smoothing == Smoothing::add_k && n > 0 ? rules.value : 0.0;
    const double hits = correct[n] + add;
    const double grams = total[n] + add;
    if (grams == 0.0) {
      break;
    }
    used = rules.effective_order ? n + 1 : used;
    if (hits != 0.0) {
      precisions[n] = 100.0 * hits / grams;
    } else if (rules.smoothing == Smoothing::exp) {
      halved *= 2;
      precisions[n] = 100.0 / (halved * grams);
    } else if (rules.smoothing == Smoothing::floor) {
      precisions[n] = 100.0 * rules.value / grams;
    }
  }
  double sum = 0.0;
  for (std::size_t n = 0; n < used; ++n) {
    sum += log_or_far(precisions[n]);
  }
  return brevity * std::exp(sum / static_cast<double>(used));
}

}  // namespace faceoff::score
