#pragma once

#include <faceoff/base/clock.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace faceoff {

// Durations counted by size, from a nanosecond to hours, in a fixed 6 KiB: a quantile is right to
// 1/16 of its value, the greatest one is exact. For what is measured without end (the lateness of
// an event loop); what a report compares is kept value by value.
class DurationHistogram {
 public:
  // Negative durations count as 0.
  void add(Duration d) noexcept;
  void merge(const DurationHistogram& other) noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] Duration max() const noexcept { return max_; }
  // The upper end of the class in which the q-quantile (nearest rank) lies, at most max(). Nullopt
  // when nothing was added. REQUIRES: 0 <= q <= 1.
  [[nodiscard]] std::optional<Duration> quantile(double q) const noexcept;

 private:
  static constexpr std::size_t kSteps = 16;  // classes an octave
  static constexpr std::size_t kClasses = kSteps * 48;
  [[nodiscard]] static std::size_t class_of(std::uint64_t ns) noexcept;
  [[nodiscard]] static std::uint64_t upper_end(std::size_t index) noexcept;

  std::array<std::uint64_t, kClasses> counts_{};
  std::uint64_t count_ = 0;
  Duration max_{0};
};

}  // namespace faceoff
