#include "adaptive_limit.h"

#include <faceoff/base/random.h>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kBegan{1h};

AdaptiveLimit make(std::int64_t start, std::int64_t ceiling) {
  return AdaptiveLimit({.start = start, .floor = 1, .ceiling = ceiling, .cooldown = 5s}, kBegan);
}

TEST(AdaptiveLimit, DoublesWithEveryFullWindowUntilTheCeiling) {
  auto limit = make(1, 10);
  std::vector<std::int64_t> seen;
  for (int i = 0; i < 40; ++i) {
    if (limit.on_taken(kBegan)) {
      seen.push_back(limit.limit());
    }
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{2, 4, 8, 10}));
}

TEST(AdaptiveLimit, ABurstOfRefusalsCutsOnceAndGrowthIsByOne) {
  auto limit = make(16, 16);
  EXPECT_TRUE(limit.on_refused(kBegan, kBegan - 1s, "HTTP 429"));
  EXPECT_EQ(limit.limit(), 8);
  EXPECT_FALSE(limit.on_refused(kBegan, kBegan - 1s, "HTTP 429"));
  EXPECT_EQ(limit.limit(), 8);
  EXPECT_FALSE(limit.on_taken(kBegan + 4s));
  for (int i = 0; i < 7; ++i) {
    EXPECT_FALSE(limit.on_taken(kBegan + 6s));
  }
  EXPECT_TRUE(limit.on_taken(kBegan + 6s));
  EXPECT_EQ(limit.limit(), 9);
  EXPECT_TRUE(limit.on_refused(kBegan + 7s, kBegan + 6s, "HTTP 503"));
  EXPECT_EQ(limit.limit(), 4);
  const auto& history = limit.history();
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history[0], (store::ConcurrencyChange{.at = 0s, .limit = 16, .why = "start"}));
  EXPECT_EQ(history[1].why, "HTTP 429");
  EXPECT_EQ(history[2].why, "8 requests in a row were taken");
  EXPECT_EQ(history[3].at, Duration{7s});
}

TEST(AdaptiveLimit, StaysBetweenFloorAndCeilingWhateverHappens) {
  Random random(5);
  auto limit = make(3, 7);
  TimePoint now = kBegan;
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::milliseconds(random.below(2000));
    if (random.below(10) == 0) {
      limit.on_refused(now, now - 1s, "HTTP 429");
    } else {
      limit.on_taken(now);
    }
    ASSERT_GE(limit.limit(), 1);
    ASSERT_LE(limit.limit(), 7);
  }
  EXPECT_EQ(limit.history().size(), 200U);
  EXPECT_EQ(limit.history().front().why, "start");
}

}  // namespace
}  // namespace faceoff::run
