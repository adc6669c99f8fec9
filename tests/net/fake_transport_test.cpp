#include <faceoff/net/fake_transport.h>

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Steps = std::vector<FakeTransport::Step>;

Steps answer(Duration first, Duration last) {
  return {{Duration{0}, Ready{}}, {first, Bytes{"x"}}, {last, Finished{}}};
}

struct Seen {
  TransferId id;
  Duration at;
  std::size_t what;
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> seen(std::span<const Event> events) {
  std::vector<Seen> list;
  for (const Event& event : events) {
    list.push_back({event.id, event.at.time_since_epoch(), event.what.index()});
  }
  return list;
}

constexpr std::size_t kReady = 0;
constexpr std::size_t kBytes = 2;
constexpr std::size_t kFinished = 3;

TEST(FakeTransport, MovesTheClockFromEventToEvent) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) {
    return answer(milliseconds(5), milliseconds(9));
  });
  transport.start(1, {});
  EXPECT_THAT(seen(transport.poll(kNever)), ElementsAre(Seen{1, Duration{0}, kReady}));
  EXPECT_THAT(seen(transport.poll(kNever)), ElementsAre(Seen{1, milliseconds(5), kBytes}));
  EXPECT_EQ(clock.now().time_since_epoch(), milliseconds(5));
  EXPECT_THAT(seen(transport.poll(kNever)), ElementsAre(Seen{1, milliseconds(9), kFinished}));
  EXPECT_EQ(transport.in_flight(), 0U);
}

TEST(FakeTransport, StopsAtTheTimeAskedFor) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) {
    return Steps{{milliseconds(5), Finished{}}};
  });
  transport.start(1, {});
  EXPECT_THAT(transport.poll(TimePoint{milliseconds(3)}), IsEmpty());
  EXPECT_EQ(clock.now().time_since_epoch(), milliseconds(3));
  EXPECT_EQ(transport.poll(TimePoint{milliseconds(5)}).size(), 1U);
}

TEST(FakeTransport, ReturnsAtOnceWhenNothingIsPending) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) { return Steps{}; });
  EXPECT_THAT(transport.poll(kNever), IsEmpty());
  transport.start(1, {});
  EXPECT_THAT(transport.poll(kNever), IsEmpty());
  EXPECT_EQ(transport.in_flight(), 1U);
  EXPECT_EQ(clock.now(), TimePoint{});
}

TEST(FakeTransport, KeepsTheOrderOfStartingAtTheSameTime) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) {
    return Steps{{milliseconds(1), Bytes{"a"}}, {milliseconds(1), Finished{}}};
  });
  transport.start(7, {});
  transport.start(3, {});
  const Duration at = milliseconds(1);
  EXPECT_THAT(seen(transport.poll(kNever)),
              ElementsAre(Seen{7, at, kBytes},
                          Seen{7, at, kFinished},
                          Seen{3, at, kBytes},
                          Seen{3, at, kFinished}));
}

TEST(FakeTransport, SortsAScriptByTime) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) {
    return Steps{{milliseconds(2), Finished{}}, {milliseconds(1), Bytes{"a"}}};
  });
  transport.start(1, {});
  EXPECT_THAT(seen(transport.poll(kNever)), ElementsAre(Seen{1, milliseconds(1), kBytes}));
  EXPECT_THAT(seen(transport.poll(kNever)), ElementsAre(Seen{1, milliseconds(2), kFinished}));
}

TEST(FakeTransport, DropsWhatFollowsTheEnd) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) {
    return Steps{{milliseconds(1), Failed{Fault::reset, "x"}}, {milliseconds(2), Bytes{"a"}}};
  });
  transport.start(1, {});
  EXPECT_EQ(transport.poll(kNever).size(), 1U);
  EXPECT_THAT(transport.poll(kNever), IsEmpty());
}

TEST(FakeTransport, DeliversNothingOfACancelledTransferEvenWhenItsIdComesBack) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest& request) {
    return request.url == "old" ? answer(milliseconds(5), milliseconds(9))
                                : Steps{{milliseconds(7), Finished{}}};
  });
  HttpRequest old;
  old.url = "old";
  transport.start(1, old);
  EXPECT_EQ(transport.poll(kNever).size(), 1U);
  transport.cancel(1);
  transport.cancel(99);
  EXPECT_EQ(transport.in_flight(), 0U);
  transport.start(1, {});
  EXPECT_THAT(seen(transport.poll(kNever)), ElementsAre(Seen{1, milliseconds(7), kFinished}));
  EXPECT_THAT(transport.poll(kNever), IsEmpty());
}

TEST(FakeTransport, DeliversOverdueEventsWithTheirOwnTimes) {
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId, const HttpRequest&) {
    return answer(milliseconds(5), milliseconds(9));
  });
  transport.start(1, {});
  clock.advance(milliseconds(20));
  EXPECT_THAT(seen(transport.poll(kNever)),
              ElementsAre(Seen{1, Duration{0}, kReady},
                          Seen{1, milliseconds(5), kBytes},
                          Seen{1, milliseconds(9), kFinished}));
  EXPECT_EQ(clock.now().time_since_epoch(), milliseconds(20));
}

TEST(FakeTransport, RunsManyTransfersInAWindow) {
  constexpr TransferId kTotal = 100'000;
  constexpr std::size_t kWindow = 256;
  ManualClock clock;
  FakeTransport transport(clock, [](TransferId id, const HttpRequest&) {
    return answer(milliseconds(1 + id % 7), milliseconds(10 + id % 13));
  });
  TransferId next = 0;
  std::uint64_t finished = 0;
  std::uint64_t bytes = 0;
  while (finished < kTotal) {
    while (next < kTotal && transport.in_flight() < kWindow) {
      transport.start(next++, {});
    }
    const auto events = transport.poll(kNever);
    ASSERT_FALSE(events.empty());
    for (const Event& event : events) {
      bytes += event.what.index() == kBytes ? 1U : 0U;
      finished += event.what.index() == kFinished ? 1U : 0U;
    }
  }
  EXPECT_EQ(bytes, kTotal);
  EXPECT_EQ(transport.started(), kTotal);
  EXPECT_EQ(transport.max_in_flight(), kWindow);
  EXPECT_EQ(transport.in_flight(), 0U);
}

}  // namespace
}  // namespace faceoff::net
