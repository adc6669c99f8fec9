#include "case_feed.h"
#include "lane_health.h"
#include "trial_record.h"

#include <faceoff/base/digest.h>
#include <faceoff/run/runner.h>
#include <faceoff/run/scheduler.h>
#include <faceoff/run/trial_driver.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr std::size_t kWindowBase = 64;
// A killed server's sockets close before the kernel lets its parent see the end of the process, so
// that the cause of a broken connection is looked for a little longer.
constexpr Duration kSuspicion = std::chrono::milliseconds(500);
constexpr Duration kSuspicionPoll = std::chrono::milliseconds(5);

// One trial between its creation and its record.
struct Flight {
  ReadyCasePtr ready;
  std::size_t lane = 0;
  std::int32_t repeat = 0;
  TrialDriver driver;
  bool started = false;
};

struct LaneState {
  TrialSettings settings;
  LaneHealth health;
  std::optional<backend::Failure> adjusted_by;
  std::optional<TimePoint> suspect_until;  // our own server failed to answer: has it ended?
};

class Runner {
 public:
  Runner(const Plan& plan,
         net::Transport& transport,
         const Clock& clock,
         Sink& sink,
         Observer& observer,
         const StopSignal& stop);

  Result<Tally> run();

 private:
  // Reading the suite.
  Status pull_cases();
  void add_trials(const ReadyCasePtr& ready, std::size_t lane);

  // Driving trials.
  Status start(TrialId id);
  Status handle(TrialId id, Step step);
  Status on_wait(TrialId id, const WaitUntil& wait);
  Status on_done(TrialId id, TrialResult result);
  Status on_event(const net::Event& event);
  Status on_expired(TrialId id);
  [[nodiscard]] std::optional<std::string> post_mortem(std::size_t lane,
                                                       const backend::Failure& failure);
  void look_after_suspects(TimePoint& until);

  // Ending.
  Status record_scored();
  Status record(store::Record record);
  void stop_lane(std::size_t lane, const std::string& why);
  void drop(const std::vector<TrialId>& trials);
  void heed_stop_signal();
  void cancel_all();
  [[nodiscard]] bool all_lanes_stopped() const;
  [[nodiscard]] Status step_until_waiting(TimePoint& until, bool& finished);

  const Plan& plan_;
  net::Transport& transport_;
  const Clock& clock_;
  Sink& sink_;
  Observer& observer_;
  const StopSignal& stop_;

  Scheduler scheduler_;
  ScorePool pool_;
  CaseFeed feed_;
  std::vector<LaneState> lanes_;
  std::unordered_map<TrialId, Flight> flights_;
  std::vector<store::Record> scored_;
  Tally tally_;
  TrialId next_id_ = 1;
  std::size_t window_ = 0;
  bool reading_ = true;
  bool draining_ = false;
  TimePoint next_tick_{};
};

std::vector<std::int64_t> limits_of(const Plan& plan) {
  std::vector<std::int64_t> limits;
  for (const auto& lane : plan.lanes) {
    limits.push_back(lane.concurrency);
  }
  return limits;
}

Runner::Runner(const Plan& plan,
               net::Transport& transport,
               const Clock& clock,
               Sink& sink,
               Observer& observer,
               const StopSignal& stop)
    : plan_(plan),
      transport_(transport),
      clock_(clock),
      sink_(sink),
      observer_(observer),
      stop_(stop),
      scheduler_(limits_of(plan)),
      pool_(plan.score_threads, [&transport] { transport.wake(); }),
      feed_(plan),
      window_(plan.window) {
  std::size_t concurrency = 0;
  for (const auto& lane : plan.lanes) {
    LaneState state;
    state.settings = {.backend = lane.backend,
                      .deadlines = lane.deadlines,
                      .retry = lane.retry,
                      .reach = lane.reach,
                      .stamp_source = transport.stamp_source()};
    lanes_.push_back(std::move(state));
    concurrency += static_cast<std::size_t>(std::max<std::int64_t>(lane.concurrency, 1));
  }
  if (window_ == 0) {
    window_ = kWindowBase + 4 * concurrency;
  }
  tally_.lanes.resize(plan.lanes.size());
}

Status Runner::pull_cases() {
  while (reading_ && flights_.size() + pool_.pending() < window_) {
    ReadyCasePtr ready;
    if (!draining_ && !all_lanes_stopped()) {
      FACEOFF_TRY_ASSIGN(ready, feed_.next());
    }
    reading_ = ready != nullptr;
    for (std::size_t lane = 0; reading_ && lane < lanes_.size(); ++lane) {
      add_trials(ready, lane);
    }
  }
  return {};
}

