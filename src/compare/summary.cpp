#include "items.h"
#include "repeat_summary.h"

#include <faceoff/compare/summary.h>
#include <faceoff/stats/cluster.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/proportion.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace faceoff::compare {
namespace {

constexpr stats::Range kScoreRange{0.0, 1.0};

void set_interval(ScoreEstimate& score, const stats::Interval& interval, std::string method) {
  score.lo = interval.lo;
  score.hi = interval.hi;
  score.method = interval.bounded() ? std::move(method) : std::string();
}

ScoreEstimate estimate_score(const Trials& trials,
                             const std::vector<CaseIndex>& scored,
                             double conf) {
  ScoreEstimate score;
  std::vector<double> means;
  means.reserve(scored.size());
  bool binary = true;
  std::size_t passed = 0;
  for (const CaseIndex at : scored) {
    const Item item = item_of(trials, at, OnError::leave_out);
    means.push_back(item.mean());
    binary = binary && item.binary();
    passed += item.passed;
  }
  score.n = means.size();
  if (means.empty()) {
    return score;
  }
  score.value = stats::mean(means);
  if (binary) {
    // 0.84, not the rounding error of a sum.
    score.value = static_cast<double>(passed) / static_cast<double>(means.size());
    score.passed = passed;
  }
  const Clusters clusters = clusters_of(trials.cases(), scored);
  score.clusters = clusters.count;
  if (clusters.count >= stats::kMinClusters) {
    const stats::ClusterInterval cr2 =
        stats::cluster_bounded_ci(means, clusters.of, kScoreRange, conf);
    set_interval(score, cr2.interval, "wilson-neff");
    score.n_eff = cr2.n_eff;
    score.df = cr2.df;
  } else if (clusters.count == 0 && binary) {
    set_interval(score, stats::wilson_ci(passed, means.size(), conf).interval, "wilson");
  } else if (clusters.count == 0) {
    const stats::BoundedMean mean = stats::bounded_mean_ci(means, kScoreRange, conf);
    set_interval(score, mean.interval, "wilson-neff");
    score.n_eff = mean.n_eff;
    score.df = mean.n_eff ? std::optional(static_cast<double>(means.size() - 1)) : std::nullopt;
  }
  return score;
}

// An empty tag stands for all cases.
Slice slice_of(const Trials& trials, const std::string& tag, double conf) {
  const CaseTable& cases = trials.cases();
  const std::vector<bool> with =
      tag.empty() ? std::vector<bool>(cases.tag_sets(), true) : cases.sets_with(tag);
  Slice slice;
  slice.tag = tag;
  std::vector<CaseIndex> scored;
  for (const CaseIndex at : cases.in_order()) {
    if (!with[cases.tag_set(at)] || !trials.has(at)) {
      continue;
    }
    const Item item = item_of(trials, at, OnError::leave_out);
    ++slice.cases;
    slice.trials += item.trials;
    slice.repeats = std::max<std::uint64_t>(slice.repeats, item.trials);
    slice.answered += item.trials - item.failed;
    if (item.scored > 0) {
      scored.push_back(at);
    }
  }
  slice.score = estimate_score(trials, scored, conf);
  trials.all([&](const Trials::Ref& trial) {
    if (with[cases.tag_set(trial.item())]) {
      slice.outcomes.add(trial.outcome());
    }
  });
  return slice;
}

QuantileEstimate quantile_of(const std::vector<double>& sorted, double q, double conf) {
  QuantileEstimate estimate;
  estimate.q = q;
  estimate.needs_at_least = stats::quantile_min_n(q, conf).two_sided;
  if (sorted.empty()) {
    return estimate;
  }
  const stats::QuantileInterval found = stats::quantile_ci(sorted, q, conf);
  estimate.value = found.value;
  estimate.lo = found.interval.lo;
  estimate.hi = found.interval.hi;
  estimate.beyond_limit = !found.value;
  return estimate;
}

LatencySummary latency_of(const Column& column, Time time, double conf) {
  LatencySummary summary;
  std::vector<double> times = latencies(column, time);
  summary.n = times.size();
  summary.timed_out = static_cast<std::uint64_t>(
      std::count_if(times.begin(), times.end(), [](double t) { return std::isinf(t); }));
  summary.p50 = quantile_of(times, 0.5, conf);
  summary.p95 = quantile_of(times, 0.95, conf);
  times = {};
  summary.autocorrelation = autocorrelation(column.trials(), time);
  return summary;
}

void count_failures(const Trials& trials, Summary& summary) {
  std::map<backend::FailureKind, std::uint64_t> counts;
  trials.all([&](const Trials::Ref& trial) {
    if (const auto error = trial.error()) {
      ++counts[*error];
    }
  });
  for (const auto& [kind, count] : counts) {
    const Trials::Example example = trials.example(kind);
    summary.failures.push_back({kind, count, example.case_id, example.message});
  }
  std::sort(summary.failures.begin(),
            summary.failures.end(),
            [](const FailureCount& a, const FailureCount& b) {
              return a.count != b.count ? a.count > b.count : a.kind < b.kind;
            });
}

void count_traffic(const Trials& trials, Summary& summary) {
  summary.simulated = trials.simulated() > 0;
  trials.all([&](const Trials::Ref& trial) {
    summary.cached += trial.cached() ? 1U : 0U;
    summary.prompts_sent += trial.prompts_sent();
    for (const backend::FailureKind cause : trial.retries()) {
      ++summary.retries[cause];
    }
    const auto completion = trial.completion_tokens();
    summary.prompt_tokens += trial.prompt_tokens().value_or(0);
    summary.completion_tokens += completion.value_or(0);
    const auto cost = trial.cost();
    summary.cost += cost.value_or(Money{});
    summary.with_cost += cost ? 1U : 0U;
    summary.without_usage += trial.answered() && !completion ? 1U : 0U;
  });
}

std::optional<double> median_rate(const Trials& trials) {
  std::vector<double> rates;
  rates.reserve(trials.size());
  trials.all([&](const Trials::Ref& trial) {
    if (const auto seconds = trial.seconds(Time::tpot)) {
      rates.push_back(1.0 / *seconds);
    }
  });
  return stats::quantile(rates, 0.5);
}

std::optional<double> system_rate(const Trials& trials) {
  double first = std::numeric_limits<double>::infinity();
  std::int64_t tokens = 0;
  trials.all([&](const Trials::Ref& trial) {
    if (const auto started = trial.started()) {
      first = std::min(first, *started);
      tokens += trial.answered() ? trial.completion_tokens().value_or(0) : 0;
    }
  });
  const double last = trials.last_end().value_or(first);
  if (!(last > first) || tokens == 0) {
    return std::nullopt;
  }
  return static_cast<double>(tokens) / (last - first);
}

}  // namespace

