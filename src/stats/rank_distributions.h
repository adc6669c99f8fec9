#pragma once

#include <cstddef>
#include <span>
#include <vector>

// Exact null distributions of rank statistics as probabilities: index s holds P(S = s).
namespace faceoff::stats {

// S is the sum of `ranks` over a random subset, each rank in or out with probability 1/2: the
// signed-rank statistic. O(ranks * sum).
[[nodiscard]] std::vector<double> signed_sum_distribution(std::span<const std::size_t> ranks);

// S is the sum of `ranks` over a random subset of exactly `m`: the rank-sum statistic.
// O(ranks * m * sum). REQUIRES: m <= ranks.
[[nodiscard]] std::vector<double> subset_sum_distribution(std::span<const std::size_t> ranks,
                                                          std::size_t m);
// The operations that the latter needs.
[[nodiscard]] double subset_sum_work(std::span<const std::size_t> ranks, std::size_t m);

// 1, 2, ..., n.
[[nodiscard]] std::vector<std::size_t> plain_ranks(std::size_t n);

// min(1, 2 min(P(S <= s), P(S >= s))).
[[nodiscard]] double two_sided_tail(std::span<const double> probabilities, std::size_t s);

}  // namespace faceoff::stats
