#include "limiter.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

constexpr double kSecondsPerMinute = 60.0;

Duration from_seconds(double seconds) {
  // A wait of 20 s must not become 20.001 s because 1/3 is not exact.
  return from_ms(std::ceil(seconds * 1000.0 - 1e-6));
}

void append_bucket(std::string& out, std::string_view what, const Bucket& bucket) {
  fmt::format_to(std::back_inserter(out),
                 "x-ratelimit-limit-{0}: {1}\r\nx-ratelimit-remaining-{0}: {2}\r\n"
                 "x-ratelimit-reset-{0}: {3}\r\n",
                 what,
                 bucket.limit(),
                 bucket.remaining(),
                 go_duration(bucket.until_full()));
}

}  // namespace

Bucket::Bucket(std::int64_t per_minute, TimePoint now)
    : per_minute_(per_minute), level_(static_cast<double>(per_minute)), at_(now) {}

Duration Bucket::wait_for(double amount, TimePoint now) {
  const auto full = static_cast<double>(per_minute_);
  const double rate = full / kSecondsPerMinute;
  level_ = std::min(full, level_ + to_seconds(now - at_) * rate);
  at_ = now;
  const double missing = std::min(amount, full) - level_;
  return missing <= 1e-9 ? Duration::zero() : from_seconds(missing / rate);
}

std::int64_t Bucket::remaining() const noexcept {
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(level_ + 1e-9));
}

Duration Bucket::until_full() const noexcept {
  const double missing = static_cast<double>(per_minute_) - level_;
  return from_seconds(missing * kSecondsPerMinute / static_cast<double>(per_minute_));
}

Limiter::Limiter(const Script& script, TimePoint now) {
  if (script.requests_per_minute) {
    requests_.emplace(*script.requests_per_minute, now);
  }
  if (script.tokens_per_minute) {
    tokens_.emplace(*script.tokens_per_minute, now);
  }
}

Limiter::Verdict Limiter::charge(std::int64_t tokens, TimePoint now) {
  Verdict verdict;
  if (requests_) {
    verdict.wait = requests_->wait_for(1.0, now);
  }
  const auto amount = static_cast<double>(tokens);
  if (tokens_) {
    if (const Duration wait = tokens_->wait_for(amount, now); wait > verdict.wait) {
      verdict = {.tokens = true, .wait = wait};
    }
  }
  if (verdict.wait > Duration::zero()) {
    return verdict;
  }
  if (requests_) {
    requests_->take(1.0);
  }
  if (tokens_) {
    tokens_->take(amount);
  }
  return verdict;
}

std::string Limiter::headers() const {
  std::string out;
  if (requests_) {
    append_bucket(out, "requests", *requests_);
  }
  if (tokens_) {
    append_bucket(out, "tokens", *tokens_);
  }
  return out;
}

std::string go_duration(Duration d) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(d).count();
  if (ms <= 0) {
    return "0s";
  }
  if (ms < 1000) {
    return fmt::format("{}ms", ms);
  }
  const auto minutes = ms / 60'000;
  const double seconds = static_cast<double>(ms % 60'000) / 1000.0;
  return minutes > 0 ? fmt::format("{}m{:g}s", minutes, seconds) : fmt::format("{:g}s", seconds);
}

}  // namespace faceoff::simulate
