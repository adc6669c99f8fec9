#include "fakes.h"

#include <faceoff/run/trial_driver.h>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;
using test::FakeBackend;

class TrialDriverTest : public testing::Test {
 protected:
  TrialDriverTest() { settings_.backend = &backend_; }

  TrialDriver make() {
    chat::Request request;
    request.messages = {{.role = chat::Role::user, .text = "hi"}};
    return {settings_, std::move(request), 7};
  }
  static net::Event event(TimePoint at, decltype(net::Event::what) what) {
    return {.id = 1, .at = at, .what = std::move(what)};
  }
  static Step play(TrialDriver& driver, TimePoint start, const test::Steps& steps) {
    static_cast<void>(driver.begin(start, UtcTime{}));
    Step last = Continue{};
    for (const auto& step : steps) {
      last = driver.on_event(event(start + step.after, step.what), UtcTime{});
    }
    return last;
  }

  FakeBackend backend_{"fake"};
  TrialSettings settings_;
};

TEST_F(TrialDriverTest, AnAnswerGivesCompletionTimingAndOneAttempt) {
  auto driver = make();
  const Step step = play(driver, TimePoint{1s}, test::answer("ab."));
  const auto& result = std::get<Done>(step).result;
  EXPECT_FALSE(result.failure);
  EXPECT_EQ(result.completion.text, "ab");
  EXPECT_EQ(result.timing.ttft, 99ms);
  EXPECT_EQ(result.timing.e2e, 109ms);
  EXPECT_EQ(result.timing.tpot, 10ms);
  EXPECT_EQ(result.client_queue, 1ms);
  ASSERT_EQ(result.attempts.size(), 1U);
  EXPECT_EQ(result.attempts[0].http_status, 200);
  EXPECT_EQ(result.attempts[0].failure, std::nullopt);
}

TEST_F(TrialDriverTest, NET_06_AStreamWithoutItsEndIsTruncatedAndRetried) {
  auto driver = make();
  const Step step = play(driver, TimePoint{1s}, test::answer("ab"));
  const auto& wait = std::get<WaitUntil>(step);
  EXPECT_EQ(wait.cause.kind, backend::FailureKind::truncated);
  EXPECT_EQ(driver.state(), TrialDriver::State::pause);
  const Step second = play(driver, wait.at, test::answer("abc."));
  const auto& result = std::get<Done>(second).result;
  EXPECT_EQ(result.completion.text, "abc");
  ASSERT_EQ(result.attempts.size(), 2U);
  EXPECT_EQ(result.attempts[0].failure, backend::FailureKind::truncated);
  EXPECT_GT(result.attempts[1].waited, 0ns);
}

TEST_F(TrialDriverTest, ARetriedAnswerSaysHowLongItTookInAllAndHowMuchOfThatWasTheServersWish) {
  auto driver = make();
  const Step first = play(driver, TimePoint{1s}, test::error(429, "busy", {{"retry-after", "2"}}));
  const auto& wait = std::get<WaitUntil>(first);
  const Step second = play(driver, wait.at, test::answer("ab."));
  const auto& timing = std::get<Done>(second).result.timing;
  EXPECT_EQ(timing.throttled, 2s);
  EXPECT_EQ(timing.e2e, 109ms);
  // The refusal after 3 ms, the wait, and the answer from the start of its attempt.
  EXPECT_EQ(timing.eventual, 3ms + 2s + 110ms);
}

TEST_F(TrialDriverTest, GivesUpAfterItsRetries) {
  settings_.retry.max_retries = 2;
  auto driver = make();
  Step step = play(driver, TimePoint{1s}, test::error(500, "yes"));
  int waits = 0;
  while (const auto* wait = std::get_if<WaitUntil>(&step)) {
    ++waits;
    step = play(driver, wait->at, test::error(500, "yes"));
  }
  EXPECT_EQ(waits, 2);
  const auto& result = std::get<Done>(step).result;
  ASSERT_TRUE(result.failure);
  EXPECT_NE(result.failure->message.find("given up after 3 attempts"), std::string::npos);
  EXPECT_EQ(result.attempts.size(), 3U);
}

