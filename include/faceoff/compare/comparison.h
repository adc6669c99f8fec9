#pragma once

#include <faceoff/compare/results.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::compare {

enum class Metric : std::uint8_t { score, ttft, e2e, tpot };
[[nodiscard]] std::string_view to_string(Metric metric) noexcept;

// The words of a verdict; none of them says "equal". For latency `better` is faster.
enum class Verdict : std::uint8_t {
  better,
  worse,
  not_worse,   // by more than the margin
  equivalent,  // within the margin
  no_clear_difference,
  not_enough_data,
  not_comparable,
};
// "better", "not worse by more than m", "no clear difference" and so on; the margin is a number of
// its own.
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;

enum class Warning : std::uint8_t {
  paired_by_id,    // some pairs were asked different prompts
  small_n,         // fewer than 10 pairs
  few_discordant,  // fewer than 5 pairs differ: no test could come out clear
  few_clusters,    // fewer than 10, or one holds more than half of the pairs
  degenerate,      // every difference is the same
  scorer_changed,
  multiple_testing_uncorrected,  // one of several that no correction covers
  errors_counted_as_zero,
  autocorrelated,      // latencies depended on those just before: the interval is of batch means
  not_interleaved,     // latency: the two sides were not measured at the same time
  quantile_unbounded,  // gates: too few answers for an end of the quantile's range
  underpowered_gate,   // gates: more cases are needed to decide it
};
[[nodiscard]] std::string_view to_string(Warning warning) noexcept;

enum class OnError : std::uint8_t { leave_out, zero };

// Evidence against "both win equally often", gathered case by case while the run went on; unlike an
// ordinary p-value it may be looked at after every case. stats/sequential.h has the source.
struct Evidence {
  std::uint64_t cases = 0;  // pairs that were looked at, each cluster's first only
  std::uint64_t wins = 0;   // of the candidate
  std::uint64_t losses = 0;
  double p_anytime = 1.0;        // the least that was ever reached
  bool candidate_ahead = false;  // ... and who led then
};

struct Options {
  double conf = 0.95;
  double alpha = 0.05;
  double power = 0.8;                     // of the smallest detectable difference
  OnError on_error = OnError::leave_out;  // a failed trial leaves the pairs, or counts as 0
  std::optional<double> margin;           // tolerated drop of the score, 0.03 for 3 points
  bool scorers_changed = false;           // between the two runs
  bool tags = true;                       // compare the score by tag too
  bool by_id = false;  // pair cases of one id even where prompt or parameters differ
  // By candidate. Where a run could end as soon as the outcome was clear, verdicts go by what was
  // gathered then (sequential.h), and there are none by tag.
  std::map<std::string, Evidence, std::less<>> evidence;
};

// How the difference or ratio was estimated. Differences are candidate - reference in [-1, 1];
// ratios candidate / reference.
struct Estimate {
  enum class Kind : std::uint8_t { difference, ratio };
  Kind kind = Kind::difference;
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  double conf = 0.95;
  std::string method;        // tango, paired-t, cr2-t, degenerate, hl-walsh, hl-batch, msprt
  std::optional<double> se;  // of paired-t and cr2-t, with their degrees of freedom
  std::optional<double> df;
};

struct Test {
  std::string name;  // mcnemar-midp, paired-t, sign-flip, cr2-t, wilcoxon, e-value
  std::optional<double> p;
  std::optional<double> p_adjusted;
  std::string adjust = "none";    // holm, or bh among tags
  std::uint64_t family_size = 1;  // comparisons that were adjusted together
};

// Cases that have no part in the pairs, and why.
struct Excluded {
  std::uint64_t error_reference = 0;  // every repeat failed
  std::uint64_t error_candidate = 0;
  std::uint64_t missing = 0;    // recorded on one side only
  std::uint64_t unscored = 0;   // answered, but a side has no score
  std::uint64_t changed = 0;    // same id, but another prompt or other parameters
  std::uint64_t timed_out = 0;  // latency: both sides ran into a time limit
};

struct PairedCounts {
  std::uint64_t n11 = 0;  // both right
  std::uint64_t n10 = 0;  // only the reference
  std::uint64_t n01 = 0;  // only the candidate
  std::uint64_t n00 = 0;  // neither
};

struct Bounds {
  double lo = 0.0;
  double hi = 0.0;
};

