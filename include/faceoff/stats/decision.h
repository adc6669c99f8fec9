#pragma once

#include <faceoff/stats/interval.h>
#include <faceoff/stats/mean.h>

#include <cstddef>
#include <cstdint>
#include <optional>

// One-sided decisions for gates. `margin` is the drop that is tolerated, a fraction >= 0.
namespace faceoff::stats {

enum class Decision : std::uint8_t { pass, fail, inconclusive };

struct GateOptions {
  double margin = 0.0;
  double alpha = 0.05;  // one-sided. REQUIRES: inside (0, 0.5)
};

struct GateResult {
  Decision decision = Decision::inconclusive;
  // Of the one-sided hypothesis whose rejection decides; null without data.
  std::optional<double> p = std::nullopt;
  // One-sided bounds of level 1 - alpha for the difference: the worst drop and the largest gain
  // that are still plausible.
  Interval bounds = {};
};

// Fails when a drop of more than `margin` is shown (p of "d >= -margin" is at most alpha), passes
// otherwise: a pass is "no regression shown", not "none there". Margin 0 uses half the McNemar
// mid-p, a margin the Tango score; on means Student's t. Inconclusive without data.
[[nodiscard]] GateResult alarm_gate(std::size_t n10,
                                    std::size_t n01,
                                    std::size_t n,
                                    GateOptions options = {});
[[nodiscard]] GateResult alarm_gate(const TTest& difference, GateOptions options = {});

// Passes when a drop of `margin` or more is excluded, fails when the whole range is below -margin,
// is inconclusive otherwise (Tango 1998; one-sided t for means).
[[nodiscard]] GateResult non_inferiority_gate(std::size_t n10,
                                              std::size_t n01,
                                              std::size_t n,
                                              GateOptions options);
[[nodiscard]] GateResult non_inferiority_gate(const TTest& difference, GateOptions options);

// "At least `threshold` of all answers right", exact: passes when the Clopper-Pearson lower bound
// reaches the threshold, fails when the upper bound is below it. `options.margin` is not read.
[[nodiscard]] GateResult threshold_gate(std::size_t x,
                                        std::size_t n,
                                        double threshold,
                                        GateOptions options = {});

// P(an unchanged model shows an observed drop above `max_drop`), the false-alarm rate of a gate on
// the raw difference, for n prompts of which the models differ on a share psi.
// REQUIRES: 0 <= psi <= 1.
[[nodiscard]] double raw_drop_false_alarm(std::size_t n, double psi, double max_drop);

}  // namespace faceoff::stats
