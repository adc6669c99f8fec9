#include <faceoff/backend/rates.h>
#include <faceoff/base/random.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

using namespace std::chrono_literals;

// 2026-11-23T12:00:00Z.
const UtcTime kNow{std::chrono::sys_days(std::chrono::year{2026} / 11 / 23) + 12h};

std::optional<Duration> reset_of(std::string text) {
  const auto limits = parse_rate_limits({{"x-ratelimit-reset-requests", std::move(text)}}, kNow);
  return limits ? limits->requests.reset : std::nullopt;
}

TEST(RateLimits, ReadsOpenAi) {
  const auto limits = parse_rate_limits({{"x-ratelimit-limit-requests", "10000"},
                                         {"X-RateLimit-Remaining-Requests", "9999"},
                                         {"x-ratelimit-reset-requests", "6ms"},
                                         {"x-ratelimit-limit-tokens", "2000000"},
                                         {"x-ratelimit-remaining-tokens", "1999975"},
                                         {"x-ratelimit-reset-tokens", "6m0s"}},
                                        kNow);
  ASSERT_TRUE(limits);
  EXPECT_EQ(limits->requests, (Quota{.limit = 10000, .remaining = 9999, .reset = 6ms}));
  EXPECT_EQ(limits->tokens, (Quota{.limit = 2'000'000, .remaining = 1'999'975, .reset = 6min}));
}

TEST(RateLimits, ReadsAzureWhoseNoLimitIsMinusOne) {
  const auto limits = parse_rate_limits({{"x-ratelimit-limit-requests", "-1"},
                                         {"x-ratelimit-remaining-tokens", "0"},
                                         {"x-ratelimit-reset-tokens", "37"}},
                                        kNow);
  ASSERT_TRUE(limits);
  EXPECT_EQ(limits->requests, Quota{});
  EXPECT_EQ(limits->tokens, (Quota{.limit = {}, .remaining = 0, .reset = 37s}));
}

TEST(RateLimits, ReadsAnthropic) {
  const auto limits =
      parse_rate_limits({{"anthropic-ratelimit-requests-limit", "50"},
                         {"anthropic-ratelimit-requests-remaining", "0"},
                         {"anthropic-ratelimit-requests-reset", "2026-11-23T12:00:42Z"}},
                        kNow);
  ASSERT_TRUE(limits);
  EXPECT_EQ(limits->requests, (Quota{.limit = 50, .remaining = 0, .reset = 42s}));
}

TEST(RateLimits, ReadsEveryNotationOfAReset) {
  EXPECT_EQ(reset_of("0s"), 0s);
  EXPECT_EQ(reset_of("7m12s"), 432s);
  EXPECT_EQ(reset_of("1.44s"), 1440ms);
  EXPECT_EQ(reset_of("1h0m0.5s"), 1h + 500ms);
  EXPECT_EQ(reset_of("12\u00b5s"), 12us);
  EXPECT_EQ(reset_of("900us"), 900us);
  EXPECT_EQ(reset_of("500ns"), 500ns);
  EXPECT_EQ(reset_of("1.5"), 1500ms);
  EXPECT_EQ(reset_of(" 37 "), 37s);
  EXPECT_EQ(reset_of("2026-11-23T12:01:00.250Z"), 60250ms);
  EXPECT_EQ(reset_of("2026-11-23T13:01:00+01:00"), 60s);
  EXPECT_EQ(reset_of("Mon, 23 Nov 2026 12:00:05 GMT"), 5s);
  const auto unix_now = std::chrono::duration_cast<std::chrono::seconds>(kNow.time_since_epoch());
  EXPECT_EQ(reset_of(std::to_string(unix_now.count() + 90)), 90s);
  EXPECT_EQ(reset_of(std::to_string((unix_now.count() + 90) * 1000)), 90s);
  // In the past: it is full.
  EXPECT_EQ(reset_of("2026-11-23T11:00:00Z"), 0s);
}

TEST(RateLimits, LeavesOutWhatCannotBeRead) {
  for (const auto* text : {"",
                           "soon",
                           "-5",
                           "-1s",
                           "5x",
                           "5m3",
                           "2026-13-01T00:00:00Z",
                           "nan",
                           "2026-11-23T12:00:00",
                           "2026-11-23T12:00:00+1",
                           "1e300",
                           "h",
                           "."}) {
    EXPECT_EQ(reset_of(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_rate_limits({}, kNow), std::nullopt);
  EXPECT_EQ(parse_rate_limits({{"x-ratelimit-remaining-requests", "many"}}, kNow), std::nullopt);
  EXPECT_EQ(parse_rate_limits({{"content-type", "text/event-stream"}}, kNow), std::nullopt);
}

TEST(RateLimits, EveryNotationGivesBackTheSpanThatWasWritten) {
  Random random(21);
  for (int i = 0; i < 2000; ++i) {
    const auto ms = static_cast<std::int64_t>(random.below(48ULL * 3600 * 1000));
    const Duration span = std::chrono::milliseconds(ms);
    const auto hours = ms / 3'600'000;
    const auto minutes = ms / 60'000 % 60;
    const auto seconds = fmt::format("{}.{:03}", ms / 1000 % 60, ms % 1000);
    EXPECT_EQ(reset_of(fmt::format("{}h{}m{}s", hours, minutes, seconds)), span);
    EXPECT_EQ(reset_of(fmt::format("{}.{:03}", ms / 1000, ms % 1000)), span);
    std::string date = format_utc(kNow + span);
    EXPECT_EQ(reset_of(date), span) << date;
  }
}

TEST(RateLimits, AnyBytesAreSafe) {
  Random random(22);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = random.below(24); n > 0; --n) {
      constexpr std::string_view kAlphabet = "0123456789.:-+TZhmsun e\xc2\xb5\xff";
      text += kAlphabet[random.below(kAlphabet.size())];
    }
    if (const auto reset = reset_of(text)) {
      EXPECT_GE(*reset, Duration{0}) << text;
    }
  }
}

}  // namespace
}  // namespace faceoff::backend
