#include "items.h"

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

ScoreEstimate estimate_score(const std::vector<const Item*>& items, double conf) {
  ScoreEstimate score;
  std::vector<double> means;
  bool binary = true;
  std::size_t passed = 0;
  for (const Item* item : items) {
    const double mean = item->mean();
    means.push_back(mean);
    binary = binary && item->trials == 1 && (mean == 0.0 || mean == 1.0);
    passed += mean == 1.0 ? 1 : 0;
  }
  score.n = means.size();
  if (means.empty()) {
    return score;
  }
  if (binary) {
    score.passed = passed;
  }
  score.value = stats::mean(means);
  const Clusters clusters = clusters_of(items);
  score.clusters = clusters.count;
  if (clusters.count >= stats::kMinClusters) {
    set_interval(score,
                 stats::cluster_bounded_ci(means, clusters.of, kScoreRange, conf).interval,
                 "wilson-neff");
  } else if (clusters.count == 0 && binary) {
    set_interval(score, stats::wilson_ci(passed, means.size(), conf).interval, "wilson");
  } else if (clusters.count == 0) {
    set_interval(score, stats::bounded_mean_ci(means, kScoreRange, conf).interval, "wilson-neff");
  }
  return score;
}

Slice slice_of(const Column& column,
               const std::vector<Item>& items,
               const std::string& tag,
               double conf) {
  Slice slice;
  slice.tag = tag;
  std::vector<const Item*> scored;
  for (const Item& item : items) {
    if (!tag.empty() && !item.has_tag(tag)) {
      continue;
    }
    ++slice.cases;
    slice.trials += item.trials;
    slice.repeats = std::max<std::uint64_t>(slice.repeats, item.trials);
    slice.answered += item.trials - item.failed;
    if (item.scored()) {
      scored.push_back(&item);
    }
  }
  slice.score = estimate_score(scored, conf);
  for (const Trial& trial : column.trials) {
    if (tag.empty() || std::find(trial.tags.begin(), trial.tags.end(), tag) != trial.tags.end()) {
      slice.outcomes.add(trial.outcome);
    }
  }
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

LatencySummary latency_of(const Column& column, std::optional<double> Trial::*figure, double conf) {
  LatencySummary summary;
  std::vector<double> times;
  for (const Trial& trial : column.trials) {
    if (const auto& time = trial.*figure) {
      times.push_back(*time);
      summary.timed_out += std::isinf(*time) ? 1U : 0U;
    }
  }
  std::sort(times.begin(), times.end());
  summary.n = times.size();
  summary.p50 = quantile_of(times, 0.5, conf);
  summary.p95 = quantile_of(times, 0.95, conf);
  return summary;
}

void count_failures(const Column& column, Summary& summary) {
  for (const Trial& trial : column.trials) {
    if (!trial.error) {
      continue;
    }
    auto at = std::find_if(summary.failures.begin(),
                           summary.failures.end(),
                           [&](const FailureCount& f) { return f.kind == *trial.error; });
    if (at == summary.failures.end()) {
      summary.failures.push_back({*trial.error, 0, trial.case_id, trial.error_message});
      at = std::prev(summary.failures.end());
    }
    ++at->count;
    // The example must not depend on the order in which answers came in.
    if (trial.case_id < at->case_id) {
      at->case_id = trial.case_id;
      at->message = trial.error_message;
    }
  }
  std::sort(summary.failures.begin(),
            summary.failures.end(),
            [](const FailureCount& a, const FailureCount& b) {
              return a.count != b.count ? a.count > b.count : a.kind < b.kind;
            });
}

void count_traffic(const Column& column, Summary& summary) {
  for (const Trial& trial : column.trials) {
    summary.simulated = summary.simulated || trial.simulated;
    summary.cached += trial.cached ? 1 : 0;
    summary.prompts_sent += trial.prompts_sent;
    for (const backend::FailureKind cause : trial.retries) {
      ++summary.retries[cause];
    }
    summary.prompt_tokens += trial.prompt_tokens.value_or(0);
    summary.completion_tokens += trial.completion_tokens.value_or(0);
    summary.cost += trial.cost.value_or(Money{});
    summary.with_cost += trial.cost ? 1U : 0U;
    summary.without_usage += trial.answered() && !trial.completion_tokens ? 1U : 0U;
  }
}

std::optional<double> median_rate(const Column& column) {
  std::vector<double> rates;
  for (const Trial& trial : column.trials) {
    if (trial.tpot) {
      rates.push_back(1.0 / *trial.tpot);
    }
  }
  return stats::quantile(rates, 0.5);
}

std::optional<double> system_rate(const Column& column) {
  double first = std::numeric_limits<double>::infinity();
  double last = -first;
  double tokens = 0;
  for (const Trial& trial : column.trials) {
    if (!trial.started || !trial.ended) {
      continue;
    }
    first = std::min(first, *trial.started);
    last = std::max(last, *trial.ended);
    tokens += trial.answered() ? static_cast<double>(trial.completion_tokens.value_or(0)) : 0.0;
  }
  if (!(last > first) || tokens == 0) {
    return std::nullopt;
  }
  return tokens / (last - first);
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

Summary summarise(const Column& column, const SummaryOptions& options) {
  Summary summary;
  summary.backend = column.name;
  summary.conf = options.conf;
  summary.planned = options.planned;
  const std::vector<Item> items = collapse(column, OnError::leave_out);
  summary.all = slice_of(column, items, "", options.conf);
  for (const std::string& tag : tags_of(items)) {
    summary.tags.push_back(slice_of(column, items, tag, options.conf));
  }
  count_failures(column, summary);
  count_traffic(column, summary);
  summary.ttft = latency_of(column, &Trial::ttft, options.conf);
  summary.e2e = latency_of(column, &Trial::e2e, options.conf);
  summary.decode_rate = median_rate(column);
  summary.system_rate = system_rate(column);
  return summary;
}

}  // namespace faceoff::compare
