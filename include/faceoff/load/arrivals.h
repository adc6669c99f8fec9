#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/random.h>

#include <cstdint>

namespace faceoff::load {

enum class Arrival : std::uint8_t { poisson, constant };

// When requests are planned to be sent: an absolute schedule, which a late request does not move.
// The same seed gives the same times.
class Arrivals {
 public:
  // REQUIRES: per_second > 0.
  Arrivals(Arrival kind, double per_second, std::uint64_t seed) noexcept;
  // The next time since the start of the schedule: constant i / rate from 0 on; Poisson with
  // exponential pauses, the first one included.
  [[nodiscard]] Duration next() noexcept;

 private:
  Arrival kind_;
  double per_second_;
  Random random_;
  std::uint64_t count_ = 0;
  double seconds_ = 0.0;
};

}  // namespace faceoff::load
