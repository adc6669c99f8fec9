#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/gate.h>
#include <faceoff/compare/results.h>
#include <faceoff/compare/summary.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What became of gates, after the run.
namespace faceoff::compare {

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

enum class GateUnit : std::uint8_t { points, share, seconds, factor, dollars };

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
  std::vector<Warning> warnings;             // underpowered_gate, quantile_unbounded
  std::string message;                       // sentences for people, of our own words only
};

// One result for each gate, backend and tag, in the order of the gates. A pass needs its own proof
// only; a failure is corrected over all gates (Holm), so that a model that breaks none is stopped
// with a chance of alpha at most, max_drop apart.
[[nodiscard]] std::vector<GateResult> evaluate_gates(std::span<const Gate> gates,
                                                     std::span<const GateSubject> subjects,
                                                     const GateOptions& options = {});

}  // namespace faceoff::compare
