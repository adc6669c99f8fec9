#include <faceoff/load/arrivals.h>

#include <cmath>

namespace faceoff::load {
namespace {

Duration from_seconds(double seconds) {
  return std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

Arrivals::Arrivals(Arrival kind, double per_second, std::uint64_t seed) noexcept
    : kind_(kind), per_second_(per_second), random_(seed) {}

Duration Arrivals::next() noexcept {
  if (kind_ == Arrival::constant) {
    // From the count: adding up the pause would add up its rounding.
    return from_seconds(static_cast<double>(count_++) / per_second_);
  }
  seconds_ += -std::log1p(-random_.uniform()) / per_second_;
  return from_seconds(seconds_);
}

}  // namespace faceoff::load
