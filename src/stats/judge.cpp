#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/judge.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/paired_binary.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace faceoff::stats {
namespace {

double score_of(Preference verdict) {
  switch (verdict) {
    case Preference::a:
      return 0.0;
    case Preference::b:
      return 1.0;
    case Preference::tie:
      break;
  }
  return 0.5;
}

}  // namespace

JudgeSwap judge_swap(std::span<const Preference> a_first, std::span<const Preference> b_first) {
  FACEOFF_CHECK(a_first.size() == b_first.size(), "every pair needs a verdict in both orders");
  JudgeSwap result;
  double scores = 0.0;
  std::size_t agreed = 0;
  for (std::size_t i = 0; i < a_first.size(); ++i) {
    const Preference one = a_first[i];
    const Preference other = b_first[i];
    scores += (score_of(one) + score_of(other)) / 2.0;
    if (one == other) {
      ++agreed;
      result.wins += one == Preference::b ? 1 : 0;
      result.losses += one == Preference::a ? 1 : 0;
    } else if (one != Preference::tie && other != Preference::tie) {
      ++result.flips;
      result.first_position_flips += one == Preference::a ? 1 : 0;
    }
  }
  const std::size_t n = a_first.size();
  result.ties = n - result.wins - result.losses;
  if (n > 0) {
    result.winrate = (real(result.wins) + real(result.ties) / 2.0) / real(n);
    result.winrate_avg = scores / real(n);
    result.consistency = real(agreed) / real(n);
  }
  return result;
}

Estimate win_rate_ci(std::size_t wins, std::size_t losses, std::size_t n, double conf) {
  Estimate result = tango_ci(losses, wins, n, conf);
  for (std::optional<double>* value : {&result.value, &result.interval.lo, &result.interval.hi}) {
    if (*value) {
      **value = 0.5 + **value / 2.0;
    }
  }
  return result;
}

PredictionPowered ppi_mean(std::span<const double> judge_unlabelled,
                           std::span<const double> judge_labelled,
                           std::span<const double> human_labelled,
                           double conf) {
  if (judge_unlabelled.empty() || judge_labelled.empty()) {
    return {};
  }
  const std::vector<double> correction = differences(judge_labelled, human_labelled);
  const double value = mean_of(judge_unlabelled) + mean_of(correction);
  const std::optional<double> judge_variance = variance(judge_unlabelled);
  const std::optional<double> correction_variance = variance(correction);
  if (!judge_variance || !correction_variance) {
    return {.value = value};
  }
  const double se = std::sqrt(*judge_variance / real(judge_unlabelled.size()) +
                              *correction_variance / real(correction.size()));
  const double half = normal_critical(conf) * se;
  return {.value = value, .se = se, .interval = {.lo = value - half, .hi = value + half}};
}

std::optional<double> brier(std::span<const double> p, std::span<const double> y) {
  const std::vector<double> errors = differences(p, y);
  if (errors.empty()) {
    return std::nullopt;
  }
  double sum = 0.0;
  for (const double error : errors) {
    sum += square(error);
  }
  return sum / real(errors.size());
}

std::optional<Calibration> calibration_error(std::span<const double> p,
                                             std::span<const double> y,
                                             std::size_t bins) {
  FACEOFF_CHECK(p.size() == y.size(), "every probability needs its outcome");
  FACEOFF_CHECK(bins >= 1, "a calibration error needs bins");
  if (p.empty()) {
    return std::nullopt;
  }
  struct Bin {
    double size = 0.0;
    double gap = 0.0;
  };
  std::vector<Bin> table(bins);
  for (std::size_t i = 0; i < p.size(); ++i) {
    FACEOFF_CHECK(p[i] >= 0.0 && p[i] <= 1.0, "a probability must be inside [0, 1]");
    const auto index = static_cast<std::size_t>(std::floor(p[i] * real(bins)));
    Bin& bin = table[std::min(index, bins - 1)];
    bin.size += 1.0;
    bin.gap += p[i] - y[i];
  }
  Calibration result;
  for (const Bin& bin : table) {
    if (bin.size > 0.0) {
      result.ece += std::abs(bin.gap) / real(p.size());
      result.mce = std::max(result.mce, std::abs(bin.gap) / bin.size);
    }
  }
  return result;
}

}  // namespace faceoff::stats
