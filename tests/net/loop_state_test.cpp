#include "loop_state.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using std::chrono::microseconds;

TimePoint at(int us) {
  return TimePoint{microseconds(us)};
}

TEST(LoopState, StampsBytesOfAReadableSocketWithTheWakeup) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  loop.handling_readable(true);
  clock.advance_to(at(1300));
  EXPECT_EQ(loop.stamp(at(500)).at, at(1000));
}

TEST(LoopState, PrefersTheKernelsStamp) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  loop.handling_readable(true, at(980));
  clock.advance_to(at(1300));
  const Stamp stamp = loop.stamp(at(500), at(700));
  EXPECT_EQ(stamp.at, at(980));
  EXPECT_EQ(stamp.source, chat::StampSource::kernel);
}

TEST(LoopState, RejectsAKernelStampThatCannotBe) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  clock.advance_to(at(1300));
  for (const int impossible : {400, 600, 1400}) {  // before sending, before the last read, to come
    loop.handling_readable(true, at(impossible));
    const Stamp stamp = loop.stamp(at(500), at(700));
    EXPECT_EQ(stamp.at, at(1000));
    EXPECT_EQ(stamp.source, chat::StampSource::loop);
  }
}

TEST(LoopState, StampsTheAnswerToARequestOfTheSamePassWithTheCallback) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  loop.handling_readable(true);
  clock.advance_to(at(1300));
  EXPECT_EQ(loop.stamp(at(1100)).at, at(1300));
}

TEST(LoopState, StampsWithTheCallbackWhereNothingBetterIsWanted) {
  ManualClock clock;
  LoopState loop(clock);
  loop.want_loop_stamps(false);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  loop.handling_readable(true);
  clock.advance_to(at(1300));
  EXPECT_EQ(loop.stamp(at(500)).at, at(1300));
  EXPECT_EQ(loop.stamp(at(500)).source, chat::StampSource::callback);
  EXPECT_EQ(loop.take_lags().count(), 2U);
  EXPECT_EQ(loop.take_lags().count(), 0U);
}

TEST(LoopState, StampsWhatATimerBroughtWithTheCallback) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  loop.handling_readable(false);
  clock.advance_to(at(1300));
  EXPECT_EQ(loop.stamp(at(500)).at, at(1300));
  EXPECT_EQ(loop.take_max_lag(), Duration{0});
}

TEST(LoopState, KeepsTheLongestLagUntilItIsTaken) {
  ManualClock clock;
  LoopState loop(clock);
  for (const int lag : {40, 300, 20}) {
    clock.advance(microseconds(1000));
    loop.begin_pass(clock.now(), false);
    loop.handling_readable(true);
    clock.advance(microseconds(lag));
    static_cast<void>(loop.stamp(TimePoint{}));
  }
  EXPECT_EQ(loop.take_max_lag(), microseconds(300));
  EXPECT_EQ(loop.take_max_lag(), Duration{0});
}

TEST(LoopState, CountsTheCallersTimeWhenSocketsWereReadyOnEntry) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(1000));
  loop.begin_pass(clock.now(), false);
  clock.advance_to(at(6000));  // the caller is busy
  loop.begin_pass(clock.now(), true);
  loop.handling_readable(true);
  EXPECT_EQ(loop.stamp(at(500)).at, at(6000));
  EXPECT_EQ(loop.take_max_lag(), microseconds(5000));
}

TEST(LoopState, DoesNotCountTimeBeforeTheRequestAsLag) {
  ManualClock clock;
  LoopState loop(clock);
  clock.advance_to(at(6000));
  loop.begin_pass(clock.now(), true);
  loop.handling_readable(true);
  EXPECT_EQ(loop.stamp(at(5800)).at, at(6000));
  EXPECT_EQ(loop.take_max_lag(), microseconds(200));
}

TEST(LoopState, DeliversEachEventOnceAndDropsThoseOfACancelledTransfer) {
  ManualClock clock;
  LoopState loop(clock);
  loop.add_bytes(1, {at(1)}, "one");
  loop.add_bytes(2, {at(2)}, "two");
  loop.drop(1);
  const auto first = loop.deliver();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].id, 2U);
  EXPECT_EQ(std::get<Bytes>(first[0].what).data, "two");

  loop.forget_delivered();
  loop.add_bytes(3, {at(3)}, "a longer piece in a used buffer");
  const auto second = loop.deliver();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(std::get<Bytes>(second[0].what).data, "a longer piece in a used buffer");
}

}  // namespace
}  // namespace faceoff::net
