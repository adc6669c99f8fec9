#include "rank_distributions.h"

#include "numeric.h"

#include <algorithm>
#include <numeric>

namespace faceoff::stats {

std::vector<double> signed_sum_distribution(std::span<const std::size_t> ranks) {
  const std::size_t total = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  std::vector<double> probability(total + 1, 0.0);
  probability[0] = 1.0;
  std::size_t reached = 0;
  for (const std::size_t rank : ranks) {
    reached += rank;
    for (std::size_t s = reached + 1; s-- > rank;) {
      probability[s] = 0.5 * (probability[s] + probability[s - rank]);
    }
    for (std::size_t s = 0; s < rank && s <= reached; ++s) {
      probability[s] *= 0.5;
    }
  }
  return probability;
}

std::vector<double> subset_sum_distribution(std::span<const std::size_t> ranks, std::size_t m) {
  const std::size_t total = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  const std::size_t width = total + 1;
  std::vector<double> probability((m + 1) * width, 0.0);
  probability[0] = 1.0;
  const double n = real(ranks.size());
  std::size_t reached = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const std::size_t rank = ranks[i];
    reached += rank;
    const double left = n - real(i);
    // From k - 1 taken so far, the next one is taken with probability (m - k + 1) / left. Going
    // down in k, each row is read before it is rewritten.
    for (std::size_t k = std::min(m, i + 1) + 1; k-- > 0;) {
      double* const row = &probability[k * width];
      const double stay = std::max(0.0, 1.0 - real(m - k) / left);
      for (std::size_t s = 0; s <= reached; ++s) {
        row[s] *= stay;
      }
      if (k == 0) {
        continue;
      }
      const double take = real(m - k + 1) / left;
      const double* const below = row - width;
      for (std::size_t s = rank; s <= reached; ++s) {
        row[s] += below[s - rank] * take;
      }
    }
  }
  return {probability.end() - static_cast<std::ptrdiff_t>(width), probability.end()};
}

double subset_sum_work(std::span<const std::size_t> ranks, std::size_t m) {
  const std::size_t total = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  return real(ranks.size()) * real(m) * real(total) / 2.0;
}

std::vector<std::size_t> plain_ranks(std::size_t n) {
  std::vector<std::size_t> ranks(n);
  std::iota(ranks.begin(), ranks.end(), std::size_t{1});
  return ranks;
}

double two_sided_tail(std::span<const double> probabilities, std::size_t s) {
  const double below = sum_of(probabilities.first(s + 1));
  const double above = sum_of(probabilities.subspan(s));
  return std::min(1.0, 2.0 * std::min(below, above));
}

}  // namespace faceoff::stats
