#include "score_comparison.h"

#include <faceoff/stats/cluster.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/permutation.h>
#include <faceoff/stats/repeats.h>

#include <algorithm>
#include <cmath>

namespace faceoff::compare {
namespace {

// Fewer differences than this that are not zero: t leans on too few values.
constexpr std::uint64_t kFewNonzero = 10;
constexpr stats::Range kScoreRange{0.0, 1.0};
constexpr double kPassed = 0.5;

// What the pairs of one comparison hold.
struct Pairs {
  std::vector<const Item*> reference;
  std::vector<const Item*> candidate;
  std::vector<double> differences;
};

// Why a couple is no pair.
void count_excluded(const Alignment::Couple& couple, Excluded& excluded) {
  const auto all_failed = [](const Item& item) { return item.failed == item.trials; };
  const bool a = all_failed(*couple.reference);
  const bool b = all_failed(*couple.candidate);
  excluded.error_reference += a ? 1 : 0;
  excluded.error_candidate += b ? 1 : 0;
  excluded.unscored += !a && !b ? 1 : 0;
}

void note_pass(const Alignment::Couple& couple, Comparison& comparison) {
  const bool a = couple.reference->mean() >= kPassed;
  const bool b = couple.candidate->mean() >= kPassed;
  if (a && !b) {
    comparison.only_reference_passes.push_back(couple.reference->case_id);
  } else if (b && !a) {
    comparison.only_candidate_passes.push_back(couple.candidate->case_id);
  }
}

Pairs take_pairs(const Alignment& alignment, Comparison& comparison) {
  Pairs pairs;
  for (const Alignment::Couple& couple : alignment.both) {
    if (!couple.reference->scored() || !couple.candidate->scored()) {
      count_excluded(couple, comparison.excluded);
      continue;
    }
    pairs.reference.push_back(couple.reference);
    pairs.candidate.push_back(couple.candidate);
    pairs.differences.push_back(couple.candidate->mean() - couple.reference->mean());
    note_pass(couple, comparison);
  }
  if (stats::all_equal(pairs.differences, 1.0) && !pairs.differences.empty()) {
    // Rounding in the means of repeats must not look like a spread.
    std::fill(pairs.differences.begin(), pairs.differences.end(), pairs.differences.front());
  }
  for (const double d : pairs.differences) {
    comparison.n_higher += d > 1e-12 ? 1 : 0;
    comparison.n_lower += d < -1e-12 ? 1 : 0;
  }
  return pairs;
}

// The mean difference if every failed trial had scored 0 or 1, whichever is worst.
std::optional<Bounds> worst_case(const Alignment& alignment) {
  Bounds sum;
  double n = 0;
  bool any_failed = false;
  for (const auto& [a, b] : alignment.both) {
    const auto outer = [](const Item& item) {
      double total = 0;
      for (const double v : item.values) {
        total += v;
      }
      const auto known = static_cast<double>(item.values.size());
      const auto failed = static_cast<double>(item.failed);
      return Bounds{total / (known + failed), (total + failed) / (known + failed)};
    };
    if (a->values.size() + a->failed == 0 || b->values.size() + b->failed == 0) {
      continue;
    }
    any_failed = any_failed || a->failed > 0 || b->failed > 0;
    const Bounds ra = outer(*a);
    const Bounds rb = outer(*b);
    sum.lo += rb.lo - ra.hi;
    sum.hi += rb.hi - ra.lo;
    ++n;
  }
  if (!any_failed) {
    return std::nullopt;
  }
  return Bounds{sum.lo / n, sum.hi / n};
}

bool is_binary(const std::vector<const Item*>& items) {
  return std::all_of(items.begin(), items.end(), [](const Item* item) {
    return item->trials == 1 && (item->values.front() == 0.0 || item->values.front() == 1.0);
  });
}

void set_interval(Comparison& comparison, const stats::Interval& interval) {
  comparison.estimate.lo = interval.lo;
  comparison.estimate.hi = interval.hi;
}

void set_margin_interval(Comparison& comparison, const stats::Interval& interval) {
  if (interval.bounded()) {
    comparison.margin_interval = Bounds{*interval.lo, *interval.hi};
  }
}

void compare_binary(const Pairs& pairs, const Options& options, Comparison& comparison) {
  PairedCounts counts;
  for (std::size_t i = 0; i < pairs.reference.size(); ++i) {
    const bool a = pairs.reference[i]->values.front() == 1.0;
    const bool b = pairs.candidate[i]->values.front() == 1.0;
    ++(a ? (b ? counts.n11 : counts.n10) : (b ? counts.n01 : counts.n00));
  }
  comparison.counts = counts;
  const std::size_t n = pairs.reference.size();
  const stats::Estimate tango = stats::tango_ci(counts.n10, counts.n01, n, options.conf);
  comparison.estimate.method = "tango";
  comparison.estimate.value = tango.value;
  set_interval(comparison, tango.interval);
  comparison.test.name = "mcnemar-midp";
  comparison.test.p = stats::mcnemar(counts.n10, counts.n01).p_mid;
  comparison.p_candidate_better = stats::prob_b_better(counts.n10, counts.n01);
  if (options.margin) {
    set_margin_interval(comparison,
                        stats::tango_ci(counts.n10, counts.n01, n, 1 - 2 * options.alpha).interval);
  }
}

void compare_graded(const Pairs& pairs, const Options& options, Comparison& comparison) {
  const std::vector<double>& d = pairs.differences;
  const stats::TTest t = stats::bounded_difference(d, kScoreRange, options.conf);
  comparison.estimate.value = t.diff;
  set_interval(comparison, t.interval);
  comparison.estimate.method = t.p ? "paired-t" : "degenerate";
  comparison.estimate.se = t.se;
  comparison.estimate.df = t.df;
  if (!t.p || comparison.n_higher + comparison.n_lower < kFewNonzero) {
    comparison.test.name = "sign-flip";
    comparison.test.p = stats::sign_flip_test(d).p;
  } else {
    comparison.test.name = "paired-t";
    comparison.test.p = t.p;
  }
  if (options.margin) {
    set_margin_interval(comparison,
                        stats::bounded_difference(d, kScoreRange, 1 - 2 * options.alpha).interval);
  }
}

void compare_clustered(const Pairs& pairs,
                       const Clusters& clusters,
                       const Options& options,
                       Comparison& comparison) {
  const std::vector<double>& d = pairs.differences;
  comparison.clusters = clusters.count;
  const stats::ClusterInterval cr2 =
      stats::cluster_difference_ci(d, clusters.of, kScoreRange, options.conf);
  comparison.estimate.value = cr2.value;
  comparison.estimate.method = cr2.df ? "cr2-t" : "degenerate";
  comparison.test.name = "cr2-t";
  comparison.test.p = cr2.p;
  if (clusters.count < stats::kMinClusters) {
    return;
  }
  set_interval(comparison, cr2.interval);
  if (cr2.p) {
    comparison.estimate.se = cr2.se;
    comparison.estimate.df = cr2.df;
  }
  if (!cr2.p) {
    // Without spread there is no t; the clusters are the units whose signs could flip.
    const std::vector<double> units(clusters.count, d.front());
    comparison.estimate.method = "degenerate";
    comparison.test.name = "sign-flip";
    comparison.test.p = stats::sign_flip_test(units).p;
  }
  comparison.deff = stats::cluster_error(d, clusters.of).deff;
  std::vector<std::vector<double>> by_cluster(clusters.count);
  for (std::size_t i = 0; i < d.size(); ++i) {
    by_cluster[clusters.of[i]].push_back(d[i]);
  }
  comparison.icc = stats::variance_components(by_cluster).icc;
  if (2 * clusters.largest > d.size()) {
    comparison.warnings.push_back(Warning::few_clusters);
  }
  if (options.margin) {
    set_margin_interval(
        comparison,
        stats::cluster_difference_ci(d, clusters.of, kScoreRange, 1 - 2 * options.alpha).interval);
  }
}

bool any_failed(const Alignment& alignment) {
  return std::any_of(alignment.both.begin(), alignment.both.end(), [](const auto& couple) {
    return couple.reference->failed + couple.candidate->failed > 0;
  });
}

}  // namespace

Comparison compare_score(const Alignment& alignment, const Options& options) {
  Comparison comparison;
  comparison.metric = Metric::score;
  comparison.estimate.conf = options.conf;
  comparison.margin = options.margin;
  comparison.n_only_reference = alignment.only_reference.size();
  comparison.n_only_candidate = alignment.only_candidate.size();
  comparison.excluded.missing = comparison.n_only_reference + comparison.n_only_candidate;
  comparison.excluded.changed = alignment.changed.size();
  const Pairs pairs = take_pairs(alignment, comparison);
  comparison.n_pairs = pairs.differences.size();
  if (options.on_error == OnError::zero) {
    if (any_failed(alignment)) {
      comparison.warnings.push_back(Warning::errors_counted_as_zero);
    }
  } else {
    comparison.worst_case = worst_case(alignment);
  }
  if (comparison.n_pairs == 0) {
    return comparison;
  }
  if (const Clusters clusters = clusters_of(pairs.candidate); clusters.count > 0) {
    compare_clustered(pairs, clusters, options, comparison);
  } else if (is_binary(pairs.reference) && is_binary(pairs.candidate)) {
    compare_binary(pairs, options, comparison);
  } else {
    compare_graded(pairs, options, comparison);
  }
  const stats::Interval interval{comparison.estimate.lo, comparison.estimate.hi};
  comparison.detectable = stats::detectable_difference(interval, options.conf, options.power);
  if (comparison.detectable && *comparison.detectable > 1.0) {
    comparison.detectable.reset();
  }
  if (stats::all_equal(pairs.differences, 1.0)) {
    comparison.warnings.push_back(Warning::degenerate);
  }
  return comparison;
}

}  // namespace faceoff::compare