// One metric of two columns on the cases that both have.
struct Comparison {
  Metric metric = Metric::score;
  std::string tag;  // empty: all cases
  std::string reference;
  std::string candidate;

  std::uint64_t n_pairs = 0;
  std::uint64_t n_other_prompt = 0;  // paired by id: cases whose prompt or parameters differ
  std::uint64_t n_only_reference = 0;
  std::uint64_t n_only_candidate = 0;
  Excluded excluded;
  std::uint64_t clusters = 0;          // 0: none declared, the unit is the case
  std::optional<PairedCounts> counts;  // scores of 0 and 1 in one repeat
  std::uint64_t n_higher = 0;          // pairs in which the candidate's figure is higher
  std::uint64_t n_lower = 0;

  Estimate estimate;
  Test test;
  std::optional<double> p_candidate_better;  // from the discordant pairs
  // Smallest difference (ratio: factor above 1) that a run like this would show with the power of
  // the options; absent when there is none.
  std::optional<double> detectable;
  double power = 0.8;
  double alpha = 0.05;
  std::optional<double> deff;  // variance over that of independent cases
  std::optional<double> icc;   // of the differences within clusters
  // With any number of repeats the detectable difference would still be this; absent without
  // repeats.
  std::optional<double> detectable_at_best;
  // Latency: the greatest correlation of the logarithm of one answer's time with that of the answer
  // before it, on either side.
  std::optional<double> autocorrelation;
  // Latency: whether the two sides were asked the same cases at about the same time; absent where
  // start times are not known.
  std::optional<bool> interleaved;
  std::optional<Evidence> evidence;
  std::optional<double> margin;
  // The interval of level 1 - 2 alpha that is held against the margin.
  std::optional<Bounds> margin_interval;
  // What the difference could be whatever the failed trials would have scored.
  std::optional<Bounds> worst_case;

  Verdict verdict = Verdict::not_enough_data;
  // Interval and test point different ways, so the verdict is no clear difference.
  bool borderline = false;
  std::string finding;   // sentences for people, of our own words only
  std::string one_line;  // "candidate vs reference: " and the finding; safe for a terminal
  std::vector<Warning> warnings;
  // Cases that only one side passed (value of at least 0.5 against less), and the first thousand of
  // their ids, sorted.
  std::uint64_t n_only_reference_passes = 0;
  std::uint64_t n_only_candidate_passes = 0;
  std::vector<std::string> only_reference_passes;
  std::vector<std::string> only_candidate_passes;
};

// Everything that is compared between two columns.
struct PairComparison {
  std::string reference;
  std::string candidate;
  Comparison score;
  // Score by tag, for browsing; sorted by name. Verdicts are by Benjamini and Hochberg's q-value.
  std::vector<Comparison> tags;
  Comparison ttft;
  Comparison e2e;
  Comparison tpot;
};

// Pairs by case id and digest, repeats averaged first, and picks interval and test by what the
// scores are: docs/statistics.md. The two columns may come from two runs.
[[nodiscard]] PairComparison compare_backends(const Column& reference,
                                              const Column& candidate,
                                              const Options& options = {});

// Every further column against the first. The p-values of one metric are adjusted together (Holm).
[[nodiscard]] std::vector<PairComparison> compare_all(std::span<const Column> columns,
                                                      const Options& options = {});

// Whether three and more models can be told apart at all, before any two of them are: Cochran's Q
// for scores of 0 and 1 in one repeat, else Friedman's test; over the cases that all have a score
// for.
struct Omnibus {
  std::string name;  // cochran-q, friedman
  double statistic = 0.0;
  std::uint64_t df = 0;
  double p = 1.0;
  std::uint64_t cases = 0;
};
// Absent for fewer than three columns, where no case tells them apart, for clustered cases, which
// the tests take for independent, and for a run that could end early.
[[nodiscard]] std::optional<Omnibus> tell_apart(std::span<const Column> columns,
                                                const Options& options = {});

// The places a model may hold by its score, 1 is best: every place that no clear difference between
// two models denies it. Tests of all pairs, adjusted together (Holm).
struct Standing {
  std::string backend;
  std::uint64_t best = 1;
  std::uint64_t worst = 1;
};
// In the order of the columns; empty for fewer than three.
[[nodiscard]] std::vector<Standing> rank_all(std::span<const Column> columns,
                                             const Options& options = {});

}  // namespace faceoff::compare
