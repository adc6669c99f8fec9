#include "score_comparison.h"

#include <faceoff/stats/interval.h>
#include <faceoff/stats/ranks.h>

#include <cmath>

namespace faceoff::compare {
namespace {

// Stands for the logarithm of an infinite ratio: rank methods only need it to be farthest out.
constexpr double kFarLog = 1000.0;
// Walsh averages with one such value are beyond this; no ratio of real times is.
constexpr double kUnbounded = 400.0;

// Mean of the logarithms: repeats of a case count as one time, their geometric mean.
double log_time(const std::vector<double>& seconds) {
  double sum = 0;
  for (const double s : seconds) {
    sum += std::log(s);
  }
  return sum / static_cast<double>(seconds.size());
}

bool usable(const std::vector<double>& seconds) {
  for (const double s : seconds) {
    if (!(s > 0)) {
      return false;
    }
  }
  return !seconds.empty();
}

std::optional<double> ratio_of(const std::optional<double>& log_ratio) {
  if (!log_ratio || std::abs(*log_ratio) > kUnbounded) {
    return std::nullopt;
  }
  return std::exp(*log_ratio);
}

std::vector<double> log_ratios(const Alignment& alignment, Comparison& comparison) {
  std::vector<double> logs;
  for (const auto& [reference, candidate] : alignment.both) {
    const bool ttft = comparison.metric == Metric::ttft;
    const std::vector<double>& a = ttft ? reference->ttft : reference->e2e;
    const std::vector<double>& b = ttft ? candidate->ttft : candidate->e2e;
    if (!usable(a) || !usable(b)) {
      continue;
    }
    const double la = log_time(a);
    const double lb = log_time(b);
    if (std::isinf(la) && std::isinf(lb)) {
      ++comparison.excluded.timed_out;
      continue;
    }
    const double d = lb - la;
    logs.push_back(std::isinf(d) ? std::copysign(kFarLog, d) : d);
    comparison.n_higher += d > 0 ? 1 : 0;
    comparison.n_lower += d < 0 ? 1 : 0;
  }
  return logs;
}

}  // namespace

Comparison compare_latency(const Alignment& alignment, Metric metric, const Options& options) {
  Comparison comparison;
  comparison.metric = metric;
  comparison.n_only_reference = alignment.only_reference.size();
  comparison.n_only_candidate = alignment.only_candidate.size();
  comparison.excluded.missing = comparison.n_only_reference + comparison.n_only_candidate;
  comparison.excluded.changed = alignment.changed.size();
  comparison.estimate.kind = Estimate::Kind::ratio;
  comparison.estimate.conf = options.conf;
  const std::vector<double> logs = log_ratios(alignment, comparison);
  comparison.n_pairs = logs.size();
  if (logs.empty()) {
    return comparison;
  }
  const stats::HodgesLehmann hl = stats::hodges_lehmann_paired(logs, options.conf);
  comparison.estimate.method = "hl-walsh";
  comparison.estimate.value = ratio_of(hl.value);
  comparison.test.name = "wilcoxon";
  comparison.test.p = stats::wilcoxon_signed_rank(logs).p;
  if (!hl.conf_actual || *hl.conf_actual < options.conf - 1e-9) {
    return comparison;
  }
  comparison.estimate.lo = ratio_of(hl.interval.lo);
  comparison.estimate.hi = ratio_of(hl.interval.hi);
  if (comparison.estimate.lo && comparison.estimate.hi) {
    const auto log_step = stats::detectable_difference(hl.interval, options.conf, options.power);
    comparison.detectable = ratio_of(log_step);
  }
  return comparison;
}

}  // namespace faceoff::compare
