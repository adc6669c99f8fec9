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

// When a whole backend is out of order: after some trials in a row that found no server (or twice
// as many that were refused after all their retries) nothing is sent but one probe at a time, after
// growing pauses, until it answers or the time is over.
struct BreakerPolicy {
  std::int64_t trials = 5;
  Duration first_pause = std::chrono::seconds(1);
  Duration longest_pause = std::chrono::seconds(30);
  Duration max_time = std::chrono::minutes(2);  // from the opening to the last probe
};

// What a failure says of the server behind it.
enum class ServerSign : std::uint8_t {
  alive,     // it answered in good order, if not what was hoped for
  refusing,  // too busy, out of quota for now, or broken inside
  gone,      // nobody there
  unclear,   // cut or too slow
};
[[nodiscard]] ServerSign sign_of(const backend::Failure& failure) noexcept;

// Quotas that the user set for one backend; the runner spreads its requests evenly.
struct RateSettings {
  std::optional<std::int64_t> requests_per_minute;
  std::optional<std::int64_t> tokens_per_minute;
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
