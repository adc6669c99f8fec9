#include "gate_draft.h"
#include "gate_math.h"

#include <faceoff/base/text.h>
#include <faceoff/stats/cluster.h>
#include <faceoff/stats/decision.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

const Comparison* comparison_of(const Gate& gate, const PairComparison& pair) {
  if (gate.kind == GateKind::max_slowdown) {
    return gate.metric == Metric::ttft ? &pair.ttft : &pair.e2e;
  }
  if (gate.tag.empty()) {
    return &pair.score;
  }
  const auto at = std::ranges::find(pair.tags, gate.tag, &Comparison::tag);
  return at == pair.tags.end() ? nullptr : &*at;
}

const Slice* slice_of(const Gate& gate, const Summary& summary) {
  if (gate.tag.empty()) {
    return &summary.all;
  }
  const auto at = std::ranges::find(summary.tags, gate.tag, &Slice::tag);
  return at == summary.tags.end() ? nullptr : &*at;
}

void set_bounds(GateResult& result, const stats::Interval& bounds) {
  result.lo = bounds.lo;
  result.hi = bounds.hi;
}

// What keeps a paired score from being judged at all.
std::string obstacle(const Comparison& c) {
  if (c.n_pairs == 0) {
    return c.finding.empty() ? std::string("no case in common") : c.finding;
  }
  if (c.clusters > 0 && c.clusters < stats::kMinClusters) {
    return fmt::format(
        "{} groups of cases, at least {} are needed", c.clusters, stats::kMinClusters);
  }
  return {};
}

// Cases that would decide against a margin: those an equal model needs, or, where it has them
// already, those that the difference needs if it is what it looks like.
std::optional<std::uint64_t> cases_for_margin(const Comparison& c,
                                              double margin,
                                              GateOptions options,
                                              bool both_sides) {
  const auto error = difference_error(c);
  if (!error) {
    return std::nullopt;
  }
  const auto as_seen =
      cases_for(*error, c.n_pairs, std::abs(std::abs(*c.estimate.value) - margin), options);
  if (both_sides) {
    options.power = (1.0 + options.power) / 2.0;
  }
  const auto equal = cases_for(*error, c.n_pairs, margin, options);
  return equal && *equal > c.n_pairs ? equal : as_seen;
}

void measure_difference(const GateOptions& options, std::uint64_t least, GateDraft& draft) {
  GateResult& result = draft.result;
  const Comparison& c = *draft.comparison;
  const double margin = result.gate.limit;
  result.unit = GateUnit::points;
  result.n = c.n_pairs;
  result.value = c.estimate.value;
  result.conf = c.test.name == "e-value" ? c.estimate.conf : 1.0 - 2.0 * options.alpha;
  result.method = c.estimate.method;
  draft.reason = obstacle(c);
  if (!draft.reason.empty()) {
    return;
  }
  const stats::Interval bounds = difference_bounds(c, options.alpha);
  set_bounds(result, bounds);
  const SidedTest low = difference_test(c, -margin);
  switch (result.gate.kind) {
    case GateKind::alarm:
      result.p = margin == 0.0 ? drop_p(c) : low.p_less;
      draft.may_fail = bounds.hi && *bounds.hi < -margin;
      if (result.n < least) {
        result.needs_cases = least;
      }
      return;
    case GateKind::not_worse:
      result.p = low.p_less;
      draft.passes = low.p_greater && *low.p_greater <= options.alpha;
      draft.may_fail = bounds.hi && *bounds.hi < -margin;
      break;
    default: {
      const SidedTest high = difference_test(c, margin);
      draft.passes =
          low.p_greater && high.p_less && std::max(*low.p_greater, *high.p_less) <= options.alpha;
      if (low.p_less && high.p_greater) {
        result.p = std::min(*low.p_less, *high.p_greater);
      }
      draft.may_fail = bounds.excludes(-margin) && bounds.excludes(margin) && !draft.passes;
    }
  }
  const std::uint64_t enough =
      cases_for_margin(c, margin, options, result.gate.kind == GateKind::equivalent).value_or(0);
  if (enough > 0) {
    result.needs_cases = std::max(enough, least);
  }
}

