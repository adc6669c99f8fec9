#pragma once

#include <faceoff/base/clock.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace faceoff::run {

using TrialId = std::uint64_t;
using LaneId = std::size_t;

// Says which trial may be sent when: limits in flight per backend (a lane), pauses before retries,
// deadlines. Pure: no clock, no I/O. Lanes take turns, so that no backend starves another and all
// see the same hour.
class Scheduler {
 public:
  struct Start {
    TrialId trial;
    LaneId lane;
  };
  struct Expired {  // the deadline set for this trial has passed
    TrialId trial;
  };
  struct Wait {  // nothing to do before `until` (kNever: only events can change that)
    TimePoint until;
  };
  struct Finished {};  // no trial is waiting, paused or in flight
  using Action = std::variant<Start, Expired, Wait, Finished>;

  // `limits[lane]`: greatest number in flight, at least 1.
  explicit Scheduler(std::vector<std::int64_t> limits);

  // Queues a new trial behind those of its lane.
  void add(TrialId trial, LaneId lane);
  // A started trial waits before its next attempt; its place under the limit is free meanwhile.
  void pause(TrialId trial, LaneId lane, TimePoint until);
  // A started trial is over.
  void finish(TrialId trial, LaneId lane);
  // From now on at most so many in flight, at least 1; those beyond it are not touched.
  void set_limit(LaneId lane, std::int64_t limit) noexcept;
  // No trial of this lane is started before `until`; kNever: until told otherwise.
  void hold(LaneId lane, TimePoint until) noexcept { lanes_[lane].held_until = until; }

  // Sets the deadline of a started trial; kNever removes it. When the time comes step() asks for
  // the present one, so that a deadline that only moves later (with every token) need not be told.
  void watch(TrialId trial, TimePoint deadline);

  // No further trial of this lane is started; returns the queued and paused ones, which are
  // dropped.
  [[nodiscard]] std::vector<TrialId> stop_lane(LaneId lane);
  [[nodiscard]] std::vector<TrialId> stop_all();

  // `deadline_of` returns the present deadline of a trial, or kNever when it has none.
  [[nodiscard]] Action step(TimePoint now, const std::function<TimePoint(TrialId)>& deadline_of);

  [[nodiscard]] std::int64_t in_flight(LaneId lane) const noexcept {
    return lanes_[lane].in_flight;
  }
  [[nodiscard]] std::size_t waiting(LaneId lane) const noexcept {
    return lanes_[lane].queue.size() + lanes_[lane].paused;
  }
  [[nodiscard]] bool stopped(LaneId lane) const noexcept { return lanes_[lane].stopped; }

 private:
  struct Lane {
    std::int64_t limit = 1;
    std::int64_t in_flight = 0;
    std::size_t paused = 0;
    bool stopped = false;
    TimePoint held_until = TimePoint::min();
    std::deque<TrialId> queue;
    std::deque<TrialId> again;  // retries whose pause is over go first
  };
  struct Alarm {
    TimePoint at;
    TrialId trial;
    LaneId lane;
    bool operator>(const Alarm& other) const noexcept {
      return at != other.at ? at > other.at : trial > other.trial;
    }
  };
  using Heap = std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>>;

  void release_paused(TimePoint now);

  std::vector<Lane> lanes_;
  LaneId next_lane_ = 0;
  Heap pauses_;
  // Ordered by time, with the way back from a trial to its entry: finish() must leave nothing
  // behind.
  std::set<std::pair<TimePoint, TrialId>> deadlines_;
  std::unordered_map<TrialId, TimePoint> watched_;
};

}  // namespace faceoff::run
