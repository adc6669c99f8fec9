#pragma once

#include <faceoff/backend/backend.h>
#include <faceoff/backend/price.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/histogram.h>
#include <faceoff/base/result.h>
#include <faceoff/net/transport.h>
#include <faceoff/run/policy.h>
#include <faceoff/run/score_pool.h>
#include <faceoff/store/answers.h>
#include <faceoff/store/questions.h>
#include <faceoff/store/record.h>
#include <faceoff/store/run_folder.h>
#include <faceoff/suite/suite.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::run {

// One backend of a run.
struct Lane {
  const backend::Backend* backend = nullptr;  // outlives the run
  // Only asked by scorers: it gets no case of its own.
  bool judges_only = false;
  chat::Params params;  // under those of the suite
  // Greatest number in flight. The present one is lower after the server said that it is too many,
  // and at the start for a backend that is not local: the first request goes alone.
  std::int64_t concurrency = 4;
  Deadlines deadlines;
  RetryPolicy retry;
  BreakerPolicy breaker;
  RateSettings rates;
  bool managed = false;                // a server of ours, which may still be starting
  net::Reach reach = net::Reach::any;  // loopback: nothing may leave this machine
  // Asked now and then while requests fail: why our own server is gone, or nullopt.
  std::function<std::optional<std::string>()> post_mortem;

  // What an answer costs, for the record and for Limits::cost; absent: not known, never 0.
  std::optional<backend::Price> price;
  // Where the answers come from instead of a server (a replay); nothing is sent. Outlives the run.
  store::AnswerSource* answers = nullptr;
  // A run that is scored anew keeps what belongs to its answers: latency figures and attempts. A
  // replay drops them, and its records say `cached`.
  bool keeps_timing = false;
  // Asked before a request is sent, and told of complete answers; outlives the run.
  store::AnswerCache* cache_read = nullptr;
  store::AnswerCache* cache_write = nullptr;
  // Stands in the keys of both for the address where that says nothing of the model: the port of a
  // server of ours is another one each time.
  std::string cache_identity = {};
  // Of a run that goes on: its own answers, for those that a judge has not settled yet.
  store::AnswerSource* recorded = nullptr;
};

// Where a run ends early by the user's wish. Trials in flight are waited for, no new ones are sent.
struct Limits {
  std::optional<Duration> time;  // of the whole run
  std::optional<Money> cost;     // of all lanes that have a price
};

// What the user did; set from signal handlers. drain: no new requests, answers in flight are waited
// for. cancel: those are given up too.
struct StopSignal {
  std::atomic<bool> drain{false};
  std::atomic<bool> cancel{false};
  // How often the process went on after a stop (SIGCONT).
  std::atomic<std::uint64_t> continued{0};
};

// Where finished trials go. Called from the thread that runs run().
class Sink {
 public:
  virtual ~Sink() = default;
  // An error stops the run: no further request is paid for. A record that `awaits` a verdict may be
  // followed by another one of its trial; one that was `asked_for` is a question of a scorer.
  // `line`: what store::to_line() gives for it, made beside the loop; empty: not made.
  [[nodiscard]] virtual Status append(const store::Record& record, std::string_view line) = 0;
  // Before it returns, all that was appended is safe. Called before the run waits for answers or
  // sends anything.
  [[nodiscard]] virtual Status flush() { return {}; }
};

// A trial as its user names it, while its requests go out and come back.
struct TrialName {
  std::uint64_t id = 0;  // of the trial within this invocation
  std::size_t lane = 0;
  std::string_view case_id;  // valid during the call
  std::int32_t repeat = 0;
  std::int32_t attempt = 0;  // from 1
};

// Watches a run; called from the thread that runs run(). Lanes are numbered in their order.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void trial_started(std::size_t /*lane*/) {}
  // One HTTP try: it leaves, its first token comes (where there is a stream), it is over.
  virtual void request_started(const TrialName& /*trial*/) {}
  virtual void first_token(const TrialName& /*trial*/) {}
  virtual void request_ended(const TrialName& /*trial*/,
                             const std::optional<backend::Failure>& /*failure*/) {}
  // A retry will be made after `wait`.
  virtual void trial_waits(const TrialName& /*trial*/,
                           Duration /*wait*/,
                           const backend::Failure& /*cause*/) {}
  // Nothing new is sent to this backend for `wait`: it is out of order and will be probed then, or
  // a quota is used up. Until lane_goes_on() or the next call.
  virtual void lane_waits(std::size_t /*lane*/, Duration /*wait*/, const std::string& /*why*/) {}
  virtual void lane_goes_on(std::size_t /*lane*/) {}
  virtual void concurrency_changed(std::size_t /*lane*/,
                                   std::int64_t /*limit*/,
                                   const std::string& /*why*/) {}
  // The process was stopped or the machine slept for so long.
  virtual void slept(Duration /*lost*/) {}
  virtual void trial_finished(std::size_t /*lane*/, const store::Record& /*record*/) {}
  // A scorer's question to this backend has been answered, or has failed.
  virtual void question_finished(std::size_t /*lane*/, const store::Record& /*record*/) {}
  virtual void lane_stopped(std::size_t /*lane*/, const std::string& /*why*/) {}
  // At most every 100 ms of `now`.
  virtual void tick(TimePoint /*now*/) {}
};

