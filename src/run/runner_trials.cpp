// From the first attempt of a trial to its end.

#include "runner_impl.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

// A killed server's sockets close before the kernel lets its parent see the end of the process, so
// that the cause of a broken connection is looked for a little longer.
constexpr Duration kSuspicion = std::chrono::milliseconds(500);
constexpr Duration kSuspicionPoll = std::chrono::milliseconds(5);
constexpr int kFirstErrorStatus = 400;
// A stop that is shorter than this spoils no latency figure worth having.
constexpr Duration kBlink = std::chrono::milliseconds(250);

}  // namespace

Status Runner::start(TrialId id) {
  Flight& flight = flights_.at(id);
  if (!flight.started) {
    flight.started = true;
    if (!flight.question) {
      observer_.trial_started(flight.lane);
    }
    FACEOFF_TRY_ASSIGN(const bool over, answer_from_cache(id));
    if (over) {
      return {};
    }
    if (const auto& known = lanes_[flight.lane].adjusted_by) {
      flight.driver.adjust_from_start(*known);
    }
  }
  return begin_attempt(id);
}

TrialName Runner::name_of(TrialId id, const Flight& flight) {
  return {.id = id,
          .lane = flight.lane,
          .case_id = flight.ready->item.id,
          .repeat = flight.repeat,
          .attempt = flight.attempts};
}

Status Runner::begin_attempt(TrialId id) {
  Flight& flight = flights_.at(id);
  LaneState& lane = lanes_[flight.lane];
  const TimePoint now = clock_.now();
  auto request = flight.driver.begin(now, clock_.utc_now());
  if (!request) {
    return tl::make_unexpected(
        with_context(std::move(request).error(), plan_.lanes[flight.lane].backend->name()));
  }
  flight.sent = lane.control.on_start(id, flight.driver.request(), now);
  if (budget_.limits_cost()) {
    budget_.reserve(id, lane.meter.estimate(flight.driver.request()));
  }
  ++flight.attempts;
  observer_.request_started(name_of(id, flight));
  transport_.start(id, *std::move(request));
  scheduler_.watch(id, flight.driver.deadline());
  return {};
}

Status Runner::on_event(const net::Event& event) {
  const auto it = flights_.find(event.id);
  if (it == flights_.end()) {
    return {};
  }
  Flight& flight = it->second;
  if (const auto* headers = std::get_if<net::Headers>(&event.what)) {
    lanes_[flight.lane].control.on_headers(headers->status, clock_.now());
  }
  const auto before = flight.driver.state();
  Step step = flight.driver.on_event(event, clock_.utc_now());
  // Within a state the deadline only moves later, and the scheduler asks again by itself.
  if (flight.driver.state() != before) {
    scheduler_.watch(event.id, flight.driver.deadline());
    if (flight.driver.state() == TrialDriver::State::streaming) {
      observer_.first_token(name_of(event.id, flight));
    }
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
  Flight& flight = flights_.at(id);
  settle(id, flight, std::holds_alternative<Done>(step));
  if (std::holds_alternative<SendAgain>(step)) {
    lanes_[flight.lane].adjusted_by = flight.driver.adjusted_by();
    FACEOFF_TRY(begin_attempt(id));
  } else if (const auto* wait = std::get_if<WaitUntil>(&step)) {
    FACEOFF_TRY(on_wait(id, *wait));
  } else {
    FACEOFF_TRY(on_done(id, std::move(std::get<Done>(step).result)));
  }
  return give_up_tried();
}

void Runner::settle(TrialId id, Flight& flight, bool over) {
  const auto ended = flight.driver.take_ended();
  if (!ended) {
    return;
  }
  observer_.request_ended(name_of(id, flight), ended->failure);
  LaneState& lane = lanes_[flight.lane];
  LaneTally& tally = tally_.lanes[flight.lane];
  budget_.release(id);
  if (lane.meter.has_price()) {
    const CostMeter::Spent spent = lane.meter.of(*ended, flight.driver.request());
    budget_.spend(spent);
    tally.cost += spent.money;
    tally.cost_estimated = tally.cost_estimated || spent.estimated;
    if (!spent.estimated && ended->usage != chat::Usage{}) {
      flight.cost = flight.cost.value_or(Money{});
      *flight.cost += spent.money;
    }
  }
  auto outcome = lane.control.on_end(id, *ended, flight.sent, over, clock_.now());
  lane.settings.out_of_order = lane.control.out_of_order();
  lane.local_settings.out_of_order = lane.settings.out_of_order;
  if (ended->failure) {
    if (auto gone = post_mortem(flight.lane, *ended->failure)) {
      outcome = {.stop = std::move(gone), .gave_up = false};
    }
  }
  if (outcome.stop) {
    stop_lane(flight.lane, *outcome.stop, outcome.gave_up ? Tried::record : Tried::drop);
  }
}

Status Runner::on_wait(TrialId id, const WaitUntil& wait) {
  Flight& flight = flights_.at(id);
  if (draining_ || scheduler_.stopped(flight.lane)) {
    scheduler_.finish(id, flight.lane);
    if (!draining_ && lanes_[flight.lane].gave_up) {
      tried_.push_back(id);
    } else {
      // Not recorded: the trial is asked again when the run is resumed.
      lose(id, tally_.lanes[flight.lane].stopped.value_or(""));
    }
    return {};
  }
  if (!wait.free) {
    ++tally_.lanes[flight.lane].retries;
    observer_.trial_waits(name_of(id, flight), wait.at - clock_.now(), wait.cause);
  }
  scheduler_.pause(id, flight.lane, wait.at);
  return {};
}

std::optional<std::string> Runner::post_mortem(std::size_t lane, const backend::Failure& failure) {
  const auto& ask = plan_.lanes[lane].post_mortem;
  if (!ask) {
    return std::nullopt;
  }
  // A server that refused in good order is alive.
  if (failure.http_status < kFirstErrorStatus) {
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
      stop_lane(i, *why, Tried::drop);
    }
    if (tally_.lanes[i].stopped || now >= *suspect_until) {
      suspect_until.reset();
    } else {
      until = std::min(until, now + kSuspicionPoll);
    }
  }
}

