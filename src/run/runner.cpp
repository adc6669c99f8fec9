#include "runner_impl.h"

#include <algorithm>
#include <utility>

namespace faceoff::run {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr std::size_t kWindowBase = 64;
// A turn of the loop may take a while when the disk is slow to sync; waiting for events may not.
constexpr Duration kLongestTurn = std::chrono::seconds(8);

std::vector<std::int64_t> limits_of(const Plan& plan) {
  std::vector<std::int64_t> limits;
  for (const auto& lane : plan.lanes) {
    limits.push_back(lane.concurrency);
  }
  return limits;
}

}  // namespace

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
      outside_pool_(
          plan.score_threads == 0 ? 0 : plan.outside_threads,
          [&transport] { transport.wake(); },
          plan.outside ? ScorePool::MakeOutside([this] { return plan_.outside(cancel_outside_); })
                       : nullptr),
      feed_(plan),
      budget_(plan.limits, clock.now()),
      sleep_watch_(clock.asleep()),
      window_(plan.window),
      expected_(clock.now()) {
  std::size_t concurrency = 0;
  lanes_.reserve(plan.lanes.size());
  for (const auto& lane : plan.lanes) {
    const TrialSettings settings{.backend = lane.backend,
                                 .deadlines = lane.deadlines,
                                 .retry = lane.retry,
                                 .reach = lane.reach,
                                 .stamp_source = transport.stamp_source()};
    TrialSettings local_settings = settings;
    local_settings.reach = net::Reach::loopback;
    lanes_.push_back({.settings = settings,
                      .local_settings = local_settings,
                      .control = LaneControl(lane, lanes_.size(), observer, clock.now()),
                      .meter = CostMeter(lane.price)});
    concurrency += static_cast<std::size_t>(std::max<std::int64_t>(lane.concurrency, 1));
  }
  if (window_ == 0) {
    window_ = kWindowBase + 4 * concurrency;
  }
  tally_.lanes.resize(plan.lanes.size());
}

Status Runner::record_scored() {
  scored_.clear();
  pool_.take(scored_);
  outside_pool_.take(scored_);
  for (auto& scoring : scored_) {
    FACEOFF_TRY(on_scored(std::move(scoring)));
  }
  return settle_lost();
}

Status Runner::record(store::Record record, std::string_view line) {
  const auto is_lane = [&](const Lane& lane) { return lane.backend->name() == record.backend; };
  const auto lane = static_cast<std::size_t>(
      std::distance(plan_.lanes.begin(), std::ranges::find_if(plan_.lanes, is_lane)));
  FACEOFF_TRY(sink_.append(record, line));
  ++tally_.lanes[lane].finished;
  tally_.lanes[lane].failed += record.outcome == score::Outcome::failed ? 1U : 0U;
  observer_.trial_finished(lane, record);
  return {};
}

void Runner::stop_lane(std::size_t lane, const std::string& why, Tried tried) {
  if (tally_.lanes[lane].stopped) {
    return;
  }
  tally_.lanes[lane].stopped = why;
  lanes_[lane].gave_up = tried == Tried::record;
  for (const TrialId id : scheduler_.stop_lane(lane)) {
    if (tried == Tried::record && flights_.at(id).started) {
      tried_.push_back(id);
    } else {
      lose(id, why);
    }
  }
  observer_.lane_stopped(lane, why);
}

Status Runner::give_up_tried() {
  for (const TrialId id : std::exchange(tried_, {})) {
    Flight flight = std::move(flights_.at(id));
    flights_.erase(id);
    Done done = flight.driver.give_up();
    FACEOFF_TRY(finish(std::move(flight), std::move(done.result), false));
  }
  return {};
}

void Runner::drop(const std::vector<TrialId>& trials) {
  for (const TrialId id : trials) {
    lose(id, {});
  }
}

bool Runner::all_lanes_stopped() const {
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (!plan_.lanes[lane].judges_only && !tally_.lanes[lane].stopped) {
      return false;
    }
  }
  return true;
}

void Runner::cancel_all() {
  cancel_outside_ = true;
  for (const auto& [id, flight] : flights_) {
    transport_.cancel(id);
  }
  // What waits for a verdict stands in the log.
  flights_.clear();
  rounds_.clear();
  groups_.clear();
  lost_.clear();
}

