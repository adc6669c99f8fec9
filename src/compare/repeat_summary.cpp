#include "repeat_summary.h"

#include "items.h"

#include <faceoff/stats/cluster.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/repeats.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace faceoff::compare {
namespace {

constexpr stats::Range kScoreRange{0.0, 1.0};
constexpr double kPassed = 0.5;
constexpr std::size_t kListedCases = 100;

// The scored repeats of every case that has one, in CaseTable::in_order().
struct Answers {
  std::vector<CaseIndex> items;
  std::vector<std::vector<double>> scores;
};

Answers answers_of(const Trials& trials) {
  Answers answers;
  for (const CaseIndex item : trials.cases().in_order()) {
    std::vector<double> scores;
    trials.of_case(item, [&](const Trials::Ref& trial) {
      if (const auto value = trial.value(); value && trial.answered()) {
        scores.push_back(*value);
      }
    });
    if (!scores.empty()) {
      answers.items.push_back(item);
      answers.scores.push_back(std::move(scores));
    }
  }
  return answers;
}

std::uint64_t passed(const std::vector<double>& scores) {
  return static_cast<std::uint64_t>(
      std::count_if(scores.begin(), scores.end(), [](double score) { return score >= kPassed; }));
}

void list_flaky(const Trials& trials, const Answers& answers, RepeatSummary& summary) {
  for (std::size_t i = 0; i < answers.items.size(); ++i) {
    const std::uint64_t right = passed(answers.scores[i]);
    if (right > 0 && right < answers.scores[i].size()) {
      summary.flaky.push_back(
          {std::string(trials.cases().id(answers.items[i])), right, answers.scores[i].size()});
    }
  }
  summary.n_flaky = summary.flaky.size();
  std::sort(summary.flaky.begin(), summary.flaky.end(), [](const auto& a, const auto& b) {
    return a.id < b.id;
  });
  summary.flaky.resize(std::min(summary.flaky.size(), kListedCases));
}

using PassRule = std::optional<double> (*)(std::size_t n, std::size_t c, std::size_t k);

// Over the cases with at least k answers.
ScoreEstimate estimate_pass(
    const Trials& trials, const Answers& answers, std::size_t k, PassRule rule, double conf) {
  std::vector<double> shares;
  std::vector<CaseIndex> items;
  for (std::size_t i = 0; i < answers.items.size(); ++i) {
    if (const auto share = rule(answers.scores[i].size(), passed(answers.scores[i]), k)) {
      shares.push_back(*share);
      items.push_back(answers.items[i]);
    }
  }
  ScoreEstimate estimate;
  estimate.n = shares.size();
  estimate.value = stats::mean(shares);
  const Clusters clusters = clusters_of(trials.cases(), items);
  estimate.clusters = clusters.count;
  stats::Interval interval;
  if (clusters.count >= stats::kMinClusters) {
    interval = stats::cluster_bounded_ci(shares, clusters.of, kScoreRange, conf).interval;
  } else if (clusters.count == 0 && !shares.empty()) {
    interval = stats::bounded_mean_ci(shares, kScoreRange, conf).interval;
  }
  estimate.lo = interval.lo;
  estimate.hi = interval.hi;
  estimate.method = interval.bounded() ? "wilson-neff" : "";
  return estimate;
}

void estimate_passes(const Trials& trials,
                     const Answers& answers,
                     double conf,
                     RepeatSummary& summary) {
  std::size_t most = 0;
  for (const auto& scores : answers.scores) {
    most = std::max(most, scores.size());
    if (std::any_of(scores.begin(), scores.end(), [](double s) { return s != 0.0 && s != 1.0; })) {
      return;
    }
  }
  for (const std::size_t k :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5}, std::size_t{10}, most}) {
    const bool listed = !summary.passes.empty() && k <= summary.passes.back().k;
    if (k <= most && !listed) {
      summary.passes.push_back({k,
                                estimate_pass(trials, answers, k, stats::pass_at_k, conf),
                                estimate_pass(trials, answers, k, stats::pass_hat_k, conf)});
    }
  }
}

}  // namespace

std::optional<RepeatSummary> summarise_repeats(const Trials& trials, double conf) {
  if (!trials.any_repeat()) {
    return std::nullopt;
  }
  const Answers answers = answers_of(trials);
  RepeatSummary summary;
  summary.cases = static_cast<std::uint64_t>(
      std::count_if(answers.scores.begin(), answers.scores.end(), [](const auto& scores) {
        return scores.size() > 1;
      }));
  if (summary.cases == 0) {
    return std::nullopt;
  }
  const stats::VarianceComponents parts = stats::variance_components(answers.scores);
  summary.var_within = parts.var_within;
  summary.var_between = parts.var_between;
  summary.se_rerun = parts.se_rerun;
  summary.se = parts.se;
  if (parts.var_between) {
    summary.se_at_best = std::sqrt(*parts.var_between / static_cast<double>(answers.scores.size()));
  }
  list_flaky(trials, answers, summary);
  estimate_passes(trials, answers, conf, summary);
  return summary;
}

}  // namespace faceoff::compare