test::Steps fault_in_the_answer(net::Fault fault) {
  return {{1ms, net::Ready{}},
          {2ms, net::Headers{.status = 200, .headers = {}}},
          {3ms, net::Bytes{"a"}},
          {4ms, net::Failed{.fault = fault, .message = "it broke"}}};
}

TEST_F(TrialDriverTest, NET_11_ABadChunkIsRetriedOnce) {
  auto driver = make();
  const Step first = play(driver, TimePoint{1s}, fault_in_the_answer(net::Fault::bad_chunk));
  ASSERT_TRUE(std::holds_alternative<WaitUntil>(first));
  const Step second =
      play(driver, std::get<WaitUntil>(first).at, fault_in_the_answer(net::Fault::bad_chunk));
  ASSERT_TRUE(std::holds_alternative<Done>(second));
  const auto& result = std::get<Done>(second).result;
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->kind, backend::FailureKind::protocol);
  EXPECT_NE(result.failure->message.find("given up after 2 attempts"), std::string::npos);
  EXPECT_EQ(result.attempts.size(), 2U);
}

TEST_F(TrialDriverTest, NET_11_ABadChunkIsRetriedAfterRetriesForOtherCauses) {
  auto driver = make();
  Step step = play(driver, TimePoint{1s}, fault_in_the_answer(net::Fault::truncated));
  step = play(driver, std::get<WaitUntil>(step).at, fault_in_the_answer(net::Fault::truncated));
  step = play(driver, std::get<WaitUntil>(step).at, fault_in_the_answer(net::Fault::bad_chunk));
  ASSERT_TRUE(std::holds_alternative<WaitUntil>(step));
  step = play(driver, std::get<WaitUntil>(step).at, test::answer("ab."));
  EXPECT_FALSE(std::get<Done>(step).result.failure);
}

TEST_F(TrialDriverTest, NET_11_ABadChunkIsNotRetriedWhereNothingIs) {
  settings_.retry.max_retries = 0;
  auto driver = make();
  const Step step = play(driver, TimePoint{1s}, fault_in_the_answer(net::Fault::bad_chunk));
  EXPECT_TRUE(std::holds_alternative<Done>(step));
}

TEST_F(TrialDriverTest, NET_01_AnUnknownHostIsRetriedTwice) {
  settings_.retry.max_retries = 10;
  auto driver = make();
  const test::Steps unknown{
      {1ms, net::Failed{.fault = net::Fault::dns, .message = "cannot resolve host"}}};
  Step step = play(driver, TimePoint{1s}, unknown);
  for (int retry = 0; retry < 2; ++retry) {
    ASSERT_TRUE(std::holds_alternative<WaitUntil>(step)) << retry;
    step = play(driver, std::get<WaitUntil>(step).at, unknown);
  }
  ASSERT_TRUE(std::holds_alternative<Done>(step));
  EXPECT_EQ(std::get<Done>(step).result.attempts.size(), 3U);
}

TEST_F(TrialDriverTest, HonoursRetryAfter) {
  auto driver = make();
  const Step step = play(driver, TimePoint{1s}, test::error(429, "yes", {{"retry-after", "4"}}));
  EXPECT_EQ(std::get<WaitUntil>(step).at, TimePoint{1s} + 3ms + 4s);
}

TEST_F(TrialDriverTest, AServerThatLoadsCostsNoRetry) {
  settings_.retry.max_retries = 0;
  auto driver = make();
  Step step = play(driver, TimePoint{1s}, test::error(503, "ready"));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(std::get<WaitUntil>(step).free);
    step = play(driver, std::get<WaitUntil>(step).at, test::error(503, "ready"));
  }
  step = play(driver, std::get<WaitUntil>(step).at, test::answer("x."));
  EXPECT_FALSE(std::get<Done>(step).result.failure);
}

