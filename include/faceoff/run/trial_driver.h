#pragma once

#include <faceoff/backend/backend.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/random.h>
#include <faceoff/chat/timing.h>
#include <faceoff/net/transport.h>
#include <faceoff/run/policy.h>
#include <faceoff/store/record.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace faceoff::run {

// What all trials of one backend share.
struct TrialSettings {
  const backend::Backend* backend = nullptr;  // outlives the trials
  Deadlines deadlines;
  RetryPolicy retry;
  // Requests to a stand-in or a managed server may reach loopback only.
  net::Reach reach = net::Reach::any;
  chat::StampSource stamp_source = chat::StampSource::loop;  // the transport's best
  // The backend is out of order just now: a trial that meets this waits without using up a retry.
  bool out_of_order = false;
};

// What one attempt brought, beside its place in the trial.
struct AttemptEnd {
  std::optional<backend::Failure> failure;
  int http_status = 0;
  chat::Usage usage;
  std::size_t answer_bytes = 0;  // of text that came, for an estimate where usage is missing
  std::optional<backend::RateLimits> rates;
};

// How a trial ended, before it is scored.
struct TrialResult {
  chat::Completion completion;
  std::optional<backend::Failure> failure;  // of the last attempt
  bool time_limit = false;  // the failure is a limit of ours that the model ran into
  chat::Timing timing;
  Duration client_queue{0};  // of the last attempt: from us to the wire, connecting apart
  TimePoint queued{};        // of the last attempt
  std::optional<TimePoint> ready{};
  std::vector<store::Attempt> attempts;
  std::vector<std::string> warnings;
  bool simulated = false;
  bool suspended = false;  // we slept during the last attempt: no figure of `timing` holds
};

// What the owner of the driver is to do next.
struct Continue {};   // nothing; ask deadline() again
struct SendAgain {};  // call begin() at once
struct WaitUntil {    // call begin() at `at`
  TimePoint at;
  backend::Failure cause;
  // No retry is used up: the server is loading or out of order, or we slept.
  bool free = false;
};
struct Done {
  TrialResult result;
};
using Step = std::variant<Continue, SendAgain, WaitUntil, Done>;

// One trial as an explicit state machine: attempts, deadlines, retries, stamps. Pure: fed with
// events and `now`, it does no I/O and reads no clock.
//
//   idle -> connecting -> waiting -> streaming -> done
//              ^             |           |
//              +-- pause <---+-----------+
class TrialDriver {
 public:
  enum class State : std::uint8_t { idle, connecting, waiting, streaming, pause, done };

  // `settings` outlives the driver. `seed` makes the jitter repeatable.
  TrialDriver(const TrialSettings& settings, chat::Request request, std::uint64_t seed);

  // The request of the next attempt. REQUIRES: state idle or pause. Error of kind usage: the
  // request cannot be expressed on this wire; the trial is then done.
  [[nodiscard]] Result<net::HttpRequest> begin(TimePoint now, UtcTime utc_now);
  [[nodiscard]] Step on_event(const net::Event& event, UtcTime utc_now);
  // `now` has reached deadline(): the attempt is given up. The owner cancels the transfer.
  [[nodiscard]] Step on_deadline(TimePoint now, UtcTime utc_now);
  // The run is being stopped: ends as failed/cancelled. The owner cancels the transfer.
  [[nodiscard]] Done cancel(TimePoint now, UtcTime utc_now);
  // No further attempt will be made: ends with the failure of the last one.
  // REQUIRES: state pause.
  [[nodiscard]] Done give_up();
  // The process was stopped, or the machine slept, during an attempt: its times are no figures any
  // more, `lost` is taken out of its deadlines, and if it fails for that it is made again without
  // using up a retry. Outside of an attempt nothing happens.
  void on_sleep(Duration lost) noexcept;
  // What the attempt that ended with the last step brought; nullopt when none did.
  [[nodiscard]] std::optional<AttemptEnd> take_ended() noexcept {
    return std::exchange(ended_, std::nullopt);
  }

  // When on_deadline() is due; kNever outside of an attempt.
  [[nodiscard]] TimePoint deadline() const noexcept;
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool in_attempt() const noexcept {
    return state_ == State::connecting || state_ == State::waiting || state_ == State::streaming;
  }
  [[nodiscard]] const chat::Request& request() const noexcept { return request_; }
  // The failure that made the last attempt be sent with other parameters, for trials to come.
  [[nodiscard]] const std::optional<backend::Failure>& adjusted_by() const noexcept {
    return adjusted_by_;
  }
  // Sends with other parameters from the first attempt on, as an earlier trial learnt.
  void adjust_from_start(backend::Failure failure) { adjusted_by_ = std::move(failure); }

 private:
  void on_ready(const net::Ready& ready, TimePoint at);
  void on_bytes(const net::Bytes& bytes, const net::Event& event);
  [[nodiscard]] Step finish_attempt(std::optional<backend::Failure> transport_failure,
                                    TimePoint at,
                                    UtcTime utc_now);
  [[nodiscard]] Step decide(backend::Reply reply, TimePoint at);
  // Pauses until `at` without counting the attempt.
  [[nodiscard]] Step pause_free(backend::Reply reply, TimePoint at);
  [[nodiscard]] Step complete(backend::Reply reply);
  [[nodiscard]] bool time_limit_hit(const backend::Reply& reply) const noexcept;
  void close_attempt(const backend::Reply& reply, TimePoint at);

  const TrialSettings& settings_;
  chat::Request request_;
  Random random_;
  State state_ = State::idle;
  std::unique_ptr<backend::Decoder> decoder_;
  chat::Stamps stamps_;
  // Where deadlines count from; sleep is taken out of them, so they are no stamps.
  TimePoint attempt_began_{};
  TimePoint ready_at_{};
  TimePoint last_token_{};
  TimePoint paused_at_{};
  bool slept_ = false;  // during this attempt
  int http_status_ = 0;
  std::int64_t counted_attempts_ = 0;                  // without those that met a loading server
  std::vector<backend::FailureKind> limited_retries_;  // those of Failure::most_retries
  Duration waited_{0};
  Duration throttled_{0};  // of it, after "too many requests"
  std::optional<TimePoint> first_began_;
  Duration next_wait_{0};
  std::optional<TimePoint> loading_since_;
  std::optional<backend::Failure> adjusted_by_;
  std::vector<store::Attempt> attempts_;
  std::optional<AttemptEnd> ended_;
  backend::Reply last_reply_;  // while in pause
};

}  // namespace faceoff::run
