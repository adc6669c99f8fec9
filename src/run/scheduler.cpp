#include <faceoff/base/check.h>
#include <faceoff/run/scheduler.h>

#include <algorithm>
#include <utility>

namespace faceoff::run {

Scheduler::Scheduler(std::vector<std::int64_t> limits) {
  for (const std::int64_t limit : limits) {
    Lane lane;
    lane.limit = std::max<std::int64_t>(limit, 1);
    lanes_.push_back(std::move(lane));
  }
}

void Scheduler::add(TrialId trial, LaneId lane) {
  FACEOFF_CHECK(!lanes_[lane].stopped, "a trial was added to a stopped lane");
  lanes_[lane].queue.push_back(trial);
}

void Scheduler::pause(TrialId trial, LaneId lane, TimePoint until) {
  watch(trial, kNever);
  --lanes_[lane].in_flight;
  ++lanes_[lane].paused;
  pauses_.push({until, trial, lane});
}

void Scheduler::finish(TrialId trial, LaneId lane) {
  watch(trial, kNever);
  --lanes_[lane].in_flight;
}

void Scheduler::watch(TrialId trial, TimePoint deadline) {
  if (const auto it = watched_.find(trial); it != watched_.end()) {
    deadlines_.erase({it->second, trial});
    watched_.erase(it);
  }
  if (deadline != kNever) {
    watched_.emplace(trial, deadline);
    deadlines_.emplace(deadline, trial);
  }
}

void Scheduler::set_limit(LaneId lane, std::int64_t limit) noexcept {
  lanes_[lane].limit = std::max<std::int64_t>(limit, 1);
}

std::vector<TrialId> Scheduler::stop_lane(LaneId lane) {
  Lane& stopping = lanes_[lane];
  stopping.stopped = true;
  std::vector<TrialId> dropped(stopping.queue.begin(), stopping.queue.end());
  dropped.insert(dropped.end(), stopping.again.begin(), stopping.again.end());
  stopping.queue.clear();
  stopping.again.clear();
  Heap kept;
  for (; !pauses_.empty(); pauses_.pop()) {
    if (pauses_.top().lane == lane) {
      dropped.push_back(pauses_.top().trial);
    } else {
      kept.push(pauses_.top());
    }
  }
  pauses_ = std::move(kept);
  stopping.paused = 0;
  return dropped;
}

std::vector<TrialId> Scheduler::stop_all() {
  std::vector<TrialId> dropped;
  for (LaneId lane = 0; lane < lanes_.size(); ++lane) {
    const auto of_lane = stop_lane(lane);
    dropped.insert(dropped.end(), of_lane.begin(), of_lane.end());
  }
  return dropped;
}

void Scheduler::release_paused(TimePoint now) {
  while (!pauses_.empty() && pauses_.top().at <= now) {
    Lane& lane = lanes_[pauses_.top().lane];
    --lane.paused;
    lane.again.push_back(pauses_.top().trial);
    pauses_.pop();
  }
}

Scheduler::Action Scheduler::step(TimePoint now,
                                  const std::function<TimePoint(TrialId)>& deadline_of) {
  release_paused(now);
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const TrialId trial = deadlines_.begin()->second;
    const TimePoint present = deadline_of(trial);
    watch(trial, present > now ? present : kNever);
    if (present <= now) {
      return Expired{trial};
    }
  }
  bool idle = true;
  TimePoint until = kNever;
  for (std::size_t turn = 0; turn < lanes_.size(); ++turn) {
    const LaneId id = (next_lane_ + turn) % lanes_.size();
    Lane& lane = lanes_[id];
    idle =
        idle && lane.queue.empty() && lane.again.empty() && lane.paused == 0 && lane.in_flight == 0;
    auto& source = lane.again.empty() ? lane.queue : lane.again;
    if (source.empty() || lane.in_flight >= lane.limit) {
      continue;
    }
    if (lane.held_until > now) {
      until = std::min(until, lane.held_until);
      continue;
    }
    const TrialId trial = source.front();
    source.pop_front();
    ++lane.in_flight;
    next_lane_ = (id + 1) % lanes_.size();
    return Start{trial, id};
  }
  if (idle) {
    return Finished{};
  }
  if (!pauses_.empty()) {
    until = std::min(until, pauses_.top().at);
  }
  if (!deadlines_.empty()) {
    until = std::min(until, deadlines_.begin()->first);
  }
  return Wait{until};
}

}  // namespace faceoff::run