TEST_F(TrialDriverTest, AServerThatNeverLoadsFailsAtTheLimit) {
  settings_.deadlines.start_up = 3s;
  auto driver = make();
  Step step = play(driver, TimePoint{1s}, test::error(503, "ready"));
  int asked = 1;
  while (const auto* wait = std::get_if<WaitUntil>(&step)) {
    step = play(driver, wait->at, test::error(503, "ready"));
    ++asked;
  }
  EXPECT_EQ(std::get<Done>(step).result.failure->kind, backend::FailureKind::loading);
  EXPECT_LE(asked, 8);
}

TEST_F(TrialDriverTest, ARefusedParameterIsSentOtherwiseOnce) {
  auto driver = make();
  Step step = play(driver, TimePoint{1s}, test::error(400, "adjust"));
  ASSERT_TRUE(std::holds_alternative<SendAgain>(step));
  const auto again = driver.begin(TimePoint{2s}, UtcTime{});
  EXPECT_TRUE(net::find_header(again->headers, "adjusted"));
  for (const auto& s : test::error(400, "adjust")) {
    step = driver.on_event(event(TimePoint{2s} + s.after, s.what), UtcTime{});
  }
  const auto& result = std::get<Done>(step).result;
  EXPECT_TRUE(result.failure);
  EXPECT_EQ(result.attempts[1].note, "sent without a parameter");
}

TEST_F(TrialDriverTest, DeadlinesFollowTheStateOfTheAttempt) {
  settings_.deadlines = {
      .connect = 5s, .first_token = 20s, .idle = 2s, .total = 60s, .start_up = 1s};
  auto driver = make();
  EXPECT_EQ(driver.deadline(), kNever);
  const TimePoint start{10s};
  static_cast<void>(driver.begin(start, UtcTime{}));
  EXPECT_EQ(driver.deadline(), start + 5s);
  static_cast<void>(driver.on_event(event(start + 1s, net::Ready{}), UtcTime{}));
  EXPECT_EQ(driver.deadline(), start + 21s);
  static_cast<void>(
      driver.on_event(event(start + 2s, net::Headers{.status = 200, .headers = {}}), UtcTime{}));
  static_cast<void>(driver.on_event(event(start + 3s, net::Bytes{"a"}), UtcTime{}));
  EXPECT_EQ(driver.deadline(), start + 5s);
  // A keep-alive comment is no token.
  static_cast<void>(driver.on_event(event(start + 4s, net::Bytes{":"}), UtcTime{}));
  EXPECT_EQ(driver.deadline(), start + 5s);
  static_cast<void>(driver.on_event(event(start + 4s + 500ms, net::Bytes{"b"}), UtcTime{}));
  EXPECT_EQ(driver.deadline(), start + 6s + 500ms);
}

TEST_F(TrialDriverTest, NET_08_AStallIsRetriedAndNamed) {
  settings_.deadlines.idle = 2s;
  auto driver = make();
  static_cast<void>(driver.begin(TimePoint{0s}, UtcTime{}));
  static_cast<void>(driver.on_event(event(TimePoint{1s}, net::Ready{}), UtcTime{}));
  static_cast<void>(
      driver.on_event(event(TimePoint{1s}, net::Headers{.status = 200, .headers = {}}), UtcTime{}));
  static_cast<void>(driver.on_event(event(TimePoint{2s}, net::Bytes{"a"}), UtcTime{}));
  const Step step = driver.on_deadline(TimePoint{4s}, UtcTime{});
  EXPECT_EQ(std::get<WaitUntil>(step).cause.kind, backend::FailureKind::idle_timeout);
}

