#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

// Several answers to one prompt. They say how much a model wavers on that prompt, and nothing about
// other prompts: the unit of every interval stays the prompt.
namespace faceoff::stats {

// One-way random-effects analysis of variance over prompts with any number of repeats (Searle 1971;
// the split of the variance is Miller 2024, section 3). Empty inner vectors are ignored.
struct VarianceComponents {
  std::optional<double> mean = std::nullopt;         // mean of the prompt means
  std::optional<double> se = std::nullopt;           // sd(prompt means) / sqrt(n); null for n < 2
  std::optional<double> var_within = std::nullopt;   // of repeats; null without any repeat
  std::optional<double> var_between = std::nullopt;  // of prompts, not below 0
  // Standard error of a new run of this very suite; null without any repeat.
  std::optional<double> se_rerun = std::nullopt;
  std::optional<double> icc = std::nullopt;  // share of the variance that is between prompts
};
[[nodiscard]] VarianceComponents variance_components(std::span<const std::vector<double>> scores);

// P(at least one of k samples is right), unbiased, from c right of n samples:
// 1 - C(n - c, k) / C(n, k) (Chen et al. 2021). Null unless c <= n, 1 <= k <= n.
[[nodiscard]] std::optional<double> pass_at_k(std::size_t n, std::size_t c, std::size_t k);
// P(all of k samples are right): C(c, k) / C(n, k) (Yao et al. 2024, "pass^k").
[[nodiscard]] std::optional<double> pass_hat_k(std::size_t n, std::size_t c, std::size_t k);

}  // namespace faceoff::stats
