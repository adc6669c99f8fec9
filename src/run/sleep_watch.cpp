#include "sleep_watch.h"

#include <algorithm>
#include <utility>

namespace faceoff::run {
namespace {

// A loop that is later than this was not merely busy.
constexpr Duration kLate = std::chrono::seconds(2);
constexpr Duration kNap = std::chrono::seconds(1);

}  // namespace

std::optional<SleepWatch::Sleep> SleepWatch::check(TimePoint now,
                                                   TimePoint expected,
                                                   Duration asleep) {
  const Duration late = std::max(now - expected, Duration{0});
  const Duration slept = std::max(asleep - std::exchange(asleep_, asleep), Duration{0});
  if (late < kLate && slept < kNap) {
    return std::nullopt;
  }
  const Duration lost = late < kLate ? Duration{0} : late;
  return Sleep{.lost = lost, .total = lost + slept};
}

}  // namespace faceoff::run
