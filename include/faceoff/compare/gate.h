#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/node.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The language of gates: conditions on a run that decide its exit code (docs/gates.md). Pure
// functions; shares and differences are fractions, times seconds.
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
  cost,          // dollars for a thousand trials, at most the limit: no test
};

struct Gate {
  GateKind kind = GateKind::alarm;
  std::string backend = {};       // empty: every candidate
  std::string tag = {};           // empty: all cases; "*": each tag by itself
  Metric metric = Metric::score;  // ttft or e2e for quantile and max_slowdown
  double quantile = 0.0;          // inside (0, 1)
  double limit = 0.0;             // or margin; dollars for cost
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

// The same condition said the other way round, as a reason to fail: "score<0.8" is the gate "score
// >= 80%", "ttft_p95>1.5s" is "ttft.p95 <= 1.5s". Underscores may stand for hyphens. Positions of a
// mistake are those of `text`.
[[nodiscard]] tl::expected<Gate, GateMistake> parse_failure(std::string_view text);

// A `gates:` list of a suite or of faceoff.yaml: texts, or mappings of the same parts ({gate:
// score, backend: llama, limit: 80%, tag: math}). Mistakes go to the context.
[[nodiscard]] std::vector<Gate> decode_gates(const doc::Context& context, const doc::Node& node);

struct GateOptions {
  double alpha = 0.05;  // one-sided; also over all gates together (Holm). Inside (0, 0.5)
  double power = 0.8;   // behind every number of cases that is named
};

}  // namespace faceoff::compare