struct Plan {
  const suite::Suite* suite = nullptr;
  std::string suite_name;
  std::string run;  // for Record::run
  std::vector<Lane> lanes;
  // Trials that need not be sent: recorded in an earlier invocation.
  std::function<bool(const store::TrialKey&)> is_done;  // empty: none
  // Of the others, those that have an answer and only wait for a judge.
  std::function<bool(const store::TrialKey&)> awaits;  // empty: none
  // What judges have said before; asked first. Outlives the run.
  store::Questions* questions = nullptr;
  // False: scorers ask nobody. A question that `questions` does not know fails.
  bool asks = true;
  // Which cases take part; empty: all.
  std::function<bool(const suite::Case&)> selects;
  std::uint64_t limit = 0;  // at most so many cases; 0: all
  std::int32_t repeat = 0;  // instead of the cases' own; 0: theirs
  std::uint64_t seed = 0;
  std::size_t window = 0;  // cases in memory at a time; 0: chosen from the concurrency
  std::size_t score_threads = 2;
  // How scorers have programs run, and how many at a time; empty: they leave answers unscored.
  OutsideFactory outside;
  std::size_t outside_threads = 1;
  Limits limits;
};

// Why run() came back, beside errors.
enum class Ending : std::uint8_t { complete, drained, cancelled, stopped, budget };

struct LaneTally {
  std::uint64_t planned = 0;   // trials of this backend, those recorded earlier included
  std::uint64_t finished = 0;  // recorded by this invocation
  std::uint64_t failed = 0;    // ... of them failed
  std::uint64_t reused = 0;    // recorded earlier
  std::uint64_t withheld = 0;  // local-only cases on a remote backend
  std::uint64_t retries = 0;
  std::uint64_t questions = 0;         // of scorers, answered by this backend now
  std::uint64_t questions_failed = 0;  // ... and not answered
  std::uint64_t questions_known = 0;   // answered before, nothing sent
  Money cost;                          // of this invocation, where a price is set
  bool cost_estimated = false;         // some answers came without usage
  std::optional<std::string> stopped;  // why no further requests were sent
  std::uint64_t from_store = 0;        // answered by a replay or a cache, nothing sent
  std::uint64_t suspended = 0;         // in flight while we slept
  std::vector<store::ConcurrencyChange> concurrency_history;
};

struct Tally {
  Ending ending = Ending::complete;
  std::vector<LaneTally> lanes;
  std::uint64_t cases = 0;
  std::uint64_t questions_missing = 0;  // with Plan::asks off: not known, so not answered
  Duration max_loop_lag{0};
  DurationHistogram loop_lags;  // of every socket that was ready
  DurationHistogram gaps;       // pauses between token events of answers that came over the wire
  std::uint64_t token_events = 0;
  std::uint64_t coalesced = 0;      // of the gaps: both events in one read
  std::uint64_t kernel_stamps = 0;  // of the token events
  std::string budget;          // which limit ended the run: "$2.00 of the limit of $2.00 are spent"
  std::size_t max_window = 0;  // greatest number of trials in memory at a time
};

// Runs every trial of the plan and hands each finished one to the sink. The suite has been checked
// before; a mistake met now is an error of kind usage. Memory holds at most `window` cases.
// Errors: of the sink (the log is whole up to there), or reading the suite.
[[nodiscard]] Result<Tally> run(const Plan& plan,
                                net::Transport& transport,
                                const Clock& clock,
                                Sink& sink,
                                Observer& observer,
                                const StopSignal& stop);

// Asks every backend whether it is ready and who it is, waiting up to its `start_up` limit for one
// that is still loading (a managed one may also refuse connections meanwhile). A backend that does
// not answer has an error instead: transport when it cannot be reached, rejected for a wrong key or
// model.
[[nodiscard]] std::vector<Result<backend::Identity>> identify(const std::vector<Lane>& lanes,
                                                              net::Transport& transport,
                                                              const Clock& clock,
                                                              const StopSignal& stop);

}  // namespace faceoff::run