void measure_drop(GateDraft& draft) {
  GateResult& result = draft.result;
  const Comparison& c = *draft.comparison;
  result.unit = GateUnit::points;
  result.n = c.n_pairs;
  result.value = c.estimate.value;
  result.lo = c.estimate.lo;
  result.hi = c.estimate.hi;
  result.conf = c.estimate.conf;
  result.method = "raw";
  if (c.n_pairs == 0) {
    draft.reason = obstacle(c);
    return;
  }
  const double limit = result.gate.limit;
  if (c.counts) {
    const double psi =
        static_cast<double>(c.counts->n10 + c.counts->n01) / static_cast<double>(c.n_pairs);
    result.false_alarm = stats::raw_drop_false_alarm(c.n_pairs, psi, limit);
  } else if (const auto error = difference_error(c)) {
    result.false_alarm = stats::normal_cdf(-limit / *error);
  }
  draft.passes = *c.estimate.value >= -limit - 1e-9;
}

// The range is the one of the report's verdict, so that the two never contradict each other.
void measure_slowdown(const GateOptions& options, GateDraft& draft) {
  GateResult& result = draft.result;
  const Comparison& c = *draft.comparison;
  result.unit = GateUnit::factor;
  result.n = c.n_pairs;
  result.value = c.estimate.value;
  result.lo = c.estimate.lo;
  result.hi = c.estimate.hi;
  result.conf = c.estimate.conf;
  result.method = c.estimate.method;
  if (!c.estimate.value) {
    draft.reason = c.finding.empty() ? std::string("no case timed on both sides") : c.finding;
    return;
  }
  const double limit = 1.0 + result.gate.limit;
  draft.passes = c.estimate.hi && *c.estimate.hi <= limit;
  draft.may_fail = c.estimate.lo && *c.estimate.lo > limit;
  if (!c.estimate.lo || !c.estimate.hi || !(*c.estimate.lo > 0.0)) {
    result.needs_cases = c.n_pairs < 6 ? std::optional<std::uint64_t>(6) : std::nullopt;
    return;
  }
  const double z = stats::normal_critical(c.estimate.conf);
  const double error = std::log(*c.estimate.hi / *c.estimate.lo) / (2.0 * z);
  if (!(error > 0.0)) {
    result.p = draft.may_fail ? 0.0 : 1.0;
    return;
  }
  const double distance = std::log(*c.estimate.value / limit);
  result.p = std::min(1.0, 2.0 * stats::normal_cdf(-distance / error));
  const GateOptions two_sided{.alpha = options.alpha / 2.0, .power = options.power};
  result.needs_cases = cases_for(error, c.n_pairs, std::abs(distance), two_sided);
}

// "All of them" and "none of them" are plain statements about this run; no sample proves them.
bool measure_absolute(double value, double limit, bool at_least, GateDraft& draft) {
  if (limit != (at_least ? 1.0 : 0.0)) {
    return false;
  }
  draft.passes = value == limit;
  draft.may_fail = !draft.passes;
  draft.result.p = draft.passes ? 1.0 : 0.0;
  draft.result.method = "count";
  return true;
}

void settle_share(const ShareTest& test, bool at_least, double alpha, GateDraft& draft) {
  GateResult& result = draft.result;
  set_bounds(result, test.bounds);
  result.method = test.method;
  const double limit = result.gate.limit;
  if (measure_absolute(*result.value, limit, at_least, draft)) {
    return;
  }
  if (!test.p_below || !test.p_above) {
    draft.reason = "too few groups of cases for a range";
    return;
  }
  result.p = at_least ? test.p_below : test.p_above;
  draft.passes = (at_least ? *test.p_above : *test.p_below) <= alpha;
  draft.may_fail = test.bounds.excludes(limit) && !draft.passes;
}

void measure_score(const Slice& slice,
                   std::uint64_t least,
                   const GateOptions& options,
                   GateDraft& draft) {
  GateResult& result = draft.result;
  result.unit = GateUnit::share;
  result.n = slice.score.n;
  result.value = slice.score.value;
  if (!slice.score.value) {
    draft.reason = "no case has a score";
    return;
  }
  settle_share(
      score_test(slice.score, result.gate.limit, options.alpha), true, options.alpha, draft);
  const auto cases =
      cases_for_share(*slice.score.value, result.gate.limit, options.alpha, options.power);
  if (cases) {
    result.needs_cases = std::max(*cases, least);
  }
}

