#pragma once

#include <faceoff/backend/failure.h>
#include <faceoff/base/units.h>
#include <faceoff/compare/results.h>
#include <faceoff/score/scorer.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::compare {

// The mean score over cases (repeats of a case are averaged first) and how sure it is. An absent
// bound: no data, or fewer than five clusters.
struct ScoreEstimate {
  std::uint64_t n = 0;  // cases with a score
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::string method;                   // wilson, wilson-neff; empty without an interval
  std::optional<std::uint64_t> passed;  // when every case scored 0 or 1 in its one repeat
  std::uint64_t clusters = 0;           // 0: none declared
  std::optional<double> n_eff;          // of wilson-neff, with its degrees of freedom
  std::optional<double> df;
};

class OutcomeCounts {
 public:
  static constexpr std::size_t kCount = 7;
  void add(score::Outcome outcome) noexcept { ++counts_.at(static_cast<std::size_t>(outcome)); }
  [[nodiscard]] std::uint64_t of(score::Outcome outcome) const noexcept {
    return counts_[static_cast<std::size_t>(outcome)];
  }

 private:
  std::array<std::uint64_t, kCount> counts_{};
};

// The chance that at least one (pass@k), or that each (pass^k) of k answers is right.
struct PassEstimate {
  std::uint64_t k = 1;
  ScoreEstimate any;  // value, lo, hi and method only
  ScoreEstimate each;
};

// A case that the same model answered rightly in some repeats only.
struct FlakyCase {
  std::string id;
  std::uint64_t passed = 0;  // value of at least 0.5
  std::uint64_t of = 0;
};

// What several answers to each case tell about the model's own wavering.
struct RepeatSummary {
  std::uint64_t cases = 0;            // with more than one scored answer
  std::optional<double> var_within;   // of the answers to one case
  std::optional<double> var_between;  // of the cases
  std::optional<double> se_rerun;     // how far the mean would move if the run were made again
  std::optional<double> se;           // of the mean over cases
  std::optional<double> se_at_best;   // ... with any number of repeats
  std::vector<PassEstimate> passes;   // scores of 0 and 1 only
  std::uint64_t n_flaky = 0;
  std::vector<FlakyCase> flaky;  // the first hundred, sorted by id
};

// One row of a score table: all cases, or those with one tag.
struct Slice {
  std::string tag;            // empty: all cases
  std::uint64_t cases = 0;    // seen in the records
  std::uint64_t trials = 0;   // recorded
  std::uint64_t repeats = 0;  // most trials of one case
  std::uint64_t answered = 0;
  ScoreEstimate score;
  OutcomeCounts outcomes;
};

// A quantile (type 7) with its order-statistic interval, in seconds.
struct QuantileEstimate {
  double q = 0.5;
  std::optional<double> value;  // absent: no data, or beyond_limit
  std::optional<double> lo;     // absent: unbounded
  std::optional<double> hi;
  bool beyond_limit = false;  // the quantile lies among the trials that ran into a time limit
  std::uint64_t needs_at_least = 0;  // trials for an interval with both ends
};

struct LatencySummary {
  std::uint64_t n = 0;          // trials with a figure, timed-out ones included
  std::uint64_t timed_out = 0;  // count as infinitely long
  QuantileEstimate p50;
  QuantileEstimate p95;
  // Correlation of the logarithm of a time with the one of the request before it, in start order;
  // above 0.2 requests were not independent and intervals are too narrow.
  std::optional<double> autocorrelation;
};

struct FailureCount {
  backend::FailureKind kind = backend::FailureKind::protocol;
  std::uint64_t count = 0;
  std::string case_id;  // one example
  std::string message;
};

// Everything a report says of one backend by itself.
struct Summary {
  std::string backend;
  bool simulated = false;     // any trial was answered by the stand-in endpoint
  double conf = 0.95;         // level of every interval
  std::uint64_t planned = 0;  // trials; 0: not known
  Slice all;
  std::vector<Slice> tags;  // sorted by name
  std::vector<FailureCount>
      failures;  // of failed trials and of answers that a limit cut; most first
  std::map<backend::FailureKind, std::uint64_t> retries;
  std::uint64_t cached = 0;

  std::optional<RepeatSummary> repeats;  // absent where no case was answered twice

  LatencySummary ttft;
  LatencySummary e2e;
  LatencySummary tpot;
  std::optional<double> decode_rate;  // median of 1/tpot, tokens a second as one user sees them
  std::optional<double> system_rate;  // completion tokens over the run's window, tokens a second

  // Every figure of docs/metrics.md that some answer has, and where their token counts come from.
  std::vector<Figure> figures;
  Figures::Sources token_sources{};

  std::uint64_t prompts_sent = 0;  // requests that reached a server, retries included
  std::int64_t prompt_tokens = 0;  // sums over the trials that reported them
  std::int64_t completion_tokens = 0;
  std::uint64_t without_usage = 0;  // answered trials without a token count
  Money cost;                       // exact, over the trials that have one
  std::uint64_t with_cost = 0;      // their number
};

struct SummaryOptions {
  double conf = 0.95;
  std::uint64_t planned = 0;
};

// What a thousand such trials cost; nullopt when none has a cost.
[[nodiscard]] std::optional<Money> cost_per_thousand(const Summary& summary);

// docs/metrics.md and docs/statistics.md define the figures.
[[nodiscard]] Summary summarise(const Column& column, const SummaryOptions& options = {});

// The seconds of every trial that has the figure, sorted;
// +infinity: a time limit. With a tag, of its cases only.
[[nodiscard]] std::vector<double> latencies(const Column& column,
                                            Time time,
                                            std::string_view tag = {});

}  // namespace faceoff::compare
