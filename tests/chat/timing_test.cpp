#include <faceoff/chat/timing.h>

#include <gtest/gtest.h>

namespace faceoff::chat {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kReady{1s};

StreamEvent event(EventClass what, Duration after, std::uint32_t characters = 0) {
  return {.what = what, .at = kReady + after, .characters = characters};
}

Stamps stamps(std::vector<StreamEvent> events) {
  Stamps s;
  s.queued = TimePoint{};
  s.ready = kReady;
  s.header = kReady + 50ms;
  s.end = kReady + 500ms;
  s.events = std::move(events);
  return s;
}

// The worked example of docs/metrics.md: role at 90 ms, reasoning at 100, three tokens in one chunk
// at 200, one at 240, usage at 241.
TEST(Timing, SeparatesRoleReasoningAndOutput) {
  const auto t = derive_timing(stamps({event(EventClass::role, 90ms),
                                       event(EventClass::reasoning, 100ms, 4),
                                       event(EventClass::content, 200ms, 9),
                                       event(EventClass::content, 240ms, 4),
                                       event(EventClass::usage, 241ms)}),
                               5);
  EXPECT_EQ(t.ttfb, 50ms);
  EXPECT_EQ(t.ttft, 100ms);
  EXPECT_EQ(t.ttfo, 200ms);
  EXPECT_EQ(t.e2e, 240ms);
  EXPECT_EQ(t.tpot, 35ms);
  EXPECT_EQ(t.max_gap, 100ms);
  EXPECT_EQ(t.tail, 260ms);
  EXPECT_EQ(t.token_events, 3U);
  EXPECT_DOUBLE_EQ(*t.characters_per_second, 100.0);
  EXPECT_EQ(t.events_ms, (std::vector<double>{100.0, 200.0, 240.0}));
}

TEST(Timing, IsUndefinedWithoutATokenEvent) {
  const auto t =
      derive_timing(stamps({event(EventClass::role, 90ms), event(EventClass::empty, 95ms)}), 0);
  EXPECT_EQ(t.ttft, std::nullopt);
  EXPECT_EQ(t.e2e, std::nullopt);
  EXPECT_EQ(t.tpot, std::nullopt);
}

TEST(Timing, HasNoOutputTimeWhenOnlyReasoningCame) {
  const auto t = derive_timing(stamps({event(EventClass::reasoning, 90ms, 3)}), 1);
  EXPECT_EQ(t.ttft, 90ms);
  EXPECT_EQ(t.ttfo, std::nullopt);
}

TEST(Timing, HasNoRateForOneTokenOrOneEvent) {
  EXPECT_EQ(derive_timing(stamps({event(EventClass::content, 90ms, 3)}), 1).tpot, std::nullopt);
  // Forty tokens in one event: the rate is unknown, not infinite.
  EXPECT_EQ(derive_timing(stamps({event(EventClass::content, 90ms, 160)}), 40).tpot, std::nullopt);
  EXPECT_EQ(
      derive_timing(stamps({event(EventClass::content, 90ms), event(EventClass::content, 99ms)}),
                    std::nullopt)
          .tpot,
      std::nullopt);
}

TEST(Timing, CountsCoalescedEvents) {
  const auto t = derive_timing(stamps({event(EventClass::content, 90ms, 1),
                                       event(EventClass::content, 90ms, 1),
                                       event(EventClass::content, 95ms, 1)}),
                               3);
  EXPECT_EQ(t.coalesced, 1U);
}

TEST(Timing, OfABodyThatDidNotStreamIsItsEnd) {
  Stamps s = stamps({});
  s.streamed = false;
  const auto t = derive_timing(s, 5);
  EXPECT_EQ(t.ttft, std::nullopt);
  EXPECT_EQ(t.e2e, 500ms);
}

TEST(Timing, IsEmptyWhenNoConnectionCameUp) {
  Stamps s = stamps({});
  s.ready.reset();
  const auto t = derive_timing(s, std::nullopt);
  EXPECT_EQ(t.ttfb, std::nullopt);
  EXPECT_EQ(t.e2e, std::nullopt);
}

}  // namespace
}  // namespace faceoff::chat
