#include <faceoff/base/check.h>
#include <faceoff/base/units.h>
#include <faceoff/run/trial_driver.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

using backend::Failure;
using backend::FailureKind;
using backend::Retry;

// How often a server that is loading its model is asked again.
constexpr Duration kLoadingPause = std::chrono::milliseconds(500);

Failure limit_failure(FailureKind kind, Retry retry, std::string_view what, Duration limit) {
  return {.kind = kind,
          .retry = retry,
          .http_status = 0,
          .retry_after = std::nullopt,
          .message = fmt::format("{} within {}", what, format_duration(limit)),
          .parameter = {}};
}

// What can happen to a connection while nobody looks after it.
bool broke_in_sleep(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::connect_timeout:
    case FailureKind::reset:
    case FailureKind::empty_reply:
    case FailureKind::truncated:
    case FailureKind::first_token_timeout:
    case FailureKind::idle_timeout:
    case FailureKind::total_timeout:
      return true;
    default:
      return false;
  }
}

}  // namespace

TrialDriver::TrialDriver(const TrialSettings& settings, chat::Request request, std::uint64_t seed)
    : settings_(settings), request_(std::move(request)), random_(seed) {}

Result<net::HttpRequest> TrialDriver::begin(TimePoint now, UtcTime utc_now) {
  FACEOFF_CHECK(state_ == State::idle || state_ == State::pause, "an attempt is already under way");
  std::optional<backend::Backend::Adjusted> adjusted;
  if (adjusted_by_) {
    adjusted = settings_.backend->adjust(request_, *adjusted_by_);
  }
  net::HttpRequest http;
  std::string note;
  if (adjusted) {
    http = std::move(adjusted->request);
    note = std::move(adjusted->note);
  } else {
    auto encoded = settings_.backend->encode(request_);
    if (!encoded) {
      state_ = State::done;
      return encoded;
    }
    http = *std::move(encoded);
  }
  http.connect_timeout = settings_.deadlines.connect;
  if (settings_.reach == net::Reach::loopback) {
    http.reach = net::Reach::loopback;
  }
  // A pause without a length of its own lasted as long as it did.
  if (state_ == State::pause && next_wait_ == Duration{0}) {
    next_wait_ = now - paused_at_;
  }
  state_ = State::connecting;
  decoder_ = settings_.backend->decoder_for(request_);
  stamps_ = chat::Stamps{};
  stamps_.queued = now;
  first_began_ = first_began_.value_or(now);
  stamps_.source = settings_.stamp_source;
  attempt_began_ = now;
  slept_ = false;
  http_status_ = 0;
  attempts_.push_back({.number = static_cast<std::int32_t>(attempts_.size()) + 1,
                       .started_utc = format_utc(utc_now),
                       .http_status = 0,
                       .failure = std::nullopt,
                       .message = {},
                       .waited = std::exchange(next_wait_, Duration{0}),
                       .took = Duration{0},
                       .note = std::move(note),
                       .resent = 0});
  return http;
}

TimePoint TrialDriver::deadline() const noexcept {
  const TimePoint total = attempt_began_ + settings_.deadlines.total;
  switch (state_) {
    case State::connecting:
      return std::min(total, attempt_began_ + settings_.deadlines.connect);
    case State::waiting:
      return std::min(total, ready_at_ + settings_.deadlines.first_token);
    case State::streaming:
      return std::min(total, last_token_ + settings_.deadlines.idle);
    case State::idle:
    case State::pause:
    case State::done:
      break;
  }
  return kNever;
}

Step TrialDriver::on_event(const net::Event& event, UtcTime utc_now) {
  if (!in_attempt()) {
    return Continue{};
  }
  if (const auto* ready = std::get_if<net::Ready>(&event.what)) {
    on_ready(*ready, event.at);
    return Continue{};
  }
  if (const auto* headers = std::get_if<net::Headers>(&event.what)) {
    stamps_.header = event.at;
    http_status_ = headers->status;
    decoder_->on_headers(headers->status, headers->headers);
    return Continue{};
  }
  if (const auto* bytes = std::get_if<net::Bytes>(&event.what)) {
    on_bytes(*bytes, event);
    return Continue{};
  }
  if (const auto* failed = std::get_if<net::Failed>(&event.what)) {
    return finish_attempt(backend::from_fault(*failed), event.at, utc_now);
  }
  return finish_attempt(std::nullopt, event.at, utc_now);
}