void measure_errors(const Slice& slice,
                    std::uint64_t least,
                    const GateOptions& options,
                    GateDraft& draft) {
  GateResult& result = draft.result;
  result.unit = GateUnit::share;
  result.n = slice.trials;
  if (slice.trials == 0) {
    draft.reason = "no trial is recorded";
    return;
  }
  const std::uint64_t failed = slice.trials - slice.answered;
  result.value = static_cast<double>(failed) / static_cast<double>(slice.trials);
  settle_share(share_test(failed, slice.trials, result.gate.limit, options.alpha),
               false,
               options.alpha,
               draft);
  const auto cases =
      cases_for_share(*result.value, result.gate.limit, options.alpha, options.power);
  if (cases) {
    result.needs_cases = std::max(*cases, least);
  }
}

// Decided by the order-statistic range that the latency table shows.
void measure_quantile(const Column& column,
                      std::uint64_t least,
                      const GateOptions& options,
                      GateDraft& draft) {
  GateResult& result = draft.result;
  const Gate& gate = result.gate;
  const std::vector<double> times =
      latencies(column, gate.metric == Metric::ttft ? Time::ttft : Time::e2e, gate.tag);
  result.unit = GateUnit::seconds;
  result.conf = 1.0 - options.alpha;
  result.method = "order-statistic";
  result.n = times.size();
  if (times.empty()) {
    draft.reason = "no answer has a time";
    return;
  }
  const stats::QuantileInterval found = stats::quantile_ci(times, gate.quantile, result.conf);
  result.value = found.value;
  set_bounds(result, found.interval);
  const auto within = static_cast<std::size_t>(
      std::upper_bound(times.begin(), times.end(), gate.limit) - times.begin());
  const auto n = times.size();
  result.p = std::min(1.0, 2.0 * stats::binomial_at_most(within, n, gate.quantile));
  draft.passes = 2.0 * stats::binomial_at_least(within, n, gate.quantile) <= options.alpha;
  draft.may_fail = !draft.passes;
  const auto cases = cases_for_share(static_cast<double>(within) / static_cast<double>(n),
                                     gate.quantile,
                                     options.alpha / 2.0,
                                     options.power);
  if (n < least) {
    result.needs_cases = least;
  } else if (cases) {
    result.needs_cases = std::max(*cases, least);
  }
}

// Arithmetic over tokens and prices, so there is nothing to test.
void measure_cost(const Summary& summary, GateDraft& draft) {
  GateResult& result = draft.result;
  result.unit = GateUnit::dollars;
  result.method = "sum";
  result.n = summary.with_cost;
  const auto cost = cost_per_thousand(summary);
  if (!cost) {
    draft.reason = "no trial has a price; give one with --prices";
    return;
  }
  result.value = static_cast<double>(cost->picodollars) / 1e12;
  draft.passes = *result.value <= result.gate.limit;
}

void measure_pair(const GateSubject& subject,
                  std::uint64_t least,
                  const GateOptions& options,
                  GateDraft& draft) {
  if (subject.pair == nullptr || !subject.not_comparable.empty()) {
    draft.reason =
        subject.not_comparable.empty() ? "nothing to compare with" : subject.not_comparable;
    return;
  }
  draft.comparison = comparison_of(draft.result.gate, *subject.pair);
  if (draft.comparison == nullptr) {
    draft.reason = "no case has the tag";
  } else if (draft.result.gate.kind == GateKind::max_slowdown) {
    measure_slowdown(options, draft);
  } else if (draft.result.gate.kind == GateKind::max_drop) {
    measure_drop(draft);
  } else {
    measure_difference(options, least, draft);
  }
}

}  // namespace

GateDraft measure(const Gate& gate,
                  const GateSubject& subject,
                  std::uint64_t least,
                  const GateOptions& options) {
  GateDraft draft;
  draft.result.gate = gate;
  draft.result.gate.backend = subject.name;
  draft.result.label = display_text(to_string(draft.result.gate));
  draft.result.conf = 1.0 - 2.0 * options.alpha;
  if (gate.kind == GateKind::cost) {
    measure_cost(*subject.summary, draft);
  } else if (is_comparative(gate.kind)) {
    measure_pair(subject, least, options, draft);
  } else if (gate.kind == GateKind::quantile) {
    measure_quantile(*subject.column, least, options, draft);
  } else if (const Slice* slice = slice_of(gate, *subject.summary); slice == nullptr) {
    draft.reason = "no case has the tag";
  } else if (gate.kind == GateKind::score) {
    measure_score(*slice, least, options, draft);
  } else {
    measure_errors(*slice, least, options, draft);
  }
  draft.result.comparable = draft.reason.empty();
  return draft;
}

}  // namespace faceoff::compare
