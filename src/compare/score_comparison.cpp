#include "score_comparison.h"

#include "evidence.h"

#include <faceoff/stats/cluster.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/permutation.h>
#include <faceoff/stats/repeats.h>
#include <faceoff/stats/sequential.h>

#include <algorithm>
#include <cmath>

namespace faceoff::compare {
namespace {

// Fewer differences than this that are not zero: t leans on too few values.
constexpr std::uint64_t kFewNonzero = 10;
constexpr stats::Range kScoreRange{0.0, 1.0};
constexpr double kPassed = 0.5;
constexpr std::size_t kListedCases = 1000;

// What the pairs of one comparison hold, in the order of the alignment.
struct Pairs {
  std::vector<CaseIndex> candidate;
  std::vector<double> differences;
  PairedCounts counts;
  double noise = 0.0;        // sum of the variances of the differences by their repeats
  std::uint64_t noises = 0;  // pairs with repeats on both sides
  bool binary = true;        // one repeat on either side, scores of 0 and 1, not ties throughout
  bool decided = false;      // some pair is no tie
};

// Why a couple is no pair.
void count_excluded(const Item& reference, const Item& candidate, Excluded& excluded) {
  const bool a = reference.failed == reference.trials;
  const bool b = candidate.failed == candidate.trials;
  excluded.error_reference += a ? 1 : 0;
  excluded.error_candidate += b ? 1 : 0;
  excluded.unscored += !a && !b ? 1 : 0;
}

// A tie of a pairwise judge: half a win for both. It takes no side, as a pair that both pass.
bool tied(const Item& a, const Item& b) {
  return a.scored == 1 && b.scored == 1 && a.sum == 0.5 && b.sum == 0.5;
}

void add_pair(const Item& a, const Item& b, Pairs& pairs) {
  pairs.differences.push_back(b.mean() - a.mean());
  const bool tie = tied(a, b);
  pairs.binary = pairs.binary && ((a.binary() && b.binary()) || tie);
  pairs.decided = pairs.decided || !tie;
  if (const auto va = a.mean_variance(), vb = b.mean_variance(); va && vb) {
    pairs.noise += *va + *vb;
    ++pairs.noises;
  }
  const bool right = a.passed > 0;
  const bool also = b.passed > 0;
  ++(right ? (also ? pairs.counts.n11 : pairs.counts.n10)
           : (also ? pairs.counts.n01 : pairs.counts.n00));
}

// The first ids of these cases by name.
std::vector<std::string> first_ids(const CaseTable& cases, std::vector<CaseIndex> items) {
  const auto by_id = [&](CaseIndex x, CaseIndex y) { return cases.id(x) < cases.id(y); };
  const std::size_t n = std::min(items.size(), kListedCases);
  std::partial_sort(
      items.begin(), items.begin() + static_cast<std::ptrdiff_t>(n), items.end(), by_id);
  std::vector<std::string> ids;
  ids.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    ids.emplace_back(cases.id(items[i]));
  }
  return ids;
}

Pairs take_pairs(const Alignment& alignment, OnError on_error, Comparison& comparison) {
  Pairs pairs;
  pairs.candidate.reserve(alignment.both.size());
  pairs.differences.reserve(alignment.both.size());
  std::vector<CaseIndex> only_a;
  std::vector<CaseIndex> only_b;
  for (const Alignment::Couple& couple : alignment.both) {
    const Item a = item_of(*alignment.reference, couple.reference, on_error);
    const Item b = item_of(*alignment.candidate, couple.candidate, on_error);
    if (a.scored == 0 || b.scored == 0) {
      count_excluded(a, b, comparison.excluded);
      continue;
    }
    pairs.candidate.push_back(couple.candidate);
    add_pair(a, b, pairs);
    const bool a_passes = a.mean() >= kPassed;
    const bool b_passes = b.mean() >= kPassed;
    if (a_passes != b_passes) {
      (a_passes ? only_a : only_b).push_back(couple.candidate);
    }
  }
  pairs.binary = pairs.binary && pairs.decided;
  comparison.n_only_reference_passes = only_a.size();
  comparison.n_only_candidate_passes = only_b.size();
  const CaseTable& cases = alignment.candidate->cases();
  comparison.only_reference_passes = first_ids(cases, std::move(only_a));
  comparison.only_candidate_passes = first_ids(cases, std::move(only_b));
  if (!pairs.differences.empty() && stats::all_equal(pairs.differences, 1.0)) {
    // Rounding in the means of repeats must not look like a spread.
    std::fill(pairs.differences.begin(), pairs.differences.end(), pairs.differences.front());
  }
  for (const double d : pairs.differences) {
    comparison.n_higher += d > 1e-12 ? 1 : 0;
    comparison.n_lower += d < -1e-12 ? 1 : 0;
  }
  return pairs;
}

// The mean difference if every failed trial had scored 0 or 1, whichever is worst; absent without
// a failed trial.
std::optional<Bounds> worst_case(const Alignment& alignment) {
  Bounds sum;
  double n = 0;
  bool any_failed = false;
  const auto outer = [](const Item& item) {
    const double all = item.scored + item.failed;
    return Bounds{item.sum / all, (item.sum + item.failed) / all};
  };
  for (const Alignment::Couple& couple : alignment.both) {
    const Item a = item_of(*alignment.reference, couple.reference, OnError::leave_out);
    const Item b = item_of(*alignment.candidate, couple.candidate, OnError::leave_out);
    if (a.scored + a.failed == 0 || b.scored + b.failed == 0) {
      continue;
    }
    any_failed = any_failed || a.failed > 0 || b.failed > 0;
    const Bounds ra = outer(a);
    const Bounds rb = outer(b);
    sum.lo += rb.lo - ra.hi;
    sum.hi += rb.hi - ra.lo;
    ++n;
  }
  if (!any_failed) {
    return std::nullopt;
  }
  return Bounds{sum.lo / n, sum.hi / n};
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
  const PairedCounts& counts = pairs.counts;
  comparison.counts = counts;
  const std::size_t n = pairs.differences.size();
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

// The evidence that was gathered while the run went on takes the place of a test at its end.
void use_evidence(const Pairs& pairs,
                  const Evidence& evidence,
                  const Options& options,
                  Comparison& comparison) {
  comparison.evidence = evidence;
  comparison.test.name = "e-value";
  comparison.test.p = evidence.p_anytime;
  comparison.p_candidate_better.reset();
  comparison.margin_interval.reset();
  if (pairs.binary) {
    comparison.estimate.method = "e-value";
    set_interval(comparison, anytime_difference(evidence, options.conf));
    return;
  }
  comparison.estimate.method = "msprt";
  const auto sd = stats::variance(pairs.differences);
  const std::size_t n = pairs.differences.size();
  constexpr std::size_t kEnough = 30;
  constexpr double kTunedTo = 0.1;
  set_interval(comparison, {});
  if (sd && *sd > 0 && n >= kEnough) {
    set_interval(
        comparison,
        stats::msprt_ci({n, *comparison.estimate.value, std::sqrt(*sd)}, kTunedTo, options.conf));
  }
}

// What would be left of the detectable difference if repeats had averaged their noise away.
void set_best_case(const Pairs& pairs, Comparison& comparison) {
  const auto variance = stats::variance(pairs.differences);
  if (!comparison.detectable || pairs.noises == 0 || !variance || *variance <= 0) {
    return;
  }
  const double noise = pairs.noise / static_cast<double>(pairs.noises);
  comparison.detectable_at_best =
      *comparison.detectable * std::sqrt(std::max(0.0, *variance - noise) / *variance);
}

bool any_failed(const Alignment& alignment) {
  const auto failed = [](const Trials& trials, CaseIndex item) {
    return item_of(trials, item, OnError::leave_out).failed > 0;
  };
  return std::any_of(alignment.both.begin(), alignment.both.end(), [&](const auto& couple) {
    return failed(*alignment.reference, couple.reference) ||
           failed(*alignment.candidate, couple.candidate);
  });
}

void note_other_prompts(const Alignment& alignment, Comparison& comparison) {
  const CaseTable& a = alignment.reference->cases();
  const CaseTable& b = alignment.candidate->cases();
  for (const Alignment::Couple& couple : alignment.both) {
    comparison.n_other_prompt += a.key(couple.reference) != b.key(couple.candidate) ? 1U : 0U;
  }
  if (comparison.n_other_prompt > 0) {
    comparison.warnings.push_back(Warning::paired_by_id);
  }
}

}  // namespace

Comparison compare_score(const Alignment& alignment,
                         const Options& options,
                         const std::optional<Evidence>& evidence) {
  Comparison comparison;
  comparison.metric = Metric::score;
  comparison.estimate.conf = options.conf;
  comparison.margin = options.margin;
  comparison.n_only_reference = alignment.only_reference.size();
  comparison.n_only_candidate = alignment.only_candidate.size();
  comparison.excluded.missing = comparison.n_only_reference + comparison.n_only_candidate;
  comparison.excluded.changed = alignment.changed.size();
  if (options.by_id) {
    note_other_prompts(alignment, comparison);
  }
  const Pairs pairs = take_pairs(alignment, options.on_error, comparison);
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
  const Clusters clusters = clusters_of(alignment.candidate->cases(), pairs.candidate);
  if (clusters.count > 0) {
    compare_clustered(pairs, clusters, options, comparison);
  } else if (pairs.binary) {
    compare_binary(pairs, options, comparison);
  } else {
    compare_graded(pairs, options, comparison);
  }
  if (evidence) {
    use_evidence(pairs, *evidence, options, comparison);
  }
  const stats::Interval interval{comparison.estimate.lo, comparison.estimate.hi};
  comparison.detectable = stats::detectable_difference(interval, options.conf, options.power);
  if (comparison.detectable && *comparison.detectable > 1.0) {
    comparison.detectable.reset();
  }
  set_best_case(pairs, comparison);
  if (stats::all_equal(pairs.differences, 1.0)) {
    comparison.warnings.push_back(Warning::degenerate);
  }
  return comparison;
}

}  // namespace faceoff::compare