std::optional<Money> cost_per_thousand(const Summary& summary) {
  if (summary.with_cost == 0) {
    return std::nullopt;
  }
  // Whole thousands first, so that no product leaves the range.
  const auto count = static_cast<std::int64_t>(summary.with_cost);
  const std::int64_t each = summary.cost.picodollars / count;
  const std::int64_t rest = summary.cost.picodollars % count;
  return Money{each * 1000 + rest * 1000 / count};
}

std::vector<double> latencies(const Column& column, Time time, std::string_view tag) {
  const CaseTable& cases = column.cases();
  const std::vector<bool> chosen = cases.sets_with(tag);
  std::vector<double> times;
  times.reserve(column.trials().size());
  column.trials().all([&](const Trials::Ref& trial) {
    const auto seconds = trial.seconds(time);
    if (seconds && (tag.empty() || chosen[cases.tag_set(trial.item())])) {
      times.push_back(*seconds);
    }
  });
  std::sort(times.begin(), times.end());
  return times;
}

Summary summarise(const Column& column, const SummaryOptions& options) {
  const Trials& trials = column.trials();
  Summary summary;
  summary.backend = column.name();
  summary.conf = options.conf;
  summary.planned = options.planned;
  summary.all = slice_of(trials, "", options.conf);
  for (const std::string& tag : tags_of(trials)) {
    summary.tags.push_back(slice_of(trials, tag, options.conf));
  }
  count_failures(trials, summary);
  count_traffic(trials, summary);
  summary.repeats = summarise_repeats(trials, options.conf);
  summary.ttft = latency_of(column, Time::ttft, options.conf);
  summary.e2e = latency_of(column, Time::e2e, options.conf);
  summary.tpot = latency_of(column, Time::tpot, options.conf);
  summary.decode_rate = median_rate(trials);
  summary.system_rate = system_rate(trials);
  if (const Figures* figures = column.figures()) {
    summary.figures = figures->figures();
    summary.token_sources = figures->token_sources();
  }
  return summary;
}

}  // namespace faceoff::compare
