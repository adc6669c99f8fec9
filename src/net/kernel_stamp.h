#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>

#include <optional>

namespace faceoff::net {

// When bytes reached this machine: software receive time stamps of the kernel (SO_TIMESTAMPING,
// Linux Documentation/networking/timestamping.rst), moved from CLOCK_REALTIME to the clock of the
// loop. One thread.
class KernelStamps {
 public:
  // `clock` must outlive the object. The kernel stamps as long as one socket of the machine asks
  // for it, and starts a little after the first one does: hence an idle socket that asks all the
  // time.
  explicit KernelStamps(const Clock& clock);

  // Whether this kernel takes the wish; a packet may still come without a stamp.
  [[nodiscard]] bool available() const noexcept { return available_; }
  // Asks for stamps of what arrives at a TCP socket from now on.
  static bool enable(int socket) noexcept;
  // The arrival of the first byte that waits in the socket; nullopt when nothing waits, it carries
  // no stamp, or the wall clock has been stepped since it arrived.
  [[nodiscard]] std::optional<TimePoint> peek(int socket) noexcept;
  // A wall-clock stamp on the loop's time line. The two clocks are compared anew when the last
  // comparison is older than a second; nullopt when they have moved against each other since.
  [[nodiscard]] std::optional<TimePoint> to_monotonic(UtcTime stamp) noexcept;

 private:
  const Clock* clock_;
  UniqueFd asking_;
  bool available_ = false;
  std::optional<Duration> offset_;  // wall clock minus monotonic
  TimePoint compared_at_{};
};

}  // namespace faceoff::net
