#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

// Three and more models.
namespace faceoff::stats {

// Omnibus tests, "all models are alike". rows: items, columns: models. Null without a single row
// that tells models apart. REQUIRES: rows of one length of at least 2.
struct OmnibusTest {
  double statistic = 0.0;
  std::size_t df = 0;
  double p = 1.0;
};
// Scores 0 or 1 (Cochran 1950).
[[nodiscard]] std::optional<OmnibusTest> cochran_q(std::span<const std::vector<double>> scores);
// Any scores: midranks within each row, corrected for ties (Friedman 1937, Conover 1999).
[[nodiscard]] std::optional<OmnibusTest> friedman(std::span<const std::vector<double>> scores);

// Strengths by maximum likelihood (Bradley and Terry 1952). wins[i][j]: i beat j; ties[i][j]
// (symmetric; may be empty) give half a win to both. Null unless every model can be reached from
// every other one by a chain of wins (Ford 1957): a model that never lost has no finite strength.
struct BradleyTerry {
  std::vector<double> theta;        // sum zero; P(i beats j) = 1 / (1 + exp(theta_j - theta_i))
  std::vector<double> elo;          // 1000 + 400 theta / ln 10
  std::vector<double> se_vs_first;  // of theta_i - theta_0, from the Fisher information
};
[[nodiscard]] std::optional<BradleyTerry> bradley_terry(std::span<const std::vector<double>> wins,
                                                        std::span<const std::vector<double>> ties);

// The ranks a model may hold, 1 is best: from 1 + (models significantly better) to k - (models
// significantly worse). better[i][j]: i is significantly better than j. (Chiang et al. 2024.)
struct RankRange {
  std::size_t best = 1;
  std::size_t worst = 1;
  friend bool operator==(const RankRange&, const RankRange&) = default;
};
[[nodiscard]] std::vector<RankRange> rank_ranges(std::span<const std::vector<bool>> better);

}  // namespace faceoff::stats
