#include "breaker.h"

#include <faceoff/base/units.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::run {

TimePoint Breaker::earliest() const noexcept {
  switch (state_) {
    case State::closed:
      break;
    case State::open:
      return probe_at_;
    case State::half_open:
      return kNever;
  }
  return TimePoint::min();
}

void Breaker::on_start(TrialId trial) noexcept {
  if (state_ == State::open) {
    state_ = State::half_open;
    probe_ = trial;
    ++probes_;
  }
}

void Breaker::on_answer() noexcept {
  state_ = State::closed;
  gone_.clear();
  refused_.clear();
  why_.clear();
}

Breaker::Verdict Breaker::on_failure(TrialId trial,
                                     const backend::Failure& failure,
                                     bool over,
                                     TimePoint now) {
  if (failure.retry == backend::Retry::stop_backend) {
    return {.opened = false, .stop = failure.message};
  }
  const ServerSign sign = sign_of(failure);
  if (sign == ServerSign::alive) {
    on_answer();
    return {};
  }
  if (state_ == State::half_open && trial == probe_) {
    return probe_failed(failure, now);
  }
  const bool counts = sign == ServerSign::gone || (sign == ServerSign::refusing && over);
  return state_ == State::closed && counts ? count(trial, failure, now) : Verdict{};
}

Breaker::Verdict Breaker::count(TrialId trial, const backend::Failure& failure, TimePoint now) {
  const bool gone = sign_of(failure) == ServerSign::gone;
  auto& trials = gone ? gone_ : refused_;
  trials.insert(trial);
  // A server that refuses lives, and some cases are refused for what they hold.
  const std::int64_t limit = std::max<std::int64_t>(policy_.trials, 1) * (gone ? 1 : 2);
  if (static_cast<std::int64_t>(trials.size()) < limit) {
    return {};
  }
  why_ = gone ? fmt::format("{} trials in a row found no server", limit)
              : fmt::format("{} trials in a row were refused after all their retries", limit);
  if (failure.retry != backend::Retry::yes) {
    return {.opened = false, .stop = fmt::format("{}: {}", why_, failure.message)};
  }
  state_ = State::open;
  opened_at_ = now;
  pause_ = policy_.first_pause;
  probe_at_ = now + pause_;
  probes_ = 0;
  return {.opened = true, .stop = std::nullopt};
}

Breaker::Verdict Breaker::probe_failed(const backend::Failure& failure, TimePoint now) {
  state_ = State::open;
  pause_ = std::min(pause_ * 2, policy_.longest_pause);
  probe_at_ = now + pause_;
  if (probe_at_ - opened_at_ <= policy_.max_time) {
    return {.opened = true, .stop = std::nullopt};
  }
  return {.opened = false,
          .stop = fmt::format("{}, nor did {} more in {} help: {}",
                              why_,
                              probes_,
                              format_duration(now - opened_at_),
                              failure.message)};
}

}  // namespace faceoff::run