TEST_F(TrialDriverTest, NET_09_CommentsAloneRunIntoTheFirstTokenLimitWithoutTtft) {
  settings_.deadlines.first_token = 5s;
  auto driver = make();
  static_cast<void>(driver.begin(TimePoint{0s}, UtcTime{}));
  static_cast<void>(driver.on_event(event(TimePoint{1s}, net::Ready{}), UtcTime{}));
  static_cast<void>(
      driver.on_event(event(TimePoint{1s}, net::Headers{.status = 200, .headers = {}}), UtcTime{}));
  for (int i = 2; i < 6; ++i) {
    static_cast<void>(
        driver.on_event(event(TimePoint{std::chrono::seconds(i)}, net::Bytes{":"}), UtcTime{}));
  }
  EXPECT_EQ(driver.deadline(), TimePoint{6s});
  const Step step = driver.on_deadline(TimePoint{6s}, UtcTime{});
  const auto& result = std::get<Done>(step).result;
  EXPECT_TRUE(result.time_limit);
  EXPECT_EQ(result.timing.ttft, std::nullopt);
  EXPECT_EQ(result.failure->kind, backend::FailureKind::first_token_timeout);
}

TEST_F(TrialDriverTest, NET_21_ADeadKeptConnectionIsNoRetryAndItsTimeIsInNoFigure) {
  auto driver = make();
  // libcurl finds the kept connection dead, opens another one and sends the request again.
  test::Steps steps{{1ms, net::Ready{.reused = true, .connect = std::nullopt, .peer = {}}},
                    {50ms, net::Ready{.reused = false, .connect = 5ms, .peer = {}}},
                    {60ms, net::Headers{.status = 200, .headers = {}}},
                    {150ms, net::Bytes{"a."}},
                    {160ms, net::Finished{}}};
  const Step step = play(driver, TimePoint{1s}, steps);
  const auto& result = std::get<Done>(step).result;
  ASSERT_EQ(result.attempts.size(), 1U);
  EXPECT_EQ(result.attempts[0].resent, 1);
  EXPECT_EQ(result.timing.ttft, 100ms);
  EXPECT_FALSE(result.timing.connection_reused);
}

TEST_F(TrialDriverTest, WhileTheBackendIsOutOfOrderAFailureUsesUpNoRetry) {
  auto driver = make();
  settings_.out_of_order = true;
  TimePoint now{1s};
  for (int i = 0; i < 20; ++i) {
    const Step step = play(driver, now, test::refused());
    ASSERT_TRUE(std::get<WaitUntil>(step).free);
    now += 10s;
  }
  settings_.out_of_order = false;
  const Step step = play(driver, now, test::refused());
  EXPECT_FALSE(std::get<WaitUntil>(step).free);
  const Done done = driver.give_up();
  EXPECT_EQ(done.result.attempts.size(), 21U);
  EXPECT_EQ(done.result.attempts[1].waited, 10s - 1ms);
  EXPECT_EQ(done.result.failure->kind, backend::FailureKind::refused);
}

TEST_F(TrialDriverTest, TellsWhatEachAttemptBrought) {
  auto driver = make();
  static_cast<void>(play(driver, TimePoint{1s}, test::answer("abc")));
  auto ended = driver.take_ended();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->failure->kind, backend::FailureKind::truncated);
  EXPECT_EQ(ended->answer_bytes, 3U);
  EXPECT_EQ(ended->http_status, 200);
  EXPECT_FALSE(driver.take_ended());
  static_cast<void>(play(driver, TimePoint{9s}, test::answer("abc.")));
  ended = driver.take_ended();
  ASSERT_TRUE(ended);
  EXPECT_FALSE(ended->failure);
  EXPECT_EQ(ended->usage.completion_tokens, 3);
}

TEST_F(TrialDriverTest, CancelEndsTheTrialWithWhatItHas) {
  auto driver = make();
  static_cast<void>(driver.begin(TimePoint{0s}, UtcTime{}));
  static_cast<void>(driver.on_event(event(TimePoint{1s}, net::Ready{}), UtcTime{}));
  const Done done = driver.cancel(TimePoint{2s}, UtcTime{});
  EXPECT_EQ(done.result.failure->kind, backend::FailureKind::cancelled);
  EXPECT_EQ(driver.deadline(), kNever);
}

}  // namespace
}  // namespace faceoff::run
