#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/transport.h>

#include <cstdint>
#include <optional>

namespace faceoff::backend {

// What one answer's headers said of one quota: how much a window holds, how much of it is left and
// when it is full again. Each part may be missing.
struct Quota {
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> remaining;
  std::optional<Duration> reset;
  friend bool operator==(const Quota&, const Quota&) = default;
};

struct RateLimits {
  Quota requests;
  Quota tokens;
  friend bool operator==(const RateLimits&, const RateLimits&) = default;
};

// x-ratelimit-{limit,remaining,reset}-{requests,tokens}, with the reset as a span ("6m0s", "17ms"),
// as seconds ("1.5") or as a date or Unix time (shared notations in docs/backends.md). nullopt when
// no header of the family is readable; negative values are unreadable.
[[nodiscard]] std::optional<RateLimits> parse_rate_limits(const net::HeaderList& headers,
                                                          UtcTime now);

}  // namespace faceoff::backend
