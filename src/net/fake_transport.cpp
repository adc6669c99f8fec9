#include <faceoff/base/check.h>
#include <faceoff/net/fake_transport.h>

#include <algorithm>
#include <utility>

namespace faceoff::net {

FakeTransport::FakeTransport(ManualClock& clock, Script script)
    : clock_(clock), script_(std::move(script)) {}

void FakeTransport::start(TransferId id, HttpRequest request) {
  std::size_t slot = slots_.size();
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  const bool fresh = live_.emplace(id, slot).second;
  FACEOFF_CHECK(fresh, "a transfer of this id is in flight");
  max_in_flight_ = std::max(max_in_flight_, live_.size());
  ++started_;
  std::vector<Step> steps = script_(id, request);
  if (!std::ranges::is_sorted(steps, {}, &Step::after)) {
    std::ranges::stable_sort(steps, {}, &Step::after);
  }
  slots_[slot] = Running{id, started_, clock_.now(), 0, std::move(steps)};
  push_next(slot);
}

void FakeTransport::cancel(TransferId id) {
  if (const auto found = live_.find(id); found != live_.end()) {
    release(found->second);
  }
}

std::span<const Event> FakeTransport::poll(TimePoint until) {
  events_.clear();
  while (!pending_.empty() && slots_[pending_.front().slot].order != pending_.front().order) {
    pop();
  }
  if (pending_.empty() || pending_.front().at > until) {
    if (until != kNever) {
      clock_.advance_to(until);
    }
    return events_;
  }
  clock_.advance_to(pending_.front().at);
  const TimePoint now = clock_.now();
  while (!pending_.empty() && pending_.front().at <= now) {
    const Pending due = pending_.front();
    pop();
    if (slots_[due.slot].order == due.order) {
      take_step(due.slot);
    }
  }
  return events_;
}

void FakeTransport::push_next(std::size_t slot) {
  const Running& running = slots_[slot];
  if (running.next < running.steps.size()) {
    const TimePoint at = running.started + running.steps[running.next].after;
    pending_.push_back(Pending{at, running.order, slot});
    std::ranges::push_heap(pending_, Later{});
  }
}

void FakeTransport::pop() {
  std::ranges::pop_heap(pending_, Later{});
  pending_.pop_back();
}

void FakeTransport::take_step(std::size_t slot) {
  Running& running = slots_[slot];
  Step& step = running.steps[running.next];
  ++running.next;
  events_.push_back(Event{running.id, running.started + step.after, std::move(step.what)});
  const auto& what = events_.back().what;
  if (std::holds_alternative<Finished>(what) || std::holds_alternative<Failed>(what)) {
    release(slot);
  } else {
    push_next(slot);
  }
}

void FakeTransport::release(std::size_t slot) {
  live_.erase(slots_[slot].id);
  slots_[slot] = Running{};
  free_.push_back(slot);
}

}  // namespace faceoff::net
