#pragma once

// One-sided p-values and bounds behind the gates. Private to compare.

#include <faceoff/compare/gate.h>
#include <faceoff/compare/gate_result.h>
#include <faceoff/stats/interval.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace faceoff::compare {

// Kinds that hold a candidate against something; the others judge one backend by itself.
[[nodiscard]] bool is_comparative(GateKind kind) noexcept;
// Kinds that rest on a test, and share alpha.
[[nodiscard]] bool is_tested(GateKind kind) noexcept;

// Of a paired difference of scores against `delta`: small p_less, below it; small p_greater, above.
struct SidedTest {
  std::optional<double> p_less = std::nullopt;
  std::optional<double> p_greater = std::nullopt;
};
[[nodiscard]] SidedTest difference_test(const Comparison& comparison, double delta);
// The range of level 1 - 2 alpha that agrees with it.
[[nodiscard]] stats::Interval difference_bounds(const Comparison& comparison, double alpha);
// One-sided p of "the score did not drop", by the test that the comparison shows.
[[nodiscard]] std::optional<double> drop_p(const Comparison& comparison);
// Standard error of the difference; without a spread, as if one more case of two differed.
[[nodiscard]] std::optional<double> difference_error(const Comparison& comparison);

// A score or an error rate against a threshold, likewise.
struct ShareTest {
  std::optional<double> p_below = std::nullopt;  // small: below the threshold
  std::optional<double> p_above = std::nullopt;
  stats::Interval bounds = {};  // of level 1 - 2 alpha
  std::string_view method = {};
};
[[nodiscard]] ShareTest share_test(std::uint64_t x,
                                   std::uint64_t n,
                                   double threshold,
                                   double alpha);
[[nodiscard]] ShareTest score_test(const ScoreEstimate& score, double threshold, double alpha);

// Cases that a difference of `distance` needs, when `now` of them left the standard error `se`.
// Null: no distance, or more cases than anybody has (10 million).
[[nodiscard]] std::optional<std::uint64_t> cases_for(double se,
                                                     std::uint64_t now,
                                                     double distance,
                                                     const GateOptions& options);
// The same for a share that is `p` where `threshold` is asked for.
[[nodiscard]] std::optional<std::uint64_t> cases_for_share(double p,
                                                           double threshold,
                                                           double alpha,
                                                           double power);

}  // namespace faceoff::compare
