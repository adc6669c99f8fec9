#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

// Rank methods for times and other skewed values. Ties get midranks.
namespace faceoff::stats {

// automatic: exact where that is cheap (50 non-zero differences; two samples of about 50), else the
// normal approximation.
enum class RankMethod : std::uint8_t { automatic, exact, normal };
// wilcox drops zero differences before ranking, pratt (Pratt 1959) ranks them and drops them then.
enum class ZeroRule : std::uint8_t { wilcox, pratt };

struct RankOptions {
  RankMethod method = RankMethod::automatic;
  ZeroRule zeros = ZeroRule::wilcox;
  bool continuity_correction = false;  // normal only: 1/2 towards the mean
};

// Signed-rank test (Wilcoxon 1945). `exact` is the permutation distribution on the observed
// midranks, p = min(1, 2 min(P(W <= w), P(W >= w))). p is 1 without a non-zero difference.
struct SignedRank {
  double w_plus = 0.0;
  std::size_t n_used = 0;                  // non-zero differences
  std::optional<double> z = std::nullopt;  // normal only
  double p = 1.0;
};
[[nodiscard]] SignedRank wilcoxon_signed_rank(std::span<const double> d, RankOptions options = {});

// Rank-sum test of two independent samples (Mann and Whitney 1947) with tie-corrected variance. For
// repeated runs of one identical request, not across different prompts. Null p without data. An
// exact request beyond about 2e9 operations is answered by the normal approximation.
struct MannWhitney {
  double u = 0.0;                          // of x: pairs with x > y, ties count 1/2
  std::optional<double> z = std::nullopt;  // normal only
  std::optional<double> p = std::nullopt;
};
[[nodiscard]] MannWhitney mann_whitney(std::span<const double> x,
                                       std::span<const double> y,
                                       RankOptions options = {});

// Median of the n (n + 1) / 2 Walsh averages, with the interval that the signed-rank distribution
// gives (Hodges and Lehmann 1963; Hollander and Wolfe 1999, 3.2 and 3.3). Exact distribution for n
// up to 200. O(n log n): the averages are never written down.
// `conf_actual` is the level reached; below the asked one only in tiny samples (n < 6 at 95 %).
struct HodgesLehmann {
  std::optional<double> value = std::nullopt;
  Interval interval = {};
  std::optional<double> conf_actual = std::nullopt;
};
[[nodiscard]] HodgesLehmann hodges_lehmann_paired(std::span<const double> d, double conf);
// Median of all b - a of two independent samples (Hollander and Wolfe 1999, 4.2 and 4.3).
[[nodiscard]] HodgesLehmann hodges_lehmann_shift(std::span<const double> a,
                                                 std::span<const double> b,
                                                 double conf);

}  // namespace faceoff::stats
