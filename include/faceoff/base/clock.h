#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace faceoff {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
// Wall-clock time in UTC; for people and files, never for measuring.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

inline constexpr TimePoint kNever = TimePoint::max();

// The only source of "now" below cli/. Tests pass a ManualClock.
// All functions may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic (CLOCK_MONOTONIC).
  [[nodiscard]] virtual TimePoint now() const noexcept = 0;
  [[nodiscard]] virtual UtcTime utc_now() const noexcept = 0;
  // How long the machine has slept since it was started (CLOCK_BOOTTIME - CLOCK_MONOTONIC): now()
  // stands still meanwhile, so that only a change of this tells of a closed lid.
  [[nodiscard]] virtual Duration asleep() const noexcept = 0;
};

class SteadyClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override;
  [[nodiscard]] UtcTime utc_now() const noexcept override;
  [[nodiscard]] Duration asleep() const noexcept override;
};

// A clock that only moves when told to: scenarios run in virtual time.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override;
  // 2026-01-01T00:00:00Z plus what has been advanced and slept.
  [[nodiscard]] UtcTime utc_now() const noexcept override;
  [[nodiscard]] Duration asleep() const noexcept override;
  // The machine sleeps: the wall clock goes on, now() does not.
  void sleep(Duration by) noexcept;
  void advance(Duration by) noexcept;
  // Moves to `to`; never backwards.
  void advance_to(TimePoint to) noexcept;

 private:
  std::atomic<std::int64_t> elapsed_ns_{0};
  std::atomic<std::int64_t> asleep_ns_{0};
};

[[nodiscard]] double to_ms(Duration d) noexcept;
[[nodiscard]] double to_seconds(Duration d) noexcept;
// Rounds to the nearest nanosecond; saturates at the ends of the range.
[[nodiscard]] Duration from_ms(double ms) noexcept;

// RFC 3339 with milliseconds: 2026-08-22T14:03:11.042Z.
[[nodiscard]] std::string format_utc(UtcTime t);
// 20260822T140311Z: sorts by time and is safe in file names.
[[nodiscard]] std::string format_utc_compact(UtcTime t);

}  // namespace faceoff
