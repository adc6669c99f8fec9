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

bool is_far(double log_ratio) noexcept {
  return std::abs(log_ratio) > kUnbounded;
}

std::optional<double> ratio_of(const std::optional<double>& log_ratio) {
  if (!log_ratio || is_far(*log_ratio)) {
    return std::nullopt;
  }
  return std::exp(*log_ratio);
}

// An end towards 1 that lies among the time limits: the outermost ratio that was measured is a safe
// one, since the true end is farther out.
std::optional<double> measured_end(const std::vector<double>& logs, double far) {
  std::optional<double> end;
  for (const double d : logs) {
    if (!is_far(d) && (!end || (far > 0 ? d > *end : d < *end))) {
      end = d;
    }
  }
  return ratio_of(end);
}

void set_interval(const std::vector<double>& logs,
                  const stats::Interval& interval,
                  Estimate& estimate) {
  const bool lo_far = interval.lo && *interval.lo > kUnbounded;
  const bool hi_far = interval.hi && *interval.hi < -kUnbounded;
  estimate.lo = lo_far ? measured_end(logs, 1.0) : ratio_of(interval.lo);
  estimate.hi = hi_far ? measured_end(logs, -1.0) : ratio_of(interval.hi);
}

std::vector<double> log_ratios(const Alignment& alignment, Comparison& comparison) {
  std::vector<double> logs;
  const Time time = comparison.metric == Metric::ttft ? Time::ttft : Time::e2e;
  for (const Alignment::Couple& couple : alignment.both) {
    const auto a = log_seconds(*alignment.reference, couple.reference, time);
    const auto b = log_seconds(*alignment.candidate, couple.candidate, time);
    if (!a || !b) {
      continue;
    }
    if (std::isinf(*a) && std::isinf(*b)) {
      ++comparison.excluded.timed_out;
      continue;
    }
    const double d = *b - *a;
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
  set_interval(logs, hl.interval, comparison.estimate);
  if (comparison.estimate.lo && comparison.estimate.hi) {
    const auto log_step = stats::detectable_difference(hl.interval, options.conf, options.power);
    comparison.detectable = ratio_of(log_step);
  }
  return comparison;
}

}  // namespace faceoff::compare
