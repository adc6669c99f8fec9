#include "engine.h"

#include <algorithm>

namespace faceoff::load {
namespace {

constexpr Duration kLongestWait = std::chrono::milliseconds(100);
constexpr Duration kPreconnectLimit = std::chrono::seconds(10);

}  // namespace

Engine::Engine(const Stage& stage,
               const std::vector<Target>& targets,
               const PromptSource& prompts,
               net::Transport& transport,
               const Clock& clock,
               const run::StopSignal& stop,
               const OnAnswer& on_answer)
    : stage_(stage),
      prompts_(prompts),
      transport_(transport),
      clock_(clock),
      stop_(stop),
      on_answer_(on_answer),
      random_(stage.seed) {
  lanes_.resize(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    Lane& lane = lanes_[i];
    lane.target = &targets[i];
    lane.settings.backend = targets[i].backend;
    lane.settings.deadlines = targets[i].deadlines;
    // Every answer is a measurement of its own: a failed one is counted, not asked again.
    lane.settings.retry.max_retries = 0;
    lane.settings.deadlines.start_up = Duration{0};
    lane.settings.reach = targets[i].reach;
    lane.settings.stamp_source = transport.stamp_source();
    if (stage.mode == Mode::open) {
      lane.arrivals.emplace(stage.arrival, stage.rate, stage.seed * 31 + i);
    }
  }
}

// Opens as many connections as there will be requests in flight, with a probe on each: name
// look-up, handshakes and TLS sessions are then in no figure.
Status Engine::preconnect() {
  constexpr std::int64_t kMost = 1024;
  std::set<net::TransferId> open;
  for (const Lane& lane : lanes_) {
    const auto probes = lane.target->backend->probes();
    if (probes.empty()) {
      continue;
    }
    const double expected = stage_.mode == Mode::open ? stage_.rate : 1.0;
    const auto wanted = stage_.mode == Mode::closed
                            ? stage_.concurrency
                            : std::max<std::int64_t>(1, static_cast<std::int64_t>(expected));
    for (std::int64_t n = std::min(wanted, kMost); n > 0; --n) {
      net::HttpRequest request = probes.front().request;
      request.reach = lane.target->reach;
      transport_.start(next_id_, std::move(request));
      open.insert(next_id_++);
    }
  }
  const TimePoint limit = clock_.now() + kPreconnectLimit;
  while (!open.empty() && clock_.now() < limit && !stop_.drain.load()) {
    const auto events = transport_.poll(limit);
    for (const auto& event : events) {
      if (std::holds_alternative<net::Finished>(event.what) ||
          std::holds_alternative<net::Failed>(event.what)) {
        open.erase(event.id);
      }
    }
    if (events.empty() && clock_.now() < limit &&
        transport_.stamp_source() == chat::StampSource::none) {
      break;  // virtual time with nothing on its way
    }
  }
  for (const net::TransferId id : open) {
    transport_.cancel(id);
  }
  static_cast<void>(transport_.take_lags());
  return {};
}

bool Engine::is_over(const Lane& lane, TimePoint now) const {
  if (lane.issued >= stage_.warmup + stage_.requests) {
    return true;
  }
  return stage_.duration && lane.measuring_since && now - *lane.measuring_since >= *stage_.duration;
}

bool Engine::may_start(const Lane& lane, TimePoint now) const {
  if (is_over(lane, now)) {
    return false;
  }
  return stage_.mode == Mode::open
             ? lane.next && *lane.next <= now && lane.in_flight < stage_.max_in_flight
             : lane.in_flight < stage_.concurrency;
}

Status Engine::start_serial(TimePoint now) {
  while (flights_.empty()) {
    if (turns_.empty()) {
      for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if (!is_over(lanes_[i], now)) {
          turns_.push_back(i);
        }
      }
      for (std::size_t i = turns_.size(); i > 1; --i) {
        std::swap(turns_[i - 1], turns_[random_.below(i)]);
      }
    }
    if (turns_.empty()) {
      return {};
    }
    const std::size_t lane = turns_.front();
    turns_.pop_front();
    FACEOFF_TRY(start(lane, now));
  }
  return {};
}

Status Engine::start_due(TimePoint now) {
  if (stop_.drain.load()) {
    return {};
  }
  if (stage_.mode == Mode::serial) {
    return start_serial(now);
  }
  bool any = true;
  while (any) {
    any = false;
    // One each in turn: no target is ahead of another by more than a request.
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      Lane& lane = lanes_[i];
      if (!may_start(lane, now)) {
        continue;
      }
      any = true;
      const TimePoint planned = stage_.mode == Mode::open ? *lane.next : now;
      FACEOFF_TRY(start(i, planned));
      if (lane.arrivals) {
        lane.next = result_.began + lane.arrivals->next();
      }
    }
  }
  return {};
}

Status Engine::start(std::size_t index, TimePoint planned) {
  Lane& lane = lanes_[index];
  const std::uint64_t number = lane.issued++;
  if (number >= stage_.warmup) {
    lane.measuring_since = lane.measuring_since.value_or(planned);
    lane.last_issued = clock_.now();
  }
  ++lane.in_flight;
  chat::Request request = prompt_for(prompts_, number);
  request.params = chat::merge(request.params, lane.target->params);
  const std::uint64_t id = next_id_++;
  Flight& flight = flights_[id];
  flight.lane = index;
  flight.number = number;
  flight.planned = planned;
  flight.driver = std::make_unique<run::TrialDriver>(lane.settings, std::move(request), id);
  if (lane.adjusted_by) {
    flight.driver->adjust_from_start(*lane.adjusted_by);
  }
  return begin(id, flight);
}