void Runner::drain(Ending ending) {
  draining_ = true;
  reading_ = false;
  drop(scheduler_.stop_all());
  tally_.ending = ending;
}

void Runner::heed_stop_signal() {
  if (!draining_ && (stop_.drain.load() || stop_.cancel.load())) {
    drain(Ending::drained);
  }
  if (stop_.cancel.load()) {
    cancel_all();
    tally_.ending = Ending::cancelled;
  }
}

Status Runner::heed_limits() {
  const TimePoint now = clock_.now();
  if (draining_ || budget_.ask(now) != Budget::Word::over) {
    return {};
  }
  bool more = false;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    more = more || scheduler_.waiting(lane) > 0;
  }
  // A limit that is reached with the last answer has cut nothing off.
  if (!more && reading_ && !all_lanes_stopped()) {
    FACEOFF_TRY_ASSIGN(const auto next, feed_.next());
    more = next != nullptr;
    reading_ = false;
  }
  if (more) {
    tally_.budget = budget_.why(now);
    drain(Ending::budget);
  }
  return {};
}

void Runner::update_lanes(TimePoint now) {
  const auto word = budget_.ask(now);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const bool too_dear = word == Budget::Word::wait && lanes_[i].meter.has_price();
    const bool too_late = word == Budget::Word::over;
    scheduler_.hold(i, too_dear || too_late ? kNever : lanes_[i].control.earliest());
    scheduler_.set_limit(i, lanes_[i].control.limit());
  }
}

Status Runner::step_until_waiting(TimePoint& until, bool& finished) {
  const std::function<TimePoint(TrialId)> deadline_of = [this](TrialId id) {
    const auto it = flights_.find(id);
    return it == flights_.end() ? kNever : it->second.driver.deadline();
  };
  while (true) {
    const TimePoint now = clock_.now();
    update_lanes(now);
    const auto action = scheduler_.step(now, deadline_of);
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

Status Runner::turn(bool& over) {
  TimePoint until = kNever;
  bool finished = false;
  FACEOFF_TRY(heed_limits());
  FACEOFF_TRY(pull_cases());
  look_for_sleep(expected_ + kLongestTurn);
  FACEOFF_TRY(step_until_waiting(until, finished));
  look_after_suspects(until);
  const bool suspicion = std::ranges::any_of(
      lanes_, [](const LaneState& lane) { return lane.suspect_until.has_value(); });
  const bool cancelled = tally_.ending == Ending::cancelled;
  over = (finished || cancelled) && nothing_waits() && !reading_ && !suspicion;
  FACEOFF_TRY(sink_.flush());
  pool_.hand_over();
  outside_pool_.hand_over();
  if (over) {
    return {};
  }
  const TimePoint now = clock_.now();
  // A lane that just emptied lets the window move on at once, and so do scores that are there.
  const bool more =
      finished && !suspicion && (plan_.score_threads == 0 || (reading_ && scoring() == 0));
  const TimePoint end = budget_.end() > now ? budget_.end() : kNever;
  expected_ = more ? now : std::min({until, end, now + kTick});
  const auto events = transport_.poll(expected_);
  look_for_sleep(std::max(expected_, now));
  for (const auto& event : events) {
    FACEOFF_TRY(on_event(event));
  }
  FACEOFF_TRY(record_scored());
  tally_.max_loop_lag = std::max(tally_.max_loop_lag, transport_.take_max_lag());
  expected_ = clock_.now();
  if (expected_ >= next_tick_) {
    next_tick_ = expected_ + kTick;
    observer_.tick(expected_);
  }
  return {};
}

Tally Runner::conclude() {
  if (tally_.ending == Ending::complete &&
      std::ranges::any_of(tally_.lanes, [](const LaneTally& t) { return t.stopped.has_value(); })) {
    tally_.ending = Ending::stopped;
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (plan_.lanes[i].answers == nullptr) {
      tally_.lanes[i].concurrency_history = lanes_[i].control.history();
    }
  }
  tally_.cases = feed_.count();
  tally_.loop_lags = transport_.take_lags();
  return std::move(tally_);
}

Result<Tally> Runner::run() {
  bool over = false;
  while (!over) {
    heed_stop_signal();
    if (Status status = turn(over); !status) {
      cancel_all();
      // What came before the error; the error itself may be the sink's own.
      static_cast<void>(sink_.flush());
      return tl::make_unexpected(std::move(status).error());
    }
  }
  return conclude();
}

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
