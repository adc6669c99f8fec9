#include <faceoff/base/clock.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock;
  const TimePoint before = clock.now();
  EXPECT_EQ(clock.now(), before);
  clock.advance(5ms);
  EXPECT_EQ(clock.now() - before, 5ms);
}

TEST(ManualClock, NeverGoesBack) {
  ManualClock clock;
  clock.advance(10s);
  clock.advance_to(TimePoint{3s});
  EXPECT_EQ(clock.now(), TimePoint{10s});
}

TEST(Clock, WritesUtcTimesForPeopleAndForFileNames) {
  ManualClock clock;
  clock.advance(3723042ms);
  EXPECT_EQ(format_utc(clock.utc_now()), "2026-01-01T01:02:03.042Z");
  EXPECT_EQ(format_utc_compact(clock.utc_now()), "20260101T010203Z");
}

TEST(Clock, ConvertsMillisecondsAndSaturates) {
  EXPECT_EQ(from_ms(1.5), 1500us);
  EXPECT_EQ(from_ms(to_ms(123456789ns)), 123456789ns);
  EXPECT_EQ(from_ms(1e300), Duration::max());
  EXPECT_EQ(from_ms(-1e300), Duration::min());
}

}  // namespace
}  // namespace faceoff
