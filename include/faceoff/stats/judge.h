#pragma once

#include <faceoff/stats/interval.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

// Verdicts of a judge model on pairs of answers. REQUIRES everywhere: spans that belong together
// are of one length.
namespace faceoff::stats {

enum class Preference : std::uint8_t { a, b, tie };

// Every pair is judged twice, A shown first and B shown first; a win needs both verdicts, all else
// is a tie (Zheng et al. 2023, FastChat's show_result). Rates are null for no pairs.
struct JudgeSwap {
  std::size_t wins = 0;  // of B
  std::size_t losses = 0;
  std::size_t ties = 0;
  std::optional<double> winrate = std::nullopt;      // (wins + ties / 2) / n
  std::optional<double> winrate_avg = std::nullopt;  // mean score of B over both orders
  std::optional<double> consistency = std::nullopt;  // share of pairs with the same verdict twice
  std::size_t flips = 0;                             // opposite winners
  std::size_t first_position_flips = 0;              // of these, the first answer won both times
};
[[nodiscard]] JudgeSwap judge_swap(std::span<const Preference> a_first,
                                   std::span<const Preference> b_first);

// Win rate of B with ties as half: 1/2 + (wins - losses) / 2n, interval 1/2 + 1/2 Tango; the test
// is mcnemar(losses, wins).p_mid.
[[nodiscard]] Estimate win_rate_ci(std::size_t wins,
                                   std::size_t losses,
                                   std::size_t n,
                                   double conf);

// Win rate at equal length: logistic fit of the preference (0 to 1) on tanh(dlen / sd(dlen)), read
// at 0 (Dubois et al. 2024, the minimal unregularised form). Without a finite fit, or a spread of
// lengths, only `winrate` is there.
struct LengthControlled {
  std::optional<double> winrate = std::nullopt;
  std::optional<double> lc_winrate = std::nullopt;
  std::optional<double> intercept = std::nullopt;
  std::optional<double> slope = std::nullopt;
};
[[nodiscard]] LengthControlled lc_winrate(std::span<const double> preference,
                                          std::span<const double> length_difference);

// Mean human score from many judge scores corrected by a few human ones: mean(judge, unlabelled) +
// mean(human - judge, labelled), normal interval (Angelopoulos et al. 2023, lambda = 1). Null for
// an empty sample; no error with fewer than two values on either side.
struct PredictionPowered {
  std::optional<double> value = std::nullopt;
  std::optional<double> se = std::nullopt;
  Interval interval = {};
};
[[nodiscard]] PredictionPowered ppi_mean(std::span<const double> judge_unlabelled,
                                         std::span<const double> judge_labelled,
                                         std::span<const double> human_labelled,
                                         double conf);

// Mean squared error of stated probabilities against outcomes 0 or 1 (Brier 1950).
[[nodiscard]] std::optional<double> brier(std::span<const double> p, std::span<const double> y);

// Expected and maximum calibration error over equal-width bins, the last one closed (Naeini et al.
// 2015). Biased upwards for small samples. REQUIRES: bins >= 1, 0 <= p <= 1.
struct Calibration {
  double ece = 0.0;
  double mce = 0.0;
};
[[nodiscard]] std::optional<Calibration> calibration_error(std::span<const double> p,
                                                           std::span<const double> y,
                                                           std::size_t bins);

}  // namespace faceoff::stats
