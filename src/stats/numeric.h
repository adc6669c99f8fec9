#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

// Arithmetic shared by the sources of this module.
namespace faceoff::stats {

[[nodiscard]] inline double real(std::size_t n) noexcept {
  return static_cast<double>(n);
}
[[nodiscard]] inline double square(double x) noexcept {
  return x * x;
}

[[nodiscard]] double sum_of(std::span<const double> x) noexcept;
// REQUIRES: x is not empty.
[[nodiscard]] double mean_of(std::span<const double> x) noexcept;
// Sum of squared deviations from the mean. REQUIRES: x is not empty.
[[nodiscard]] double squares_of(std::span<const double> x) noexcept;
// Largest absolute value; 0 for none.
[[nodiscard]] double magnitude_of(std::span<const double> x) noexcept;
// b - a, item by item.
[[nodiscard]] std::vector<double> differences(std::span<const double> a, std::span<const double> b);
[[nodiscard]] std::vector<double> sorted(std::span<const double> x);
// 1-based ranks times two, ties share the mean of theirs: always whole numbers.
[[nodiscard]] std::vector<std::size_t> doubled_midranks(std::span<const double> x);
// sum(t^3 - t) over groups of t equal values.
[[nodiscard]] double tie_term(std::span<const std::size_t> doubled_ranks);

// Type-7 quantile of ascending values; infinite where it falls on an infinite value.
// REQUIRES: not empty, 0 <= q <= 1.
[[nodiscard]] double quantile_of_sorted(std::span<const double> ascending, double q) noexcept;

// The smallest i in [first, last] for which `holds` is true; last + 1 if there is none.
// REQUIRES: once true, `holds` stays true.
template <class Predicate>
[[nodiscard]] std::size_t first_true(std::size_t first, std::size_t last, Predicate holds) {
  std::size_t end = last + 1;
  while (first < end) {
    const std::size_t middle = first + (end - first) / 2;
    if (holds(middle)) {
      end = middle;
    } else {
      first = middle + 1;
    }
  }
  return first;
}

}  // namespace faceoff::stats
