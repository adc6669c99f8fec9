#include "score_comparison.h"

#include <faceoff/stats/cluster.h>

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

std::string cases(std::uint64_t n) {
  return fmt::format("{} case{}", n, n == 1 ? "" : "s");
}

// Percentage points with a sign; never "-0.0".
std::string points(double share) {
  return fmt::format("{:+.1f}", std::round(share * 1000.0) / 10.0 + 0.0);
}

// Three figures: 0.217, 2.34, 23.4, 234.
std::string factor_text(double factor) {
  if (factor < 0.9995) {
    return fmt::format("{:.3g}", factor);
  }
  return fmt::format("{:.{}f}", factor, factor < 9.995 ? 2 : (factor < 99.95 ? 1 : 0));
}

std::string p_text(const Test& test) {
  const auto& p = test.p_adjusted ? test.p_adjusted : test.p;
  if (!p) {
    return {};
  }
  std::string text = "p < 0.001";
  if (*p >= 0.001) {
    // One digit more near 0.05, so that 0.0496 and 0.0504 do not look alike.
    const bool near = *p > 0.045 && *p < 0.055;
    text = fmt::format("p = {:.{}g}", *p, near ? 3 : 2);
  }
  if (test.name == "e-value") {
    text += " whenever one looks";
  }
  if (test.p_adjusted) {
    text += fmt::format(", adjusted for {} comparisons", test.family_size);
  }
  return text;
}

std::string interval_text(const Estimate& estimate) {
  if (estimate.kind == Estimate::Kind::difference) {
    return estimate.lo && estimate.hi ? fmt::format("{:.3g}% interval {} to {}",
                                                    estimate.conf * 100,
                                                    points(*estimate.lo),
                                                    points(*estimate.hi))
                                      : std::string("no interval");
  }
  const auto bound = [](const std::optional<double>& x) {
    return x ? factor_text(*x) : std::string("unbounded");
  };
  return fmt::format("{:.3g}% interval {} to {}",
                     estimate.conf * 100,
                     estimate.lo ? bound(estimate.lo) : std::string("0"),
                     bound(estimate.hi));
}

// "worse on 5, better on 2 of 40 cases"
std::string split_text(const Comparison& c) {
  return fmt::format("worse on {}, better on {} of {}", c.n_lower, c.n_higher, cases(c.n_pairs));
}

std::string with_p(const Comparison& c) {
  const std::string p = p_text(c.test);
  return p.empty() ? "" : " (" + p + ")";
}

std::string borderline_text(const Comparison& c, const Options& options) {
  if (!c.borderline) {
    return {};
  }
  if (c.test.p_adjusted && *c.test.p <= options.alpha && *c.test.p_adjusted > options.alpha) {
    return fmt::format(" Borderline: clear by itself, but not among {} comparisons.",
                       c.test.family_size);
  }
  const auto& p = c.test.p_adjusted ? c.test.p_adjusted : c.test.p;
  return p && *p <= options.alpha
             ? fmt::format(
                   " Borderline: the test comes out below {}, but the interval does not "
                   "leave out {}.",
                   options.alpha,
                   c.metric == Metric::score ? 0 : 1)
             : fmt::format(
                   " Borderline: the interval leaves out {}, but the test does not come "
                   "out below {}.",
                   c.metric == Metric::score ? 0 : 1,
                   options.alpha);
}

std::string detectable_text(const Comparison& c, const Options& options) {
  const bool few = c.n_higher + c.n_lower < 5;
  if (c.metric == Metric::score && few && !c.counts) {
    return {};
  }
  if (c.metric == Metric::score && few && c.test.p && *c.test.p > options.alpha) {
    return fmt::format(" With {} that tell the two apart, no result could have been clear.",
                       cases(c.n_higher + c.n_lower));
  }
  if (!c.detectable) {
    return {};
  }
  if (c.metric != Metric::score && *c.detectable < 1.005) {
    return {};
  }
  return c.metric == Metric::score
             ? fmt::format(" This run could only show differences of about {:.0f} pp or more.",
                           std::ceil(*c.detectable * 100.0))
             : fmt::format(" This run could only show factors of about {:.2f} or more.",
                           *c.detectable);
}