void Runner::add_trials(const ReadyCasePtr& ready, std::size_t lane) {
  const suite::Case& item = ready->item;
  const Lane& config = plan_.lanes[lane];
  LaneTally& tally = tally_.lanes[lane];
  const std::int32_t repeats = plan_.repeat > 0 ? plan_.repeat : item.repeat;
  if (item.local_only && !config.backend->is_local()) {
    tally.withheld += static_cast<std::uint64_t>(repeats);
    return;
  }
  for (std::int32_t repeat = 0; repeat < repeats; ++repeat) {
    ++tally.planned;
    chat::Request request{.messages = item.messages,
                          .params = chat::merge(config.params, item.params)};
    const store::TrialKey key{.case_id = item.id,
                              .backend = config.backend->name(),
                              .repeat = repeat,
                              .digest = store::request_digest(item.digest, request.params)};
    if (plan_.is_done && plan_.is_done(key)) {
      ++tally.reused;
      continue;
    }
    if (scheduler_.stopped(lane)) {
      continue;
    }
    const std::uint64_t seed =
        plan_.seed ^ fnv1a(fmt::format("{}/{}/{}", item.id, key.backend, repeat));
    const TrialId id = next_id_++;
    flights_.emplace(id,
                     Flight{.ready = ready,
                            .lane = lane,
                            .repeat = repeat,
                            .driver = TrialDriver(lanes_[lane].settings, std::move(request), seed),
                            .started = false});
    scheduler_.add(id, lane);
  }
}

Status Runner::start(TrialId id) {
  Flight& flight = flights_.at(id);
  LaneState& lane = lanes_[flight.lane];
  if (!flight.started) {
    flight.started = true;
    if (lane.adjusted_by) {
      flight.driver.adjust_from_start(*lane.adjusted_by);
    }
    observer_.trial_started(flight.lane);
  }
  auto request = flight.driver.begin(clock_.now(), clock_.utc_now());
  if (!request) {
    return tl::make_unexpected(
        with_context(std::move(request).error(), plan_.lanes[flight.lane].backend->name()));
  }
  transport_.start(id, *std::move(request));
  scheduler_.watch(id, flight.driver.deadline());
  return {};
}

Status Runner::on_event(const net::Event& event) {
  const auto it = flights_.find(event.id);
  if (it == flights_.end()) {
    return {};
  }
  const auto before = it->second.driver.state();
  Step step = it->second.driver.on_event(event, clock_.utc_now());
  // Within a state the deadline only moves later, and the scheduler asks again by itself.
  if (it->second.driver.state() != before) {
    scheduler_.watch(event.id, it->second.driver.deadline());
  }
  return handle(event.id, std::move(step));
}

Status Runner::on_expired(TrialId id) {
  transport_.cancel(id);
  return handle(id, flights_.at(id).driver.on_deadline(clock_.now(), clock_.utc_now()));
}

Status Runner::handle(TrialId id, Step step) {
  if (std::holds_alternative<Continue>(step)) {
    return {};
  }
  if (std::holds_alternative<SendAgain>(step)) {
    lanes_[flights_.at(id).lane].adjusted_by = flights_.at(id).driver.adjusted_by();
    return start(id);
  }
  if (const auto* wait = std::get_if<WaitUntil>(&step)) {
    return on_wait(id, *wait);
  }
  return on_done(id, std::move(std::get<Done>(step).result));
}

Status Runner::on_wait(TrialId id, const WaitUntil& wait) {
  Flight& flight = flights_.at(id);
  if (const auto why = post_mortem(flight.lane, wait.cause)) {
    stop_lane(flight.lane, *why);
  }
  if (draining_ || scheduler_.stopped(flight.lane)) {
    // Not recorded: the trial is asked again when the run is resumed.
    scheduler_.finish(id, flight.lane);
    flights_.erase(id);
    return {};
  }
  ++tally_.lanes[flight.lane].retries;
  observer_.trial_waits(flight.lane, wait.at - clock_.now(), wait.cause);
  scheduler_.pause(id, flight.lane, wait.at);
  return {};
}

std::optional<std::string> Runner::post_mortem(std::size_t lane, const backend::Failure& failure) {
  const auto& ask = plan_.lanes[lane].post_mortem;
  if (!ask) {
    return std::nullopt;
  }
  // A server that refused in good order is alive.
  if (failure.http_status < 400) {
    lanes_[lane].suspect_until = clock_.now() + kSuspicion;
  }
  return ask();
}

void Runner::look_after_suspects(TimePoint& until) {
  const TimePoint now = clock_.now();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& suspect_until = lanes_[i].suspect_until;
    if (!suspect_until) {
      continue;
    }
    if (const auto why = plan_.lanes[i].post_mortem()) {
      stop_lane(i, *why);
    }
    if (tally_.lanes[i].stopped || now >= *suspect_until) {
      suspect_until.reset();
    } else {
      until = std::min(until, now + kSuspicionPoll);
    }
  }
}

Status Runner::on_done(TrialId id, TrialResult result) {
  Flight flight = std::move(flights_.at(id));
  flights_.erase(id);
  scheduler_.finish(id, flight.lane);
  const auto failure = result.failure;
  store::Record record =
      make_record(flight.ready->item, flight.driver.request().params, std::move(result));
  record.suite = plan_.suite_name;
  record.backend = plan_.lanes[flight.lane].backend->name();
  record.repeat = flight.repeat;
  for (auto& note : plan_.lanes[flight.lane].backend->left_out(flight.driver.request())) {
    record.warnings.push_back(std::move(note));
  }
  LaneHealth& health = lanes_[flight.lane].health;
  if (!failure) {
    health.on_answer();
    pool_.submit(std::move(flight.ready), std::move(record));
    return {};
  }
  auto why_stop = health.on_failure(*failure);
  if (const auto gone = post_mortem(flight.lane, *failure)) {
    why_stop = gone;
  }
  if (why_stop) {
    stop_lane(flight.lane, *why_stop);
  }
  return this->record(std::move(record));
}

