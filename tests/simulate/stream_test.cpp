// When the bytes of an answer leave, in the time of the reply itself.
#include "support.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::simulate::testing {
namespace {

using std::chrono::milliseconds;

Script timed(Dialect dialect) {
  Script script;
  script.dialect = dialect;
  script.fallback.text = "0123456789abcdef";
  script.latency = {.first_token = milliseconds(300), .jitter = {}, .per_token = milliseconds(20)};
  return script;
}

std::vector<Step> stream_of(Script script, std::string_view path = "/v1/chat/completions") {
  Service service(std::move(script), TimePoint{});
  Reply reply =
      service.handle(request("POST", path, chat_body("x", R"(,"stream":true)")), Moment{});
  return steps_of(reply);
}

std::vector<std::int64_t> times_of(const std::vector<Step>& steps) {
  std::vector<std::int64_t> times;
  for (const Step& step : steps) {
    times.push_back(std::chrono::duration_cast<milliseconds>(step.at).count());
  }
  return times;
}

TEST(Schedule, IsAbsoluteAndEndsWithTheLastToken) {
  EXPECT_EQ(times_of(stream_of(timed(Dialect::openai))),
            (std::vector<std::int64_t>{300, 320, 340, 360, 360}));
}

TEST(ClockAnswer, IsAReadingForEveryTokenAndOneForTheRequest) {
  Script script = timed(Dialect::openai);
  script.clock = true;
  Service service(script, TimePoint{});
  Reply reply = service.handle(
      request("POST", "/v1/chat/completions", chat_body("x", R"(,"stream":true,"max_tokens":3)")),
      Moment{});
  const auto steps = steps_of(reply);
  EXPECT_EQ(times_of(steps), (std::vector<std::int64_t>{300, 320, 340, 340}));
  EXPECT_TRUE(steps[0].clock_first);
  EXPECT_FALSE(steps[1].clock_first);
  const std::string none = " 0000000000000000000";
  EXPECT_EQ(steps[0].bytes.substr(steps[0].clock_at, 40), none + none);
  EXPECT_EQ(steps[1].bytes.substr(steps[1].clock_at, 20), none);
  EXPECT_EQ(steps[3].clock_at, std::string::npos);
}

TEST(Schedule, LlamaServerSendsItsHeadAndRoleAtOnce) {
  const auto steps = stream_of(timed(Dialect::llama_server));
  EXPECT_EQ(times_of(steps), (std::vector<std::int64_t>{0, 300, 320, 340, 360, 360}));
  EXPECT_TRUE(steps[0].bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(steps[0].bytes.find(R"("delta":{"role":"assistant","content":null})"),
            std::string::npos);
}

TEST(Schedule, AnUnstreamedAnswerLeavesWithItsLastToken) {
  Service service(timed(Dialect::openai), TimePoint{});
  Reply reply = service.handle(request("POST", "/v1/chat/completions", chat_body("x")), Moment{});
  EXPECT_TRUE(reply.takes_slot);
  EXPECT_EQ(times_of(steps_of(reply)), (std::vector<std::int64_t>{360}));
}

TEST(Schedule, JitterMovesTheWholeStreamAndStaysInItsBounds) {
  Script script = timed(Dialect::openai);
  script.latency.jitter = milliseconds(40);
  Service service(script, TimePoint{});
  bool moved = false;
  for (int i = 0; i < 50; ++i) {
    Reply reply = service.handle(
        request("POST", "/v1/chat/completions", chat_body("x", R"(,"stream":true)")), Moment{});
    const auto steps = steps_of(reply);
    EXPECT_GE(steps[0].at, milliseconds(260));
    EXPECT_LE(steps[0].at, milliseconds(340));
    EXPECT_EQ(steps[3].at - steps[0].at, milliseconds(60));
    moved = moved || steps[0].at != milliseconds(300);
  }
  EXPECT_TRUE(moved);
}

TEST(Schedule, AStallMovesWhatComesBehindIt) {
  Script script = timed(Dialect::openai);
  script.faults.push_back(
      {.kind = FaultKind::stall, .after_tokens = 2, .duration = std::chrono::seconds(30)});
  EXPECT_EQ(times_of(stream_of(script)),
            (std::vector<std::int64_t>{300, 320, 30'340, 30'360, 30'360}));
  script.faults[0].after_tokens = 100;
  EXPECT_EQ(times_of(stream_of(script)), (std::vector<std::int64_t>{300, 320, 340, 360, 30'360}));
}

TEST(Schedule, CommentsFillTheTimeBeforeTheFirstToken) {
  Script script = timed(Dialect::openai);
  script.faults.push_back({.kind = FaultKind::keepalive_comments,
                           .duration = std::chrono::seconds(1),
                           .interval = milliseconds(400)});
  const auto steps = stream_of(script);
  EXPECT_EQ(times_of(steps),
            (std::vector<std::int64_t>{0, 400, 800, 1000, 1020, 1040, 1060, 1060}));
  EXPECT_EQ(steps[1].bytes, as_chunk(": keep-alive\n\n"));
}

TEST(Schedule, ASlowHeaderDripsByteByByte) {
  Script script = timed(Dialect::openai);
  script.faults.push_back({.kind = FaultKind::slow_header, .interval = milliseconds(10)});
  const auto steps = stream_of(script);
  ASSERT_GT(steps.size(), 100U);
  EXPECT_EQ(steps[0].bytes, "H");
  EXPECT_EQ(steps[1].bytes, "T");
  EXPECT_EQ(steps[1].at - steps[0].at, milliseconds(10));
  EXPECT_GT(steps.back().at, steps[0].at + milliseconds(1000));
}

TEST(Schedule, AnEmptyAnswerStillFinishes) {
  Script script = timed(Dialect::openai);
  script.fallback.text.clear();
  const auto steps = stream_of(script);
  EXPECT_EQ(times_of(steps), (std::vector<std::int64_t>{300}));
  EXPECT_NE(steps[0].bytes.find("[DONE]"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::simulate::testing
