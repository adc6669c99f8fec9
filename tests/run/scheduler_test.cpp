#include <faceoff/run/scheduler.h>

#include <map>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kZero{};

class SchedulerTest : public testing::Test {
 protected:
  Scheduler::Action step(Scheduler& scheduler, TimePoint now) {
    return scheduler.step(now, [this](TrialId trial) {
      const auto it = deadlines_.find(trial);
      return it == deadlines_.end() ? kNever : it->second;
    });
  }
  static TrialId started(const Scheduler::Action& action) {
    return std::get<Scheduler::Start>(action).trial;
  }
  static bool waits(const Scheduler::Action& action) {
    return std::holds_alternative<Scheduler::Wait>(action);
  }

  std::map<TrialId, TimePoint> deadlines_;
};

TEST_F(SchedulerTest, KeepsToTheLimitOfEachLane) {
  Scheduler scheduler({2, 1});
  for (TrialId id = 1; id <= 3; ++id) {
    scheduler.add(id, 0);
    scheduler.add(id + 10, 1);
  }
  EXPECT_EQ(started(step(scheduler, kZero)), 1U);
  EXPECT_EQ(started(step(scheduler, kZero)), 11U);
  EXPECT_EQ(started(step(scheduler, kZero)), 2U);
  EXPECT_TRUE(waits(step(scheduler, kZero)));
  scheduler.finish(11, 1);
  EXPECT_EQ(started(step(scheduler, kZero)), 12U);
}

TEST_F(SchedulerTest, HoldsALaneUntilItsTimeAndLeavesTheOthersAlone) {
  Scheduler scheduler({2, 2});
  scheduler.add(1, 0);
  scheduler.add(2, 1);
  scheduler.hold(0, TimePoint{5s});
  EXPECT_EQ(started(step(scheduler, kZero)), 2U);
  EXPECT_EQ(std::get<Scheduler::Wait>(step(scheduler, kZero)).until, TimePoint{5s});
  EXPECT_EQ(started(step(scheduler, TimePoint{5s})), 1U);
  scheduler.add(3, 0);
  scheduler.hold(0, kNever);
  EXPECT_EQ(std::get<Scheduler::Wait>(step(scheduler, TimePoint{6s})).until, kNever);
  scheduler.finish(1, 0);
  scheduler.finish(2, 1);
  // Held is not finished.
  EXPECT_TRUE(waits(step(scheduler, TimePoint{7s})));
}

TEST_F(SchedulerTest, ALowerLimitLetsThoseInFlightGoOn) {
  Scheduler scheduler({3});
  for (TrialId id = 1; id <= 5; ++id) {
    scheduler.add(id, 0);
  }
  for (TrialId id = 1; id <= 3; ++id) {
    EXPECT_EQ(started(step(scheduler, kZero)), id);
  }
  scheduler.set_limit(0, 1);
  scheduler.finish(1, 0);
  scheduler.finish(2, 0);
  EXPECT_TRUE(waits(step(scheduler, kZero)));
  scheduler.finish(3, 0);
  EXPECT_EQ(started(step(scheduler, kZero)), 4U);
  EXPECT_TRUE(waits(step(scheduler, kZero)));
}

TEST_F(SchedulerTest, LanesTakeTurns) {
  Scheduler scheduler({10, 10});
  for (TrialId id = 0; id < 4; ++id) {
    scheduler.add(id, id < 2 ? 0 : 1);
  }
  std::vector<LaneId> order;
  for (int i = 0; i < 4; ++i) {
    order.push_back(std::get<Scheduler::Start>(step(scheduler, kZero)).lane);
  }
  EXPECT_EQ(order, (std::vector<LaneId>{0, 1, 0, 1}));
}

TEST_F(SchedulerTest, APausedTrialFreesItsPlaceAndComesBackFirst) {
  Scheduler scheduler({1});
  scheduler.add(1, 0);
  scheduler.add(2, 0);
  scheduler.add(3, 0);
  EXPECT_EQ(started(step(scheduler, kZero)), 1U);
  scheduler.pause(1, 0, kZero + 5s);
  EXPECT_EQ(started(step(scheduler, kZero)), 2U);
  scheduler.finish(2, 0);
  EXPECT_EQ(started(step(scheduler, kZero + 5s)), 1U);
}

TEST_F(SchedulerTest, WaitsForTheNextPauseOrDeadline) {
  Scheduler scheduler({2});
  scheduler.add(1, 0);
  scheduler.add(2, 0);
  static_cast<void>(step(scheduler, kZero));
  static_cast<void>(step(scheduler, kZero));
  scheduler.pause(1, 0, kZero + 9s);
  deadlines_[2] = kZero + 4s;
  scheduler.watch(2, kZero + 4s);
  EXPECT_EQ(std::get<Scheduler::Wait>(step(scheduler, kZero)).until, kZero + 4s);
}

TEST_F(SchedulerTest, ADeadlineThatMovedLaterDoesNotStrike) {
  Scheduler scheduler({1});
  scheduler.add(1, 0);
  static_cast<void>(step(scheduler, kZero));
  scheduler.watch(1, kZero + 1s);
  deadlines_[1] = kZero + 3s;
  EXPECT_EQ(std::get<Scheduler::Wait>(step(scheduler, kZero + 2s)).until, kZero + 3s);
  EXPECT_EQ(std::get<Scheduler::Expired>(step(scheduler, kZero + 3s)).trial, 1U);
  EXPECT_TRUE(waits(step(scheduler, kZero + 3s)));
}

TEST_F(SchedulerTest, IsFinishedOnlyWhenNothingIsLeft) {
  Scheduler scheduler({1});
  EXPECT_TRUE(std::holds_alternative<Scheduler::Finished>(step(scheduler, kZero)));
  scheduler.add(1, 0);
  static_cast<void>(step(scheduler, kZero));
  EXPECT_TRUE(waits(step(scheduler, kZero)));
  scheduler.pause(1, 0, kZero + 1s);
  EXPECT_TRUE(waits(step(scheduler, kZero)));
  static_cast<void>(step(scheduler, kZero + 1s));
  scheduler.finish(1, 0);
  EXPECT_TRUE(std::holds_alternative<Scheduler::Finished>(step(scheduler, kZero + 1s)));
}

TEST_F(SchedulerTest, AStoppedLaneGivesBackWhatItHeld) {
  Scheduler scheduler({1, 1});
  for (TrialId id = 1; id <= 3; ++id) {
    scheduler.add(id, 0);
  }
  scheduler.add(4, 1);
  EXPECT_EQ(started(step(scheduler, kZero)), 1U);
  scheduler.pause(1, 0, kZero + 1s);
  EXPECT_EQ(scheduler.stop_lane(0), (std::vector<TrialId>{2, 3, 1}));
  EXPECT_TRUE(scheduler.stopped(0));
  EXPECT_EQ(started(step(scheduler, kZero + 2s)), 4U);
}

}  // namespace
}  // namespace faceoff::run