Status Runner::record_scored() {
  scored_.clear();
  pool_.take(scored_);
  for (auto& record : scored_) {
    FACEOFF_TRY(this->record(std::move(record)));
  }
  return {};
}

Status Runner::record(store::Record record) {
  const auto is_lane = [&](const Lane& lane) { return lane.backend->name() == record.backend; };
  const auto lane = static_cast<std::size_t>(
      std::distance(plan_.lanes.begin(), std::ranges::find_if(plan_.lanes, is_lane)));
  FACEOFF_TRY(sink_.append(record));
  ++tally_.lanes[lane].finished;
  tally_.lanes[lane].failed += record.outcome == score::Outcome::failed ? 1U : 0U;
  observer_.trial_finished(lane, record);
  return {};
}

void Runner::stop_lane(std::size_t lane, const std::string& why) {
  if (tally_.lanes[lane].stopped) {
    return;
  }
  tally_.lanes[lane].stopped = why;
  drop(scheduler_.stop_lane(lane));
  observer_.lane_stopped(lane, why);
}

void Runner::drop(const std::vector<TrialId>& trials) {
  for (const TrialId id : trials) {
    flights_.erase(id);
  }
}

bool Runner::all_lanes_stopped() const {
  return std::ranges::all_of(tally_.lanes,
                             [](const LaneTally& t) { return t.stopped.has_value(); });
}

void Runner::cancel_all() {
  for (const auto& [id, flight] : flights_) {
    transport_.cancel(id);
  }
  flights_.clear();
}

void Runner::heed_stop_signal() {
  if (!draining_ && (stop_.drain.load() || stop_.cancel.load())) {
    draining_ = true;
    reading_ = false;
    drop(scheduler_.stop_all());
    tally_.ending = Ending::drained;
  }
  if (stop_.cancel.load()) {
    cancel_all();
    tally_.ending = Ending::cancelled;
  }
}

Status Runner::step_until_waiting(TimePoint& until, bool& finished) {
  const auto deadline_of = [this](TrialId id) {
    const auto it = flights_.find(id);
    return it == flights_.end() ? kNever : it->second.driver.deadline();
  };
  while (true) {
    const auto action = scheduler_.step(clock_.now(), deadline_of);
    if (const auto* begin = std::get_if<Scheduler::Start>(&action)) {
      FACEOFF_TRY(start(begin->trial));
    } else if (const auto* expired = std::get_if<Scheduler::Expired>(&action)) {
      FACEOFF_TRY(on_expired(expired->trial));
    } else {
      finished = std::holds_alternative<Scheduler::Finished>(action);
      until = finished ? kNever : std::get<Scheduler::Wait>(action).until;
      return {};
    }
  }
}

Result<Tally> Runner::run() {
  while (true) {
    heed_stop_signal();
    TimePoint until = kNever;
    bool finished = false;
    Status status = pull_cases();
    if (status) {
      status = step_until_waiting(until, finished);
    }
    TimePoint suspicion = kNever;
    look_after_suspects(suspicion);
    if (status && (finished || tally_.ending == Ending::cancelled) && pool_.pending() == 0 &&
        !reading_ && suspicion == kNever) {
      break;
    }
    until = std::min(until, suspicion);
    if (status) {
      const TimePoint now = clock_.now();
      // A lane that just emptied lets the window move on at once.
      const bool more = finished && reading_ && pool_.pending() == 0;
      const auto events = transport_.poll(more ? now : std::min(until, now + kTick));
      for (const auto& event : events) {
        status = on_event(event);
        if (!status) {
          break;
        }
      }
    }
    if (status) {
      status = record_scored();
    }
    if (!status) {
      cancel_all();
      return tl::make_unexpected(std::move(status).error());
    }
    tally_.max_loop_lag = std::max(tally_.max_loop_lag, transport_.take_max_lag());
    if (const TimePoint now = clock_.now(); now >= next_tick_) {
      next_tick_ = now + kTick;
      observer_.tick(now);
    }
  }
  if (tally_.ending == Ending::complete &&
      std::ranges::any_of(tally_.lanes, [](const LaneTally& t) { return t.stopped.has_value(); })) {
    tally_.ending = Ending::stopped;
  }
  tally_.cases = feed_.count();
  return std::move(tally_);
}

}  // namespace

Result<Tally> run(const Plan& plan,
                  net::Transport& transport,
                  const Clock& clock,
                  Sink& sink,
                  Observer& observer,
                  const StopSignal& stop) {
  Runner runner(plan, transport, clock, sink, observer, stop);
  return runner.run();
}

}  // namespace faceoff::run
