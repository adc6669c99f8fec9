#include "score_comparison.h"

#include <faceoff/stats/interval.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/quantile.h>
#include <faceoff/stats/ranks.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace faceoff::compare {
namespace {

// Stands for the logarithm of an infinite ratio: rank methods only need it to be farthest out.
constexpr double kFarLog = 1000.0;
// Walsh averages with one such value are beyond this; no ratio of real times is.
constexpr double kUnbounded = 400.0;
constexpr double kAutocorrelated = 0.2;

// Beyond this many pairs a median with the ranks around it and the sign test are sharp enough, and
// take no copies.
constexpr std::size_t kManyPairs = 200'000;

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

Time time_of(Metric metric) noexcept {
  return metric == Metric::ttft ? Time::ttft : metric == Metric::e2e ? Time::e2e : Time::tpot;
}

std::vector<double> log_ratios(const Alignment& alignment,
                               std::vector<CaseIndex>& candidates,
                               Comparison& comparison) {
  std::vector<double> logs;
  logs.reserve(alignment.both.size());
  const Time time = time_of(comparison.metric);
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
    if (candidates.size() < kManyPairs) {
      candidates.push_back(couple.candidate);
    }
    comparison.n_higher += d > 0 ? 1 : 0;
    comparison.n_lower += d < 0 ? 1 : 0;
  }
  return logs;
}

std::optional<double> start_of(const Trials& trials, CaseIndex item) {
  std::optional<double> start;
  trials.of_case(item, [&](const Trials::Ref& trial) {
    if (const auto at = trial.started(); at && (!start || *at < *start)) {
      start = at;
    }
  });
  return start;
}

// Most cases were sent to both sides within a tenth of the run, or a minute, of each other.
std::optional<bool> interleaved(const Alignment& alignment) {
  std::vector<float> gaps;
  gaps.reserve(std::min(kManyPairs, alignment.both.size()));
  double first = std::numeric_limits<double>::infinity();
  double last = -first;
  for (const Alignment::Couple& couple : alignment.both) {
    const auto a = start_of(*alignment.reference, couple.reference);
    const auto b = start_of(*alignment.candidate, couple.candidate);
    if (a && b && gaps.size() < kManyPairs) {
      gaps.push_back(static_cast<float>(std::abs(*a - *b)));
      first = std::min({first, *a, *b});
      last = std::max({last, *a, *b});
    }
  }
  if (gaps.empty()) {
    return std::nullopt;
  }
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  constexpr double kMinute = 60.0;
  return static_cast<double>(*middle) <= std::max(kMinute, (last - first) / 10);
}

// In the order of the candidate's requests; as they are where starts are not known.
void sort_by_start(const Trials& trials,
                   const std::vector<CaseIndex>& items,
                   std::vector<double>& logs) {
  std::vector<std::pair<double, double>> points;
  points.reserve(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    points.emplace_back(start_of(trials, items[i]).value_or(0.0), logs[i]);
  }
  std::stable_sort(
      points.begin(), points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < logs.size(); ++i) {
    logs[i] = points[i].second;
  }
}

// Medians of successive batches of about sqrt(n) ratios: those of different batches are nearly
// independent where those of neighbours are not.
std::vector<double> batch_medians(const std::vector<double>& logs) {
  const auto size = static_cast<std::size_t>(std::sqrt(static_cast<double>(logs.size())));
  std::vector<double> medians;
  for (std::size_t at = 0; at + size <= logs.size(); at += size) {
    const std::span<const double> batch(logs.data() + at, size);
    medians.push_back(*stats::quantile(batch, 0.5));
  }
  return medians;
}

void use_median(std::vector<double> logs, const Options& options, Comparison& comparison) {
  std::sort(logs.begin(), logs.end());
  const stats::QuantileRanks ranks = stats::quantile_ranks(logs.size(), 0.5, options.conf);
  const auto at_rank = [&](const std::optional<std::size_t>& rank) {
    return rank ? std::optional(logs[*rank - 1]) : std::nullopt;
  };
  comparison.estimate.method = "order-statistic";
  comparison.estimate.value = ratio_of(logs[logs.size() / 2]);
  set_interval(logs, {at_rank(ranks.lo_rank), at_rank(ranks.hi_rank)}, comparison.estimate);
  comparison.test.name = "sign";
  comparison.test.p = stats::mcnemar(comparison.n_lower, comparison.n_higher).p_exact;
}

void use_ranks(const std::vector<double>& logs,
               std::string method,
               const Options& options,
               Comparison& comparison) {
  const stats::HodgesLehmann hl = stats::hodges_lehmann_paired(logs, options.conf);
  comparison.estimate.method = std::move(method);
  comparison.estimate.value = ratio_of(hl.value);
  comparison.test.name = "wilcoxon";
  comparison.test.p = stats::wilcoxon_signed_rank(logs).p;
  if (hl.conf_actual && *hl.conf_actual >= options.conf - 1e-9) {
    set_interval(logs, hl.interval, comparison.estimate);
  }
}

void estimate(const Alignment& alignment,
              const std::vector<CaseIndex>& candidates,
              std::vector<double> logs,
              const Options& options,
              Comparison& comparison) {
  constexpr std::size_t kForBatches = 49;  // 7 of 7, so that an interval exists
  if (logs.size() > kManyPairs) {
    use_median(std::move(logs), options, comparison);
    return;
  }
  if (comparison.autocorrelation.value_or(0.0) > kAutocorrelated && logs.size() >= kForBatches) {
    std::vector<double> in_order = logs;
    sort_by_start(*alignment.candidate, candidates, in_order);
    // Where both sides drift together the ratios are independent all the same.
    if (stats::lag1_autocorrelation(in_order).value_or(0.0) > kAutocorrelated) {
      use_ranks(batch_medians(in_order), "hl-batch", options, comparison);
      return;
    }
  }
  use_ranks(logs, "hl-walsh", options, comparison);
}

void look_at_order(const Alignment& alignment, Comparison& comparison) {
  const Time time = time_of(comparison.metric);
  const auto a = autocorrelation(*alignment.reference, time);
  const auto b = autocorrelation(*alignment.candidate, time);
  comparison.autocorrelation = a && b ? std::max(*a, *b) : (a ? a : b);
  comparison.interleaved = interleaved(alignment);
  if (comparison.autocorrelation.value_or(0.0) > kAutocorrelated) {
    comparison.warnings.push_back(Warning::autocorrelated);
  }
  if (!comparison.interleaved.value_or(true)) {
    comparison.warnings.push_back(Warning::not_interleaved);
  }
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
  std::vector<CaseIndex> candidates;
  std::vector<double> logs = log_ratios(alignment, candidates, comparison);
  comparison.n_pairs = logs.size();
  if (logs.empty()) {
    return comparison;
  }
  look_at_order(alignment, comparison);
  estimate(alignment, candidates, std::move(logs), options, comparison);
  if (comparison.estimate.lo && comparison.estimate.hi) {
    const stats::Interval logs_interval{std::log(*comparison.estimate.lo),
                                        std::log(*comparison.estimate.hi)};
    comparison.detectable =
        ratio_of(stats::detectable_difference(logs_interval, options.conf, options.power));
  }
  return comparison;
}

}  // namespace faceoff::compare