void TrialDriver::on_ready(const net::Ready& ready, TimePoint at) {
  if (state_ == State::waiting) {
    ++attempts_.back().resent;
  }
  stamps_.ready = at;
  stamps_.connection_reused = ready.reused;
  stamps_.connect = ready.connect;
  stamps_.dns = ready.dns;
  stamps_.tls = ready.tls;
  ready_at_ = at;
  state_ = State::waiting;
}

void TrialDriver::on_sleep(Duration lost) noexcept {
  if (!in_attempt()) {
    return;
  }
  slept_ = true;
  attempt_began_ += lost;
  ready_at_ += lost;
  last_token_ += lost;
}

void TrialDriver::on_bytes(const net::Bytes& bytes, const net::Event& event) {
  const std::size_t before = stamps_.events.size();
  decoder_->on_bytes(bytes.data, event.at, stamps_.events);
  bool brought = false;
  for (std::size_t i = before; i < stamps_.events.size(); ++i) {
    stamps_.events[i].source = event.source;
    brought = brought || chat::is_token(stamps_.events[i].what);
  }
  if (brought) {
    // Not before: a stamp may be of the time before a sleep.
    last_token_ = std::max(last_token_, event.at);
    // A trial's stamps are as good as the worst of them.
    stamps_.source = std::max(stamps_.source, event.source);
    state_ = State::streaming;
  }
}

Step TrialDriver::on_deadline(TimePoint now, UtcTime utc_now) {
  const Deadlines& limits = settings_.deadlines;
  Failure failure;
  if (now - attempt_began_ >= limits.total) {
    failure = limit_failure(
        FailureKind::total_timeout, Retry::no, "the answer was not complete", limits.total);
  } else if (state_ == State::connecting) {
    failure =
        limit_failure(FailureKind::connect_timeout, Retry::yes, "no connection", limits.connect);
  } else if (state_ == State::waiting) {
    failure = limit_failure(
        FailureKind::first_token_timeout, Retry::no, "no token came", limits.first_token);
  } else {
    failure = limit_failure(
        FailureKind::idle_timeout, Retry::yes, "the stream stalled: no further token", limits.idle);
  }
  return finish_attempt(std::move(failure), now, utc_now);
}

Done TrialDriver::cancel(TimePoint now, UtcTime utc_now) {
  Failure failure{.kind = FailureKind::cancelled,
                  .retry = Retry::no,
                  .http_status = 0,
                  .retry_after = std::nullopt,
                  .message = "the run was stopped",
                  .parameter = {}};
  backend::Reply reply;
  if (decoder_) {
    reply = decoder_->finish(failure, now, utc_now, stamps_.events);
  }
  reply.failure = std::move(failure);
  if (!attempts_.empty() && state_ != State::pause) {
    close_attempt(reply, now);
  }
  return std::get<Done>(complete(std::move(reply)));
}

Step TrialDriver::finish_attempt(std::optional<Failure> transport_failure,
                                 TimePoint at,
                                 UtcTime utc_now) {
  stamps_.end = at;
  backend::Reply reply = decoder_->finish(transport_failure, at, utc_now, stamps_.events);
  stamps_.streamed = reply.streamed;
  close_attempt(reply, at);
  return decide(std::move(reply), at);
}

void TrialDriver::close_attempt(const backend::Reply& reply, TimePoint at) {
  store::Attempt& attempt = attempts_.back();
  attempt.http_status = http_status_;
  attempt.took = std::max(at - attempt_began_, Duration{0});
  if (reply.failure) {
    attempt.failure = reply.failure->kind;
    attempt.message = reply.failure->message;
  }
  ended_ =
      AttemptEnd{.failure = reply.failure,
                 .http_status = http_status_,
                 .usage = reply.completion.usage,
                 .answer_bytes = reply.completion.text.size() + reply.completion.reasoning.size(),
                 .rates = reply.rates};
}

