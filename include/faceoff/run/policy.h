#pragma once

#include <faceoff/backend/failure.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/random.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::run {

// Limits of our own, per attempt unless said otherwise. libcurl's are not used: they cut healthy
// long answers and miss stalls (docs/metrics.md).
struct Deadlines {
  Duration connect = std::chrono::seconds(10);     // until the request can be written
  Duration first_token = std::chrono::minutes(5);  // ... from then to the first token
  Duration idle = std::chrono::minutes(1);         // between two tokens; comments do not count
  Duration total = std::chrono::minutes(10);       // the whole attempt
  Duration start_up = std::chrono::minutes(5);     // a server that says it is still loading
};

// Bounded in count and in time; docs/backends.md has the table of what is retried at all.
struct RetryPolicy {
  std::int64_t max_retries = 3;
  Duration max_time = std::chrono::minutes(2);  // all waits of one trial together
  Duration first_wait = std::chrono::milliseconds(500);
  Duration longest_wait = std::chrono::seconds(20);
};

struct RetryDecision {
  bool again = false;
  Duration wait{0};
  std::string why_not;  // when not: "the server asks to wait 1 h, more than the limit of 2 min"
};

// Decides by the failure, the number of attempts made and the time already waited. A wait that the
// server named is kept to; otherwise full jitter: uniform in (0, first_wait * 2^(attempts-1)],
// capped (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
[[nodiscard]] RetryDecision decide_retry(const RetryPolicy& policy,
                                         const backend::Failure& failure,
                                         std::int64_t attempts,
                                         Duration waited,
                                         Random& random);

}  // namespace faceoff::run