std::string_view time_name(Metric metric) noexcept {
  switch (metric) {
    case Metric::ttft:
      return "time to the first token";
    case Metric::tpot:
      return "time for each token";
    default:
      return "time to the full answer";
  }
}

std::string not_enough_text(const Comparison& c) {
  const std::string on =
      c.metric == Metric::score ? "" : fmt::format(" on the {}", time_name(c.metric));
  std::string text = fmt::format("Not enough data{}: ", on);
  if (c.metric != Metric::score && c.n_pairs >= 6) {
    return text + "on one side every answer ran into a time limit.";
  }
  if (c.metric != Metric::score) {
    return text + fmt::format("{} timed on both sides, at least 6 are needed.", cases(c.n_pairs));
  }
  if (c.n_pairs < 5) {
    return text +
           fmt::format("{} with a score on both sides, at least 5 are needed.", cases(c.n_pairs));
  }
  if (c.clusters > 0 && c.clusters < stats::kMinClusters) {
    return text + fmt::format(
                      "{} in {} group{}, at least {} groups are needed; the difference is "
                      "{} pp.",
                      cases(c.n_pairs),
                      c.clusters,
                      c.clusters == 1 ? "" : "s",
                      stats::kMinClusters,
                      points(c.estimate.value.value_or(0.0)));
  }
  return text + fmt::format("{} pp ({}), {}{}; too few of them tell the two apart.",
                            points(c.estimate.value.value_or(0.0)),
                            interval_text(c.estimate),
                            split_text(c),
                            with_p(c));
}

std::string not_comparable_text(const Comparison& c) {
  if (c.excluded.changed > 0) {
    return fmt::format(
        "Not comparable: no case in common; {} with the same id, but with another "
        "prompt or other parameters, and {} on one side only; --pair-by id pairs them even so.",
        cases(c.excluded.changed),
        c.excluded.missing);
  }
  return fmt::format("Not comparable: no case in common, {} on one side only.",
                     cases(c.excluded.missing));
}

// What stands behind the verdict on a score, whatever it is.
std::string score_notes(const Comparison& c) {
  std::string text;
  if (c.evidence) {
    text += fmt::format(
        " The run could stop as soon as this was clear; interval and p are valid for that "
        "(anytime-valid, {} to {} after {}).",
        c.evidence->wins,
        c.evidence->losses,
        cases(c.evidence->cases));
  }
  if (c.detectable_at_best && c.verdict == Verdict::no_clear_difference) {
    text += fmt::format(
        " More repeats could bring that down to {:.0f} pp at best; more cases have no such floor.",
        std::ceil(*c.detectable_at_best * 100.0));
  }
  if (c.clusters > 0 && c.deff) {
    const double widening = std::sqrt(*c.deff);
    text += fmt::format(" {} in {} groups", cases(c.n_pairs), c.clusters);
    text += widening >= 1.05 ? fmt::format("; grouping widens the interval {:.1f} times.", widening)
                             : ".";
  }
  const std::uint64_t failed = c.excluded.error_reference + c.excluded.error_candidate;
  if (c.worst_case) {
    text += failed > 0 ? fmt::format(" Compared on the {} that both answered: ", cases(c.n_pairs))
                       : std::string(" Some repeats failed: ");
    text += fmt::format("between {} and {} pp whatever the failed trials would have scored.",
                        points(c.worst_case->lo),
                        points(c.worst_case->hi));
  }
  if (c.excluded.unscored > 0) {
    text += fmt::format(" {} left out: the scorer could not decide.", cases(c.excluded.unscored));
  }
  return text;
}

std::string latency_notes(const Comparison& c) {
  std::string text;
  const auto has = [&](Warning warning) {
    return std::find(c.warnings.begin(), c.warnings.end(), warning) != c.warnings.end();
  };
  if (has(Warning::not_interleaved)) {
    text += " The two were measured at different times: a busy hour would look like a slow model.";
  }
  if (has(Warning::autocorrelated)) {
    text += fmt::format(
        " Requests were not independent of those before them (autocorrelation {:.2f}){}.",
        *c.autocorrelation,
        c.estimate.method == "hl-batch" ? "; the interval is of batches of them" : "");
  }
  return text;
}

