#include "rate_gate.h"

#include <faceoff/base/random.h>

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kBegan{1h};

// Sends as soon as the gate lets it, for a while, with pauses of its own now and then.
template <class Check>
void send(RateGate& gate, std::uint64_t seed, int count, Check check) {
  Random random(seed);
  TimePoint now = kBegan;
  for (int i = 0; i < count; ++i) {
    if (random.below(20) == 0) {
      now += std::chrono::seconds(random.below(100));
    }
    now = std::max(now, gate.earliest());
    const auto tokens = static_cast<std::int64_t>(1 + random.below(900));
    gate.on_start(now, tokens);
    check(now, tokens);
  }
}

TEST(RateGate, NoSixtySecondsHoldMoreRequestsThanAllowed) {
  for (const std::int64_t rate : {1, 3, 7, 60, 1000}) {
    RateGate gate({.requests_per_minute = rate, .tokens_per_minute = {}}, 2min);
    std::deque<TimePoint> minute;
    send(gate, static_cast<std::uint64_t>(rate), 5000, [&](TimePoint now, std::int64_t) {
      minute.push_back(now);
      while (minute.front() <= now - 60s) {
        minute.pop_front();
      }
      ASSERT_LE(static_cast<std::int64_t>(minute.size()), rate);
    });
  }
}

TEST(RateGate, NoSixtySecondsHoldMoreTokensThanAllowedButForTheLastRequest) {
  RateGate gate({.requests_per_minute = {}, .tokens_per_minute = 5000}, 2min);
  std::deque<std::pair<TimePoint, std::int64_t>> minute;
  send(gate, 3, 5000, [&](TimePoint now, std::int64_t tokens) {
    std::int64_t before = 0;
    for (const auto& [at, spent] : minute) {
      before += at > now - 60s ? spent : 0;
    }
    ASSERT_LE(before, 5000);
    minute.emplace_back(now, tokens);
    while (minute.front().first <= now - 60s) {
      minute.pop_front();
    }
  });
}

TEST(RateGate, UsesWhatIsAllowed) {
  RateGate gate({.requests_per_minute = 600, .tokens_per_minute = {}}, 2min);
  TimePoint now = kBegan;
  for (int i = 0; i < 600; ++i) {
    now = std::max(now, gate.earliest());
    gate.on_start(now, 1);
  }
  EXPECT_LT(now - kBegan, 60s);
}

TEST(RateGate, TokensThatWereNotUsedAreGivenBack) {
  RateGate gate({.requests_per_minute = {}, .tokens_per_minute = 60}, 2min);
  gate.on_start(kBegan, 30);
  EXPECT_NEAR(to_seconds(gate.earliest() - kBegan), 30.0, 0.001);
  gate.on_usage(30, 10);
  EXPECT_NEAR(to_seconds(gate.earliest() - kBegan), 10.0, 0.001);
}

TEST(RateGate, WaitsForTheResetWhenTheServerSaysThatNothingIsLeft) {
  RateGate gate({}, 2min);
  EXPECT_LE(gate.earliest(), kBegan);
  gate.on_limits({.requests = {.limit = 60, .remaining = 2, .reset = 20s}, .tokens = {}}, kBegan);
  gate.on_start(kBegan, 10);
  EXPECT_LE(gate.earliest(), kBegan);
  gate.on_start(kBegan, 10);
  EXPECT_EQ(gate.earliest(), kBegan + 20s);
  EXPECT_NE(gate.why(kBegan).find("0 of 60 requests"), std::string::npos);
  gate.on_start(kBegan + 20s, 10);
  EXPECT_LE(gate.earliest(), kBegan + 20s);
  EXPECT_EQ(gate.why(kBegan + 20s), "");
}

TEST(RateGate, WaitsForTokensWhenTheNextRequestNeedsMoreThanAreLeft) {
  RateGate gate({}, 2min);
  gate.on_start(kBegan, 500);
  gate.on_limits({.requests = {}, .tokens = {.limit = 1000, .remaining = 400, .reset = 6s}},
                 kBegan);
  EXPECT_EQ(gate.earliest(), kBegan + 6s);
  // A request that never fits is not held for ever.
  gate.on_start(kBegan + 6s, 5000);
  gate.on_limits({.requests = {}, .tokens = {.limit = 1000, .remaining = 1000, .reset = 6s}},
                 kBegan + 6s);
  EXPECT_LE(gate.earliest(), kBegan + 6s);
}

TEST(RateGate, AResetThatIsHoursAwayIsNotWaitedFor) {
  RateGate gate({}, 2min);
  gate.on_limits({.requests = {.limit = 10, .remaining = 0, .reset = 8h}, .tokens = {}}, kBegan);
  EXPECT_LE(gate.earliest(), kBegan);
  gate.hold(kBegan, 9h);
  EXPECT_LE(gate.earliest(), kBegan);
  gate.hold(kBegan, 90s);
  EXPECT_EQ(gate.earliest(), kBegan + 90s);
}

}  // namespace
}  // namespace faceoff::run
