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

// x-ratelimit-{limit,remaining,reset}-{requests,tokens} and Anthropic's
// anthropic-ratelimit-{requests,tokens}-{limit,remaining,reset}. The reset may be a span as Go
// writes it ("6m0s", "1.44s", "17ms"), seconds ("37", "1.5"), a date (RFC 3339 or HTTP) or Unix
// time. Unreadable and negative values (Azure's -1 for "no limit") are left out; a reset in the
// past is 0. nullopt when nothing is left.
[[nodiscard]] std::optional<RateLimits> parse_rate_limits(const net::HeaderList& headers,
                                                          UtcTime now);

}  // namespace faceoff::backend