Status Engine::begin(std::uint64_t id, Flight& flight) {
  auto http = flight.driver->begin(clock_.now(), clock_.utc_now());
  if (!http) {
    return tl::make_unexpected(
        with_context(std::move(http).error(), lanes_[flight.lane].target->backend->name()));
  }
  transport_.start(id, *std::move(http));
  watch(id, flight);
  return {};
}

void Engine::watch(std::uint64_t id, Flight& flight) {
  deadlines_.erase({flight.watched, id});
  flight.watched = flight.driver->deadline();
  if (flight.watched != kNever) {
    deadlines_.emplace(flight.watched, id);
  }
}

Status Engine::on_event(const net::Event& event) {
  const auto it = flights_.find(event.id);
  if (it == flights_.end()) {
    return {};
  }
  Flight& flight = it->second;
  const auto before = flight.driver->state();
  run::Step step = flight.driver->on_event(event, clock_.utc_now());
  // Within a state the deadline only moves later; expire() asks again.
  if (flight.driver->state() != before && flight.driver->in_attempt()) {
    watch(event.id, flight);
  }
  return handle(event.id, std::move(step));
}

Status Engine::expire(TimePoint now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const std::uint64_t id = deadlines_.begin()->second;
    Flight& flight = flights_.at(id);
    if (flight.driver->deadline() > now) {
      watch(id, flight);
      continue;
    }
    transport_.cancel(id);
    FACEOFF_TRY(handle(id, flight.driver->on_deadline(now, clock_.utc_now())));
  }
  return {};
}

Status Engine::handle(std::uint64_t id, run::Step step) {
  if (std::holds_alternative<run::Continue>(step)) {
    return {};
  }
  Flight& flight = flights_.at(id);
  if (std::holds_alternative<run::SendAgain>(step)) {
    lanes_[flight.lane].adjusted_by = flight.driver->adjusted_by();
    return begin(id, flight);
  }
  if (std::holds_alternative<run::WaitUntil>(step)) {
    finish(id, flight.driver->give_up().result);
    return {};
  }
  finish(id, std::move(std::get<run::Done>(step).result));
  return {};
}

void Engine::finish(std::uint64_t id, run::TrialResult result) {
  const auto it = flights_.find(id);
  Flight flight = std::move(it->second);
  flights_.erase(it);
  deadlines_.erase({flight.watched, id});
  --lanes_[flight.lane].in_flight;
  take_sample(flight, std::move(result));
}

void Engine::cancel_all() {
  for (auto& [id, flight] : flights_) {
    transport_.cancel(id);
    take_sample(flight, flight.driver->cancel(clock_.now(), clock_.utc_now()).result);
  }
  flights_.clear();
  deadlines_.clear();
}

TimePoint Engine::wake_at(TimePoint now) const {
  TimePoint until = now + kLongestWait;
  if (!deadlines_.empty()) {
    until = std::min(until, deadlines_.begin()->first);
  }
  for (const Lane& lane : lanes_) {
    if (lane.next && !is_over(lane, now) && *lane.next > now) {
      until = std::min(until, *lane.next);
    }
  }
  return until;
}

Result<StageResult> Engine::run() {
  if (stage_.preconnect) {
    FACEOFF_TRY(preconnect());
  }
  result_.began = clock_.now();
  for (Lane& lane : lanes_) {
    if (lane.arrivals) {
      lane.next = result_.began + lane.arrivals->next();
    }
  }
  while (true) {
    if (stop_.cancel.load()) {
      cancel_all();
    }
    const TimePoint now = clock_.now();
    FACEOFF_TRY(expire(now));
    FACEOFF_TRY(start_due(now));
    const bool all_issued =
        stop_.drain.load() ||
        std::ranges::all_of(lanes_, [&](const Lane& lane) { return is_over(lane, now); });
    if (all_issued && flights_.empty()) {
      break;
    }
    for (const auto& event : transport_.poll(wake_at(now))) {
      FACEOFF_TRY(on_event(event));
    }
  }
  result_.ended = clock_.now();
  result_.stopped = stop_.drain.load();
  result_.signs.loop_lags = transport_.take_lags();
  mark_drain();
  return std::move(result_);
}

void Engine::mark_drain() {
  for (Sample& sample : result_.samples) {
    const auto& last = lanes_[sample.target].last_issued;
    if (sample.phase == Phase::measure && last && sample.last > *last) {
      sample.phase = Phase::drain;
    }
  }
}

Result<StageResult> run_stage(const Stage& stage,
                              const std::vector<Target>& targets,
                              const PromptSource& prompts,
                              net::Transport& transport,
                              const Clock& clock,
                              const run::StopSignal& stop,
                              const OnAnswer& on_answer) {
  return Engine(stage, targets, prompts, transport, clock, stop, on_answer).run();
}

}  // namespace faceoff::load
