#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

// Every function of faceoff::stats is pure: no state, no clock, no input or output, safe to call
// from any thread. Scores, shares and differences are fractions (0.01 is one point), `conf` is the
// two-sided level in (0, 1), a difference is candidate B minus baseline A. What cannot be said from
// the data is std::nullopt, never 0 and never infinity.
namespace faceoff::stats {

// A range of plausible values. A missing end is unbounded, or cannot be said from these data.
struct Interval {
  std::optional<double> lo = std::nullopt;
  std::optional<double> hi = std::nullopt;

  [[nodiscard]] bool bounded() const noexcept { return lo.has_value() && hi.has_value(); }
  // True when `value` is below the lower or above the upper end.
  [[nodiscard]] bool excludes(double value) const noexcept;
  // Half the distance between the ends; null unless both are there.
  [[nodiscard]] std::optional<double> half_width() const noexcept;
  friend bool operator==(const Interval&, const Interval&) = default;
};

struct Estimate {
  std::optional<double> value = std::nullopt;
  Interval interval = {};
  friend bool operator==(const Estimate&, const Estimate&) = default;
};

// The lowest and the highest value one observation can take.
struct Range {
  double lo = 0.0;
  double hi = 1.0;
  [[nodiscard]] double width() const noexcept { return hi - lo; }
  friend bool operator==(const Range&, const Range&) = default;
};

enum class Alternative : std::uint8_t { two_sided, less, greater };

// The interval of a mean when all n observations equal `value`: with q = 1 - (1 - conf)^(1/n) it is
// [value - q (value - lo), value + q (hi - value)], because a sample without spread has probability
// (1 - q)^n at most when a share q of the population differs. n is the number of independent units
// (clusters, where there are clusters). n = 0 gives no ends.
// The argument behind the "rule of three" (Hanley and Lippman-Hand 1983), for any bounded score.
[[nodiscard]] Interval degenerate_interval(double value, Range range, std::size_t n, double conf);

// True when the observations differ by no more than rounding: 1e-12 of `scale`.
[[nodiscard]] bool all_equal(std::span<const double> x, double scale);

// The smallest true difference a run like this one would show with probability `power`, read off
// the interval it gave: half-width times (z_{1-alpha/2} + z_power) / z_{1-alpha/2}, which is 1.43
// times the half-width at 95 % and power 0.8. Unlike "observed power" it does not depend on the
// difference that was seen (Hoenig and Heisey 2001). Null for an unbounded interval.
[[nodiscard]] std::optional<double> detectable_difference(const Interval& interval,
                                                          double conf = 0.95,
                                                          double power = 0.8);

}  // namespace faceoff::stats
