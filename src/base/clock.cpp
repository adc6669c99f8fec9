#include <faceoff/base/clock.h>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <time.h>

namespace faceoff {
namespace {

// 2026-01-01T00:00:00Z.
constexpr std::chrono::sys_days kManualEpoch{std::chrono::year{2026} / 1 / 1};

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
};

Civil to_civil(UtcTime t) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(t);
  const auto day = std::chrono::floor<std::chrono::days>(ms);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss{ms - day}};
}

}  // namespace

TimePoint SteadyClock::now() const noexcept {
  return std::chrono::steady_clock::now();
}

UtcTime SteadyClock::utc_now() const noexcept {
  return std::chrono::system_clock::now();
}

Duration SteadyClock::asleep() const noexcept {
#ifdef CLOCK_BOOTTIME
  timespec boot{};
  timespec monotonic{};
  // The order makes a pause between the two calls look like less sleep, not like more.
  if (::clock_gettime(CLOCK_BOOTTIME, &boot) != 0 ||
      ::clock_gettime(CLOCK_MONOTONIC, &monotonic) != 0) {
    return Duration{0};
  }
  return std::chrono::seconds(boot.tv_sec - monotonic.tv_sec) +
         std::chrono::nanoseconds(boot.tv_nsec - monotonic.tv_nsec);
#else
  return Duration{0};
#endif
}

TimePoint ManualClock::now() const noexcept {
  return TimePoint{Duration{elapsed_ns_.load(std::memory_order_relaxed)}};
}

UtcTime ManualClock::utc_now() const noexcept {
  return UtcTime{kManualEpoch} + Duration{elapsed_ns_.load(std::memory_order_relaxed)} + asleep();
}

Duration ManualClock::asleep() const noexcept {
  return Duration{asleep_ns_.load(std::memory_order_relaxed)};
}

void ManualClock::sleep(Duration by) noexcept {
  asleep_ns_.fetch_add(by.count(), std::memory_order_relaxed);
}

void ManualClock::advance(Duration by) noexcept {
  elapsed_ns_.fetch_add(by.count(), std::memory_order_relaxed);
}

void ManualClock::advance_to(TimePoint to) noexcept {
  const auto target = to.time_since_epoch().count();
  if (target > elapsed_ns_.load(std::memory_order_relaxed)) {
    elapsed_ns_.store(target, std::memory_order_relaxed);
  }
}

double to_ms(Duration d) noexcept {
  return static_cast<double>(d.count()) / 1e6;
}

double to_seconds(Duration d) noexcept {
  return static_cast<double>(d.count()) / 1e9;
}

Duration from_ms(double ms) noexcept {
  const double ns = ms * 1e6;
  constexpr double kLimit = 9.2e18;
  if (!(ns < kLimit)) {
    return Duration::max();
  }
  if (ns < -kLimit) {
    return Duration::min();
  }
  return Duration{std::llround(ns)};
}

std::string format_utc(UtcTime t) {
  // Every attempt of a trial is stamped, thousands a second: what stands in front of the
  // milliseconds is mostly that of the last one.
  struct Last {
    std::chrono::sys_seconds second = std::chrono::sys_seconds::min();
    std::string text;
  };
  thread_local Last last;
  const auto second = std::chrono::floor<std::chrono::seconds>(t);
  if (second != last.second) {
    const auto [date, time] = to_civil(t);
    last.text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.",
                            static_cast<int>(date.year()),
                            static_cast<unsigned>(date.month()),
                            static_cast<unsigned>(date.day()),
                            time.hours().count(),
                            time.minutes().count(),
                            time.seconds().count());
    last.second = second;
  }
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(t - second).count();
  std::string text = last.text;
  text += static_cast<char>('0' + millis / 100);
  text += static_cast<char>('0' + millis / 10 % 10);
  text += static_cast<char>('0' + millis % 10);
  text += 'Z';
  return text;
}

std::string format_utc_compact(UtcTime t) {
  const auto [date, time] = to_civil(t);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     time.hours().count(),
                     time.minutes().count(),
                     time.seconds().count());
}

}  // namespace faceoff
