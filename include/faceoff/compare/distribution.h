#pragma once

#include <faceoff/base/random.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace faceoff::compare {

// What the values of one figure look like. Quantiles are of type 7; sd has n - 1 below the line.
struct Distribution {
  std::uint64_t n = 0;
  std::uint64_t missing = 0;  // answers for which the figure is undefined
  std::uint64_t kept = 0;     // values that the quantiles are of; below n: drawn at random
  std::optional<double> mean;
  std::optional<double> sd;
  std::optional<double> min;
  std::optional<double> p50;
  std::optional<double> p90;
  std::optional<double> p95;
  std::optional<double> p99;
  std::optional<double> max;
  std::optional<double> p90_bound;  // percentile_bound()
  std::optional<double> p99_bound;
};

// A value that the q-quantile does not exceed, at 99 % confidence: the early-stopping estimate of
// MLPerf LoadGen, the t-th largest value for the largest t with P(Bin(n, 1 - q) <= t) <= 1 %.
// Nullopt while n is below percentile_bound_min_n(q): 64 for p90, 662 for p99.
// REQUIRES: sorted, 0 < q < 1.
[[nodiscard]] std::optional<double> percentile_bound(std::span<const double> sorted, double q);
[[nodiscard]] std::size_t percentile_bound_min_n(double q);

// Collects the values of one figure: all of them up to `capacity`, then a uniform sample of that
// size (Vitter's algorithm R with a fixed seed: the same values give the same figures). Mean,
// sd, minimum, maximum and n are of all.
class ValueSample {
 public:
  ValueSample() = default;
  explicit ValueSample(std::size_t capacity) : capacity_(capacity) {}
  void add(double value);
  void add(const std::optional<double>& value);
  [[nodiscard]] std::uint64_t n() const noexcept { return n_; }
  [[nodiscard]] Distribution describe() const;
  [[nodiscard]] const std::vector<double>& values() const noexcept { return values_; }

 private:
  std::size_t capacity_ = 16384;
  std::vector<double> values_;
  std::uint64_t n_ = 0;
  std::uint64_t missing_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;  // of the distances from the mean (Welford)
  double min_ = 0.0;
  double max_ = 0.0;
  Random random_{1};
};

}  // namespace faceoff::compare