Step TrialDriver::pause_free(backend::Reply reply, TimePoint at) {
  state_ = State::pause;
  paused_at_ = at;
  last_reply_ = std::move(reply);
  return WaitUntil{.at = at, .cause = *last_reply_.failure, .free = true};
}

Done TrialDriver::give_up() {
  FACEOFF_CHECK(state_ == State::pause, "only a trial in pause can be given up");
  return std::get<Done>(complete(std::move(last_reply_)));
}

Step TrialDriver::decide(backend::Reply reply, TimePoint at) {
  if (!reply.failure) {
    return complete(std::move(reply));
  }
  const Failure& failure = *reply.failure;
  if (slept_ && broke_in_sleep(failure)) {
    return pause_free(std::move(reply), at);
  }
  if (failure.retry == Retry::when_ready) {
    loading_since_ = loading_since_.value_or(at);
    if (at - *loading_since_ >= settings_.deadlines.start_up) {
      return complete(std::move(reply));
    }
    const Step wait = pause_free(std::move(reply), at + kLoadingPause);
    next_wait_ = kLoadingPause;
    return wait;
  }
  const ServerSign sign = sign_of(failure);
  if (settings_.out_of_order && failure.retry == Retry::yes &&
      (sign == ServerSign::gone || sign == ServerSign::refusing)) {
    return pause_free(std::move(reply), at);
  }
  ++counted_attempts_;
  if (!adjusted_by_ && failure.kind == FailureKind::bad_request &&
      settings_.backend->adjust(request_, failure)) {
    adjusted_by_ = failure;
    state_ = State::pause;
    paused_at_ = at;
    return SendAgain{};
  }
  RetryPolicy policy = settings_.retry;
  if (failure.most_retries &&
      std::ranges::count(limited_retries_, failure.kind) >= *failure.most_retries) {
    policy.max_retries = 0;
  }
  RetryDecision decision = decide_retry(policy, failure, counted_attempts_, waited_, random_);
  if (decision.again) {
    if (failure.most_retries) {
      limited_retries_.push_back(failure.kind);
    }
    state_ = State::pause;
    paused_at_ = at;
    waited_ += decision.wait;
    if (failure.kind == FailureKind::rate_limited) {
      throttled_ += decision.wait;
    }
    next_wait_ = decision.wait;
    last_reply_ = std::move(reply);
    return WaitUntil{.at = at + decision.wait, .cause = *last_reply_.failure, .free = false};
  }
  if (!decision.why_not.empty()) {
    reply.failure->message += "; " + decision.why_not;
  }
  return complete(std::move(reply));
}

bool TrialDriver::time_limit_hit(const backend::Reply& reply) const noexcept {
  return reply.failure && (reply.failure->kind == FailureKind::total_timeout ||
                           reply.failure->kind == FailureKind::first_token_timeout);
}

Step TrialDriver::complete(backend::Reply reply) {
  state_ = State::done;
  TrialResult result;
  result.time_limit = time_limit_hit(reply);
  result.timing = chat::derive_timing(stamps_, reply.completion.usage.completion_tokens);
  result.queued = stamps_.queued;
  result.ready = stamps_.ready;
  if (attempts_.size() > 1 && stamps_.end && !reply.failure) {
    const Duration tail = result.timing.tail.value_or(Duration{0});
    result.timing.eventual = *stamps_.end - tail - *first_began_;
    result.timing.throttled = throttled_;
  }
  if (stamps_.ready) {
    const Duration waited = *stamps_.ready - stamps_.queued - stamps_.connect.value_or(Duration{0});
    result.client_queue = std::max(waited, Duration{0});
  }
  result.completion = std::move(reply.completion);
  result.failure = std::move(reply.failure);
  result.attempts = std::move(attempts_);
  result.warnings = std::move(reply.warnings);
  result.simulated = reply.simulated;
  result.suspended = slept_;
  decoder_.reset();
  return Done{std::move(result)};
}

}  // namespace faceoff::run