void Runner::look_for_sleep(TimePoint expected) {
  auto sleep = sleep_watch_.check(clock_.now(), expected, clock_.asleep());
  // The system says by itself that a stopped process goes on: then no turn is too short to tell.
  if (const std::uint64_t continued = stop_.continued.load(); continued != continued_) {
    continued_ = continued;
    const Duration lost = clock_.now() - expected_;
    if (!sleep && lost >= kBlink) {
      sleep = SleepWatch::Sleep{.lost = lost, .total = lost};
    }
  }
  if (!sleep) {
    return;
  }
  for (auto& [id, flight] : flights_) {
    tally_.lanes[flight.lane].suspended += flight.driver.in_attempt() ? 1U : 0U;
    flight.driver.on_sleep(sleep->lost);
  }
  observer_.slept(sleep->total);
}

Status Runner::on_done(TrialId id, TrialResult result) {
  Flight flight = std::move(flights_.at(id));
  flights_.erase(id);
  scheduler_.finish(id, flight.lane);
  count_events(result);
  FACEOFF_TRY(put_into_cache(flight, result));
  return finish(std::move(flight), std::move(result), false);
}

void Runner::count_events(const TrialResult& result) {
  if (result.suspended) {
    return;
  }
  const chat::Timing& timing = result.timing;
  tally_.token_events += timing.token_events;
  tally_.coalesced += timing.coalesced;
  tally_.kernel_stamps += timing.kernel_stamps;
  for (const double gap : chat::gaps_of(timing)) {
    tally_.gaps.add(from_ms(gap));
  }
}

Status Runner::finish(Flight flight, TrialResult result, bool from_store) {
  if (flight.question) {
    return finish_question(std::move(flight), std::move(result), from_store);
  }
  const Lane& lane = plan_.lanes[flight.lane];
  const bool failed = result.failure.has_value();
  store::Record record =
      make_record(flight.ready->item, flight.driver.request().params, std::move(result));
  record.run = plan_.run;
  record.suite = plan_.suite_name;
  record.backend = lane.backend->name();
  record.repeat = flight.repeat;
  record.cost = flight.cost;
  if (from_store) {
    record.cached = !lane.keeps_timing && !flight.of_then;
    if (flight.of_then) {
      record.cached = flight.of_then->cached;
      record.params = flight.of_then->params.value_or(record.params);
    }
    ++tally_.lanes[flight.lane].from_store;
  } else {
    for (auto& note : lane.backend->left_out(flight.driver.request())) {
      record.warnings.push_back(std::move(note));
    }
  }
  if (failed) {
    FACEOFF_TRY(this->record(std::move(record), {}));
    return join({flight.ready.get(), flight.repeat}, flight.lane, std::nullopt);
  }
  ScorePool& pool = flight.ready->needs_outside ? outside_pool_ : pool_;
  pool.submit({.ready = std::move(flight.ready),
               .record = std::move(record),
               .lane = flight.lane,
               .recorded = flight.recorded});
  return {};
}

}  // namespace faceoff::run
