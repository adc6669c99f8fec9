#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/histogram.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::load {

// What was seen of the client itself while it measured.
struct ClientSigns {
  DurationHistogram loop_lags;  // Transport::take_lags()
  DurationHistogram gaps;       // pauses between token events
  double loop_busy = 0.0;       // CPU seconds a wall second of the thread of the event loop
  Duration wall{0};             // how long it measured
  std::uint64_t token_events = 0;
  std::uint64_t coalesced = 0;      // of the gaps: both events in one read
  std::uint64_t kernel_stamps = 0;  // of the token events
  // Open loop only.
  std::optional<Duration> schedule_delay_p99;
  std::optional<Duration> inter_arrival;  // mean
};

// Whether the figures are the server's or our own doing (docs/metrics.md, "Is it the client?").
struct ClientVerdict {
  Duration loop_lag_p99{0};
  Duration loop_lag_max{0};
  double coalesced_share = 0.0;  // of the gaps
  double kernel_share = 0.0;     // of the token events
  Duration gap_p50{0};
  bool bound = false;
  std::string why;  // "its event loop was 93% busy"; empty unless bound
};

// Bound: more than 70 % busy; or the loop later (p99) than a tenth of the median gap where stamps
// depend on the loop; or requests sent later (p99) than a twentieth of the mean time between them.
// A loop that is late by less than a millisecond, or that measured for less than half a second, is
// never called so: that is start-up and the scheduler of the machine.
[[nodiscard]] ClientVerdict judge_client(const ClientSigns& signs);

}  // namespace faceoff::load
