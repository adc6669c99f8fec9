#pragma once

// How many requests may be in flight to one backend just now. Private to run.

#include <faceoff/base/clock.h>
#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::run {

struct AdaptivePolicy {
  std::int64_t start = 1;  // below the ceiling: doubles with every full window until first cut
  std::int64_t floor = 1;
  std::int64_t ceiling = 1;
  Duration cooldown = std::chrono::seconds(5);  // no growth for so long after a cut
};

// Additive increase, multiplicative decrease: half on a refusal (HTTP 429, overloaded), one more
// after as many requests in a row were taken as may be in flight. Requests that were sent before a
// cut say nothing of the limit after it, so that a burst of refusals cuts once. Pure.
class AdaptiveLimit {
 public:
  AdaptiveLimit(const AdaptivePolicy& policy, TimePoint began);

  [[nodiscard]] std::int64_t limit() const noexcept { return limit_; }
  // The server has begun to answer a request; true: the limit has grown.
  bool on_taken(TimePoint now);
  // The server had too much to do for a request that went out at `sent`; true: the limit has
  // shrunk.
  bool on_refused(TimePoint now, TimePoint sent, const std::string& why);
  // From the start on; the oldest changes but the first give way beyond 200.
  [[nodiscard]] const std::vector<store::ConcurrencyChange>& history() const noexcept {
    return history_;
  }

 private:
  void change(TimePoint now, std::int64_t limit, std::string why);

  AdaptivePolicy policy_;
  TimePoint began_;
  std::int64_t limit_;
  std::int64_t taken_ = 0;  // in a row; after the first cut: since the limit last changed
  std::optional<TimePoint> cut_at_;
  std::vector<store::ConcurrencyChange> history_;
};

}  // namespace faceoff::run
