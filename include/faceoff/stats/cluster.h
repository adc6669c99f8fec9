#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>
#include <optional>
#include <span>

// Prompts that share a passage, a template or a conversation are not independent. Label i says to
// which cluster value i belongs; any numbers will do. REQUIRES: as many labels as values.
namespace faceoff::stats {

// Below the first no interval should be shown, below the second only with a warning.
inline constexpr std::size_t kMinClusters = 5;
inline constexpr std::size_t kFewClusters = 10;

// Standard errors of a mean. CR0 is Miller (2024, appendix A), CR1 adds C / (C - 1), CR2 is the
// bias-reduced estimator of Bell and McCaffrey (2002), closed for a mean: v = sum S_c^2 / (1 -
// n_c / n) / n^2, with their Satterthwaite degrees of freedom. Fewer than two clusters: the errors
// and df are null.
struct ClusterError {
  std::optional<double> mean = std::nullopt;
  std::size_t n = 0;
  std::size_t clusters = 0;
  double largest_share = 0.0;  // of the values, in the largest cluster; warn above 1/2
  std::optional<double> se_iid = std::nullopt;
  std::optional<double> se_cr0 = std::nullopt;
  std::optional<double> se_cr1 = std::nullopt;
  std::optional<double> se_cr2 = std::nullopt;
  std::optional<double> df_cr2 = std::nullopt;
  std::optional<double> deff = std::nullopt;  // (se_cr2 / se_iid)^2
};
[[nodiscard]] ClusterError cluster_error(std::span<const double> x,
                                         std::span<const std::size_t> labels);

// Intervals on the CR2 error. Both credit clustering with no less than a quarter of the variance of
// independent values (sums within clusters may cancel by chance), and take degenerate_interval with
// the number of clusters when all values are equal. Null with fewer than two clusters.
struct ClusterInterval {
  std::optional<double> value = std::nullopt;
  std::optional<double> n_eff = std::nullopt;  // bounded scores only
  std::optional<double> se = std::nullopt;
  std::optional<double> df = std::nullopt;
  std::optional<double> p = std::nullopt;  // two-sided against 0; differences only
  Interval interval = {};
};
// Mean of scores in `range`: Wilson with n_eff = p (1 - p) width^2 / se_cr2^2 and t_df.
[[nodiscard]] ClusterInterval cluster_bounded_ci(std::span<const double> x,
                                                 std::span<const std::size_t> labels,
                                                 Range range,
                                                 double conf);
// Mean of paired differences of scores in `score_range`: d +- t_df se_cr2.
[[nodiscard]] ClusterInterval cluster_difference_ci(std::span<const double> d,
                                                    std::span<const std::size_t> labels,
                                                    Range score_range,
                                                    double conf);

}  // namespace faceoff::stats
