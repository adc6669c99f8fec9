#pragma once

// Notices that the process stood still. Private to run.

#include <faceoff/base/clock.h>

#include <optional>

namespace faceoff::run {

// Told the time whenever the loop knows how late it may be at most. A process that was stopped
// (SIGSTOP, a debugger) comes back far later than that; a machine that slept leaves the monotonic
// clock as it was, but not the time asleep. Pure.
class SleepWatch {
 public:
  explicit SleepWatch(Duration asleep) : asleep_(asleep) {}

  struct Sleep {
    Duration lost{0};   // of the monotonic clock
    Duration total{0};  // ... and of the machine's sleep
  };
  // The loop should be here by `expected`.
  [[nodiscard]] std::optional<Sleep> check(TimePoint now, TimePoint expected, Duration asleep);

 private:
  Duration asleep_;
};

}  // namespace faceoff::run
