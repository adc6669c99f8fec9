#include "retry_after.h"

#include <faceoff/backend/failure.h>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 2026-10-21T07:28:00Z
UtcTime noon() {
  return UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 10 / 21)) + std::chrono::hours(7) +
         std::chrono::minutes(28);
}

std::optional<Duration> parse(std::string value) {
  return parse_retry_after({{"Retry-After", std::move(value)}}, noon());
}

TEST(RetryAfter, Net17TakesSeconds) {
  EXPECT_EQ(parse("1"), seconds(1));
  EXPECT_EQ(parse("0"), seconds(0));
  EXPECT_EQ(parse("1.5"), milliseconds(1500));
  EXPECT_EQ(parse("3600"), seconds(3600));
}

TEST(RetryAfter, Net17TakesTheThreeFormsOfADate) {
  EXPECT_EQ(parse("Wed, 21 Oct 2026 07:28:30 GMT"), seconds(30));
  EXPECT_EQ(parse("Wednesday, 21-Oct-26 07:28:30 GMT"), seconds(30));
  EXPECT_EQ(parse("Wed Oct 21 07:28:30 2026"), seconds(30));
}

TEST(RetryAfter, Net17IgnoresGarbageAndThePast) {
  for (const char* value : {"",
                            "-5",
                            "soon",
                            "nan",
                            "inf",
                            "1e300",
                            "Wed, 21 Oct 2026 07:27:59 GMT",
                            "Wed, 99 Oct 2026 07:28:30 GMT",
                            "Wed, 21 Oct 2026 25:28:30 GMT",
                            "Wed, 31 Feb 2026 07:28:30 GMT",
                            "21 Oct"}) {
    EXPECT_EQ(parse(value), std::nullopt) << value;
  }
  EXPECT_EQ(parse_retry_after({}, noon()), std::nullopt);
}

TEST(RetryAfter, PrefersMilliseconds) {
  EXPECT_EQ(parse_retry_after({{"retry-after", "1"}, {"retry-after-ms", "120"}}, noon()),
            milliseconds(120));
  EXPECT_EQ(parse_retry_after({{"retry-after", "1"}, {"retry-after-ms", "x"}}, noon()), seconds(1));
}

TEST(RetryHint, ReadsWaitsFromTexts) {
  EXPECT_EQ(retry_hint("Please try again in 7m12s."), seconds(432));
  EXPECT_EQ(retry_hint("Please try again in 120ms. Visit"), milliseconds(120));
  EXPECT_EQ(retry_hint("try again in 2.5s."), milliseconds(2500));
  EXPECT_EQ(retry_hint("Please retry after 37 seconds. Please go"), seconds(37));
  EXPECT_EQ(retry_hint("Please try again in 1h2m."), seconds(3720));
  EXPECT_EQ(retry_hint("please try again"), std::nullopt);
  EXPECT_EQ(retry_hint("try again in a while"), std::nullopt);
}

}  // namespace
}  // namespace faceoff::backend
