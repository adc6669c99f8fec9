#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/results.h>
#include <faceoff/compare/summary.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/node.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Gates: conditions on a run that decide its exit code. docs/gates.md is the language and the
// statistics behind it. Pure functions; shares and differences are fractions, times seconds.
namespace faceoff::compare {

enum class GateKind : std::uint8_t {
  alarm,         // fails when a drop of more than the margin (default 0) is shown
  not_worse,     // passes when a drop of the margin is excluded
  equivalent,    // passes when a difference of the margin is excluded both ways
  score,         // mean score, at least the limit
  quantile,      // of a latency, at most the limit
  error_rate,    // share of failed trials, at most the limit
  max_drop,      // of the raw score, at most the limit: no test
  max_slowdown,  // of paired latencies, at most a factor of 1 + limit
};

struct Gate {
  GateKind kind = GateKind::alarm;
  std::string backend = {};       // empty: every candidate
  std::string tag = {};           // empty: all cases; "*": each tag by itself
  Metric metric = Metric::score;  // ttft or e2e for quantile and max_slowdown
  double quantile = 0.0;          // inside (0, 1)
  double limit = 0.0;             // or margin
  std::string origin = {};        // where it was written ("--gate", "suite.yaml:4:5"), for messages
  friend bool operator==(const Gate&, const Gate&) = default;
};

// The one way to write a gate: "not-worse(llama) 3pp on tag:math". parse_gate() reads it back.
[[nodiscard]] std::string to_string(const Gate& gate);

// What is wrong with the text of a gate: bytes [begin, end).
struct GateMistake {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string message;
  std::string help;  // "did you mean 'score'?", or how to write it
};
[[nodiscard]] tl::expected<Gate, GateMistake> parse_gate(std::string_view text);
// The mistake on lines of its own under the text, with carets.
[[nodiscard]] std::string show(const GateMistake& mistake, std::string_view text);

// A `gates:` list of a suite or of faceoff.yaml: texts, or mappings of the same parts ({gate:
// score, backend: llama, limit: 80%, tag: math}). Mistakes go to the context.
[[nodiscard]] std::vector<Gate> decode_gates(const doc::Context& context, const doc::Node& node);

struct GateOptions {
  double alpha = 0.05;  // one-sided; also over all gates together (Holm). Inside (0, 0.5)
  double power = 0.8;   // behind every number of cases that is named
};

// --- Before anything is sent ---------------------------------------------------------------------

struct GateScope {
  std::vector<std::string> backends = {};  // of the run, by name; the first is the reference
  bool has_baseline = false;               // then every backend is a candidate
  std::uint64_t cases = 0;
  std::vector<std::pair<std::string, std::uint64_t>> tags = {};  // with their cases
};
struct GateAdvice {
  std::vector<std::string> errors;    // the gate cannot hold here: unknown names, tags too small
  std::vector<std::string> warnings;  // it can, but will hardly ever decide
};
[[nodiscard]] GateAdvice check_gates(std::span<const Gate> gates,
                                     const GateScope& scope,
                                     const GateOptions& options = {});

// The fewest cases with which the gate can do its work at all: fail (alarm), or pass (the others)
// when every answer is as good as it can be. `tests` gates share alpha.
[[nodiscard]] std::uint64_t least_cases(const Gate& gate,
                                        std::size_t tests,
                                        const GateOptions& options = {});
// How often a model that did not change passes not_worse, when a share psi of cases differs by
// chance (statistics of docs/gates.md); exact up to 300 cases, normal beyond.
[[nodiscard]] double unchanged_passes(std::uint64_t cases,
                                      double psi,
                                      double margin,
                                      const GateOptions& options = {});

// --- After the run -------------------------------------------------------------------------------

enum class GateState : std::uint8_t { pass, fail, inconclusive };
[[nodiscard]] std::string_view to_string(GateState state) noexcept;

// A backend that gates may be about.
struct GateSubject {
  std::string name = {};                 // as gates name it
  const Column* column = nullptr;        // its trials
  const Summary* summary = nullptr;      // of the same column
  const PairComparison* pair = nullptr;  // against reference or baseline; null: it is the reference
  std::string not_comparable = {};       // why `pair` must not be judged; empty: it may
};

enum class GateUnit : std::uint8_t { points, share, seconds, factor };

struct GateResult {
  Gate gate;          // with the backend and the tag that this result is about
  std::string label;  // to_string(gate), safe for a terminal
  GateState state = GateState::inconclusive;
  bool comparable = true;  // false: there was nothing to judge, whatever the number of cases
  GateUnit unit = GateUnit::points;
  std::optional<double> value;  // measured; a difference of two scores is candidate - reference
  std::optional<double> lo;
  std::optional<double> hi;
  double conf = 0.9;  // of lo and hi
  std::string method;
  std::uint64_t n = 0;                       // cases, pairs or trials behind the value
  std::optional<double> p;                   // that what would fail the gate is chance
  std::optional<double> p_adjusted;          // Holm, where several gates were tested
  std::size_t family_size = 1;               // gates that were adjusted together
  std::optional<double> false_alarm;         // max_drop: how often an unchanged model would fail
  std::optional<std::uint64_t> needs_cases;  // that would decide it, where it is inconclusive
  std::string message;                       // sentences for people, of our own words only
};

// One result for each gate, backend and tag, in the order of the gates. A pass needs its own proof
// only; a failure is corrected over all gates (Holm), so that a model that breaks none is stopped
// with a chance of alpha at most, max_drop apart.
[[nodiscard]] std::vector<GateResult> evaluate_gates(std::span<const Gate> gates,
                                                     std::span<const GateSubject> subjects,
                                                     const GateOptions& options = {});

// Cases of this kind that would show a difference with the comparison's power (ratio: a factor
// above 1), read off the interval: half-widths shrink with the square root. Null without interval.
[[nodiscard]] std::optional<std::uint64_t> cases_to_show(const Comparison& comparison,
                                                         double difference);

}  // namespace faceoff::compare