std::string left_out(const Comparison& c) {
  std::string text;
  if (c.n_other_prompt > 0) {
    text += fmt::format(" Paired by id: the prompt or the parameters differ in {}.",
                        cases(c.n_other_prompt));
  }
  if (c.excluded.changed > 0) {
    text += fmt::format(" {} left out: the prompt or the parameters changed.",
                        cases(c.excluded.changed));
  }
  if (c.excluded.missing > 0) {
    text += fmt::format(" {} left out: on one side only.", cases(c.excluded.missing));
  }
  if (c.excluded.timed_out > 0) {
    text += fmt::format(" {} left out: both ran into a time limit.", cases(c.excluded.timed_out));
  }
  return text;
}

std::string score_text(const Comparison& c, const Options& options) {
  const double value = c.estimate.value.value_or(0.0);
  const std::string figures = fmt::format("{} pp ({})", points(value), interval_text(c.estimate));
  switch (c.verdict) {
    case Verdict::better:
    case Verdict::worse:
      return fmt::format("{}: {}, {}{}.",
                         c.verdict == Verdict::better ? "Better" : "Worse",
                         figures,
                         split_text(c),
                         with_p(c));
    case Verdict::not_worse:
      return fmt::format("Not worse by more than {:.3g} pp: {}, {}{}.",
                         *c.margin * 100,
                         figures,
                         split_text(c),
                         with_p(c)) +
             borderline_text(c, options);
    case Verdict::equivalent:
      return fmt::format("Equivalent within {:.3g} pp: {}, {}{}.",
                         *c.margin * 100,
                         figures,
                         split_text(c),
                         with_p(c)) +
             borderline_text(c, options);
    default:
      return fmt::format(
                 "No clear difference in score: {}, {}{}.", figures, split_text(c), with_p(c)) +
             borderline_text(c, options) + detectable_text(c, options);
  }
}

// Times the other way round: "0.22 times as long" reads as "4.6 times sooner".
Estimate inverted(const Estimate& estimate) {
  const auto inverse = [](const std::optional<double>& x) {
    return x ? std::optional<double>(1.0 / *x) : std::nullopt;
  };
  Estimate out = estimate;
  out.value = inverse(estimate.value);
  out.lo = inverse(estimate.hi);
  out.hi = inverse(estimate.lo);
  return out;
}

std::string latency_text(const Comparison& c, const Options& options) {
  const Estimate estimate = c.verdict == Verdict::better ? inverted(c.estimate) : c.estimate;
  const std::string factor = estimate.value ? factor_text(*estimate.value) : std::string("many");
  const std::string p = p_text(c.test);
  const std::string tail = fmt::format(
      "{}, {}{}{}", interval_text(estimate), cases(c.n_pairs), p.empty() ? "" : ", ", p);
  if (c.verdict == Verdict::better) {
    const std::string_view what = c.metric == Metric::ttft  ? "starts {} times sooner"
                                  : c.metric == Metric::e2e ? "finishes {} times sooner"
                                                            : "writes {} times as fast";
    return fmt::format("Better: {} ({}).", fmt::format(fmt::runtime(what), factor), tail);
  }
  if (c.verdict == Verdict::worse) {
    const std::string_view what = c.metric == Metric::ttft  ? "to start"
                                  : c.metric == Metric::e2e ? "to finish"
                                                            : "for each token";
    return fmt::format("Worse: takes {} times as long {} ({}).", factor, what, tail);
  }
  return fmt::format("No clear difference in the {}: {} times as long ({}).",
                     time_name(c.metric),
                     factor,
                     tail) +
         borderline_text(c, options) + detectable_text(c, options);
}

}  // namespace

std::string finding_of(const Comparison& comparison, const Options& options) {
  if (comparison.verdict == Verdict::not_comparable) {
    return not_comparable_text(comparison);
  }
  const bool score = comparison.metric == Metric::score;
  std::string text;
  if (comparison.verdict == Verdict::not_enough_data) {
    text = not_enough_text(comparison);
  } else {
    text = score ? score_text(comparison, options) : latency_text(comparison, options);
  }
  return text + (score ? score_notes(comparison) : latency_notes(comparison)) +
         left_out(comparison);
}

}  // namespace faceoff::compare
