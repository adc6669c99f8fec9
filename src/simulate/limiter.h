#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::simulate {

// A bucket that holds a minute's worth and refills evenly.
class Bucket {
 public:
  Bucket(std::int64_t per_minute, TimePoint now);
  // How long until `amount` can be taken; zero when it can be now.
  [[nodiscard]] Duration wait_for(double amount, TimePoint now);
  void take(double amount) noexcept { level_ -= amount; }
  [[nodiscard]] std::int64_t limit() const noexcept { return per_minute_; }
  [[nodiscard]] std::int64_t remaining() const noexcept;
  [[nodiscard]] Duration until_full() const noexcept;

 private:
  std::int64_t per_minute_;
  double level_;
  TimePoint at_;
};

// The scripted requests and tokens per minute.
class Limiter {
 public:
  Limiter(const Script& script, TimePoint now);

  struct Verdict {
    bool tokens = false;  // which limit was hit, when `wait` is not zero
    Duration wait{};
  };
  // Charges one request of `tokens`; nothing is charged when it must wait.
  [[nodiscard]] Verdict charge(std::int64_t tokens, TimePoint now);
  // The x-ratelimit-* lines, each with its CRLF; empty without limits.
  [[nodiscard]] std::string headers() const;

 private:
  std::optional<Bucket> requests_;
  std::optional<Bucket> tokens_;
};

// As OpenAI writes it: 120ms, 1s, 2.5s, 7m12s.
[[nodiscard]] std::string go_duration(Duration d);

}  // namespace faceoff::simulate
