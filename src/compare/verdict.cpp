#include "score_comparison.h"

#include <faceoff/stats/cluster.h>
#include <faceoff/stats/interval.h>
#include <faceoff/stats/paired_binary.h>

#include <algorithm>

namespace faceoff::compare {
namespace {

constexpr std::uint64_t kSmallN = 10;
constexpr std::uint64_t kMinPairs = 5;
constexpr double kWideHalfWidth = 0.20;

void warn(Comparison& comparison, Warning warning) {
  auto& warnings = comparison.warnings;
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
    warnings.push_back(warning);
  }
}

void add_warnings(Comparison& comparison, const Options& options) {
  if (comparison.n_pairs < kSmallN) {
    warn(comparison, Warning::small_n);
  }
  if (comparison.n_higher + comparison.n_lower < stats::min_discordant(options.alpha)) {
    warn(comparison, Warning::few_discordant);
  }
  if (comparison.clusters > 0 && comparison.clusters < stats::kFewClusters) {
    warn(comparison, Warning::few_clusters);
  }
  if (options.scorers_changed && comparison.metric == Metric::score) {
    warn(comparison, Warning::scorer_changed);
  }
}

bool nothing_in_common(const Comparison& comparison) {
  const Excluded& out = comparison.excluded;
  return comparison.n_pairs == 0 && out.error_reference + out.error_candidate + out.unscored == 0 &&
         out.missing + out.changed > 0;
}

Verdict against_margin(const Comparison& comparison) {
  const double margin = *comparison.margin;
  if (comparison.margin_interval->lo <= -margin) {
    return Verdict::no_clear_difference;
  }
  return comparison.margin_interval->hi < margin ? Verdict::equivalent : Verdict::not_worse;
}

Verdict verdict_of(Comparison& comparison, const Options& options) {
  const Estimate& estimate = comparison.estimate;
  const stats::Interval interval{estimate.lo, estimate.hi};
  const bool ratio = estimate.kind == Estimate::Kind::ratio;
  // A ratio may be unbounded at one end and still leave 1 out.
  const bool has_interval = ratio ? (estimate.lo || estimate.hi) : interval.bounded();
  if (comparison.n_pairs < kMinPairs || !has_interval) {
    return Verdict::not_enough_data;
  }
  const bool clear_by_interval = interval.excludes(ratio ? 1.0 : 0.0);
  const auto& p = comparison.test.p_adjusted ? comparison.test.p_adjusted : comparison.test.p;
  const bool clear_by_test = p && *p <= options.alpha;
  comparison.borderline = clear_by_interval != clear_by_test;
  if (clear_by_interval && clear_by_test) {
    const bool higher = ratio ? estimate.lo.value_or(0.0) > 1.0 : *estimate.lo > 0.0;
    return higher != ratio ? Verdict::better : Verdict::worse;
  }
  if (comparison.margin && comparison.margin_interval) {
    const Verdict verdict = against_margin(comparison);
    if (verdict != Verdict::no_clear_difference) {
      return verdict;
    }
  }
  const bool few = comparison.n_higher + comparison.n_lower < stats::min_discordant(options.alpha);
  if (!ratio && few && *interval.half_width() > kWideHalfWidth) {
    return Verdict::not_enough_data;
  }
  return Verdict::no_clear_difference;
}

}  // namespace

std::string_view to_string(Metric metric) noexcept {
  switch (metric) {
    case Metric::score:
      return "score";
    case Metric::ttft:
      return "ttft";
    case Metric::e2e:
      return "e2e";
    case Metric::tpot:
      break;
  }
  return "tpot";
}

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::not_worse:
      return "not worse by more than m";
    case Verdict::equivalent:
      return "equivalent within m";
    case Verdict::no_clear_difference:
      return "no clear difference";
    case Verdict::not_enough_data:
      return "not enough data";
    case Verdict::not_comparable:
      break;
  }
  return "not comparable";
}

std::string_view to_string(Warning warning) noexcept {
  switch (warning) {
    case Warning::small_n:
      return "small_n";
    case Warning::few_discordant:
      return "few_discordant";
    case Warning::few_clusters:
      return "few_clusters";
    case Warning::degenerate:
      return "degenerate";
    case Warning::scorer_changed:
      return "scorer_changed";
    case Warning::multiple_testing_uncorrected:
      return "multiple_testing_uncorrected";
    case Warning::errors_counted_as_zero:
      return "errors_counted_as_zero";
    case Warning::autocorrelated:
      return "autocorrelated";
    case Warning::not_interleaved:
      return "not_interleaved";
    case Warning::paired_by_id:
      return "paired_by_id";
    case Warning::quantile_unbounded:
      return "quantile_unbounded";
    case Warning::underpowered_gate:
      break;
  }
  return "underpowered_gate";
}

void decide(Comparison& comparison, const Options& options, const Labels& labels) {
  add_warnings(comparison, options);
  comparison.borderline = false;
  comparison.verdict =
      nothing_in_common(comparison) ? Verdict::not_comparable : verdict_of(comparison, options);
  comparison.finding = finding_of(comparison, options);
  comparison.one_line = labels.candidate + " vs " + labels.reference + ": " + comparison.finding;
}

}  // namespace faceoff::compare
