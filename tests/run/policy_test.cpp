#include <faceoff/run/policy.h>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

backend::Failure failure(backend::Retry retry, std::optional<Duration> after = std::nullopt) {
  backend::Failure f;
  f.retry = retry;
  f.retry_after = after;
  return f;
}

TEST(RetryPolicy, RetriesOnlyWhatMayBeRetried) {
  Random random(1);
  for (const auto retry :
       {backend::Retry::no, backend::Retry::stop_backend, backend::Retry::when_ready}) {
    EXPECT_FALSE(decide_retry({}, failure(retry), 1, 0s, random).again);
  }
  EXPECT_TRUE(decide_retry({}, failure(backend::Retry::yes), 1, 0s, random).again);
}

TEST(RetryPolicy, IsBoundedInCount) {
  Random random(1);
  const RetryPolicy policy{.max_retries = 2};
  EXPECT_TRUE(decide_retry(policy, failure(backend::Retry::yes), 2, 0s, random).again);
  const auto last = decide_retry(policy, failure(backend::Retry::yes), 3, 0s, random);
  EXPECT_FALSE(last.again);
  EXPECT_EQ(last.why_not, "given up after 3 attempts");
}

TEST(RetryPolicy, NET_17_KeepsToTheWaitThatTheServerNamed) {
  Random random(1);
  EXPECT_EQ(decide_retry({}, failure(backend::Retry::yes, 7s), 1, 0s, random).wait, 7s);
  const auto hour = decide_retry({}, failure(backend::Retry::yes, 1h), 1, 0s, random);
  EXPECT_FALSE(hour.again);
  EXPECT_NE(hour.why_not.find("asks to wait"), std::string::npos);
}

TEST(RetryPolicy, IsBoundedInTime) {
  Random random(1);
  const RetryPolicy policy{.max_retries = 100, .max_time = 10s};
  EXPECT_FALSE(decide_retry(policy, failure(backend::Retry::yes, 4s), 1, 7s, random).again);
  EXPECT_FALSE(decide_retry(policy, failure(backend::Retry::yes), 9, 10s, random).again);
}

TEST(RetryPolicy, GrowsWithFullJitterUpToItsCap) {
  Random random(42);
  const RetryPolicy policy{
      .max_retries = 1000, .max_time = 10h, .first_wait = 500ms, .longest_wait = 8s};
  for (std::int64_t attempt = 1; attempt < 200; ++attempt) {
    const auto decision = decide_retry(policy, failure(backend::Retry::yes), attempt, 0s, random);
    ASSERT_TRUE(decision.again);
    const Duration ceiling =
        attempt > 5 ? Duration(8s) : Duration(500ms) * (std::int64_t{1} << (attempt - 1));
    EXPECT_GT(decision.wait, 0ns);
    EXPECT_LE(decision.wait, ceiling);
  }
}

}  // namespace
}  // namespace faceoff::run
