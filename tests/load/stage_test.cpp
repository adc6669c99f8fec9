#include "run/fakes.h"

#include <faceoff/load/stage.h>
#include <faceoff/load/summary.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::load {
namespace {

using namespace std::chrono_literals;
using run::test::answer;
using run::test::FakeBackend;
using run::test::Steps;

class StageTest : public ::testing::Test {
 protected:
  using Script = std::function<Steps(TimePoint, const net::HttpRequest&)>;

  StageResult run(const Stage& stage, const Script& script, std::size_t targets = 1) {
    net::FakeTransport transport(clock_, [&](net::TransferId, const net::HttpRequest& request) {
      urls_.push_back(request.url);
      return script(clock_.now(), request);
    });
    const std::vector<const FakeBackend*> backends{&a_, &b_};
    std::vector<Target> list;
    for (std::size_t i = 0; i < targets; ++i) {
      list.push_back({.backend = backends[i]});
    }
    PromptSource prompts;
    prompts.requests = synthetic_prompts(64, 20, 0);
    auto result = run_stage(stage, list, prompts, transport, clock_, stop_);
    EXPECT_TRUE(result) << result.error().message;
    max_in_flight_ = transport.max_in_flight();
    return *std::move(result);
  }

  ManualClock clock_;
  FakeBackend a_{"a"};
  FakeBackend b_{"b"};
  run::StopSignal stop_;
  std::vector<std::string> urls_;
  std::size_t max_in_flight_ = 0;
};

TEST_F(StageTest, ClosedLoopKeepsSoManyInFlight) {
  Stage stage;
  stage.mode = Mode::closed;
  stage.concurrency = 5;
  stage.requests = 50;
  stage.warmup = 5;
  const auto result =
      run(stage, [](TimePoint, const auto&) { return answer("hello.", 100ms, 10ms); });
  EXPECT_EQ(max_in_flight_, 5U);
  EXPECT_EQ(result.samples.size(), 55U);
  const auto summary = summarise(stage, result, 0, {});
  EXPECT_EQ(summary.issued, 50U);
  EXPECT_EQ(summary.warmup, 5U);
  EXPECT_EQ(summary.drained, 5U);
  EXPECT_EQ(summary.concurrency_max, 5);
  // Each is in flight by the definition for 139 of the 160 ms that it takes.
  EXPECT_NEAR(summary.concurrency_mean, 5 * 139.0 / 160.0, 0.1);
  // From t_ready, a millisecond after the start: token i at 100 + 10 i, "." is none.
  const auto e2e = summary.figures.of(chat::Metric::e2e).describe();
  EXPECT_DOUBLE_EQ(*e2e.p50, 139.0);
  EXPECT_EQ(e2e.n, 50U);
  EXPECT_EQ(summary.figures.of(chat::Metric::e2e_sched).describe().n, 0U);
  EXPECT_DOUBLE_EQ(*summary.figures.of(chat::Metric::tpot).describe().p50, 10.0);
  EXPECT_DOUBLE_EQ(*summary.decode_tok_s, 100.0);
}

TEST_F(StageTest, OpenLoopSendsOnItsScheduleWhateverIsInFlight) {
  Stage stage;
  stage.mode = Mode::open;
  stage.rate = 10.0;
  stage.arrival = Arrival::constant;
  stage.requests = 40;
  const auto result = run(stage, [](TimePoint, const auto&) { return answer("ab.", 5s, 10ms); });
  EXPECT_EQ(max_in_flight_, 40U);
  for (const Sample& sample : result.samples) {
    EXPECT_EQ(sample.planned - result.began, 100ms * static_cast<std::int64_t>(sample.number));
    EXPECT_EQ(chat::of(sample.values, chat::Metric::schedule_delay), 1.0);
  }
}

// The stall of wrk2's README: what waited for the paused server shows in the figures from the
// schedule; the median does not move.
TEST_F(StageTest, APauseOfTheServerShowsInTheTailFromTheSchedule) {
  Stage stage;
  stage.mode = Mode::open;
  stage.rate = 100.0;
  stage.arrival = Arrival::constant;
  stage.requests = 1000;
  stage.max_in_flight = 20;
  const auto result = run(stage, [](TimePoint now, const auto&) {
    const Duration since = now.time_since_epoch();
    const Duration pause = since >= 5s && since < 6s ? 6s - since : 0s;
    return answer("ab.", 10ms + pause, 1ms);
  });
  const auto summary = summarise(stage, result, 0, {});
  EXPECT_GE(*summary.figures.of(chat::Metric::e2e_sched).describe().p99, 900.0);
  EXPECT_LE(*summary.figures.of(chat::Metric::e2e).describe().p50, 10.0);
  EXPECT_GE(*summary.figures.of(chat::Metric::schedule_delay).describe().max, 700.0);
}

TEST_F(StageTest, OpenLoopWithoutALimitSeesThePauseFromTheSendAsWell) {
  Stage stage;
  stage.mode = Mode::open;
  stage.rate = 100.0;
  stage.arrival = Arrival::constant;
  stage.requests = 1000;
  const auto result = run(stage, [](TimePoint now, const auto&) {
    const Duration since = now.time_since_epoch();
    const Duration pause = since >= 5s && since < 6s ? 6s - since : 0s;
    return answer("ab.", 10ms + pause, 1ms);
  });
  const auto summary = summarise(stage, result, 0, {});
  EXPECT_GE(*summary.figures.of(chat::Metric::e2e_sched).describe().p99, 900.0);
  EXPECT_LE(*summary.figures.of(chat::Metric::e2e).describe().p50, 10.0);
}

TEST_F(StageTest, SerialTakesTurnsWithOneRequestInFlightOverAll) {
  Stage stage;
  stage.requests = 20;
  stage.warmup = 1;
  const auto result = run(
      stage, [](TimePoint, const auto&) { return answer("ab.", 10ms, 1ms); }, 2);
  EXPECT_EQ(max_in_flight_, 1U);
  ASSERT_EQ(urls_.size(), 42U);
  std::size_t a_first = 0;
  for (std::size_t i = 0; i < urls_.size(); i += 2) {
    EXPECT_NE(urls_[i], urls_[i + 1]) << "both get every prompt before the next one";
    a_first += urls_[i] == "http://a/" ? 1U : 0U;
  }
  EXPECT_GT(a_first, 3U);
  EXPECT_LT(a_first, 18U);
  EXPECT_EQ(summarise(stage, result, 1, {}).issued, 20U);
}

TEST_F(StageTest, FailedAnswersAreCountedAndInNoFigure) {
  Stage stage;
  stage.mode = Mode::closed;
  stage.requests = 10;
  int count = 0;
  const auto result = run(stage, [&](TimePoint, const auto&) -> Steps {
    ++count;
    return count % 5 == 0   ? run::test::error(503, "busy")
           : count % 5 == 1 ? Steps{{1ms, net::Ready{}},
                                    {2ms, net::Headers{.status = 200, .headers = {}}},
                                    {9s, net::Bytes{"a"}},
                                    {9s, net::Finished{}}}
                            : answer("ab.", 10ms, 1ms);
  });
  const std::array slos{*parse_slo("ttft<1s")};
  const auto summary = summarise(stage, result, 0, slos);
  EXPECT_EQ(summary.issued, 10U);
  EXPECT_EQ(summary.count(AnswerStatus::ok), 6U);
  EXPECT_EQ(summary.count(AnswerStatus::throttled), 2U);
  EXPECT_EQ(summary.count(AnswerStatus::truncated), 2U);
  EXPECT_DOUBLE_EQ(summary.good_share, 0.6) << "of all that were sent";
  EXPECT_LE(*summary.figures.of(chat::Metric::ttft).describe().max, 10.0);
}

TEST_F(StageTest, ATimeLimitEndsAnAnswer) {
  Stage stage;
  stage.mode = Mode::closed;
  stage.requests = 2;
  const auto result = run(stage, [](TimePoint, const auto&) -> Steps {
    return {{1ms, net::Ready{}}, {2ms, net::Headers{.status = 200, .headers = {}}}};
  });
  EXPECT_EQ(summarise(stage, result, 0, {}).count(AnswerStatus::timeout_idle), 2U);
}

TEST_F(StageTest, StartsForSoLongOnly) {
  Stage stage;
  stage.mode = Mode::open;
  stage.rate = 10.0;
  stage.arrival = Arrival::constant;
  stage.requests = 1'000'000;
  stage.duration = 2s;
  const auto result = run(stage, [](TimePoint, const auto&) { return answer("ab.", 10ms, 1ms); });
  EXPECT_EQ(result.samples.size(), 20U);
}

TEST_F(StageTest, StopsAtTheUsersWishWithWhatItHas) {
  Stage stage;
  stage.mode = Mode::closed;
  stage.requests = 100;
  int count = 0;
  const auto result = run(stage, [&](TimePoint, const auto&) {
    stop_.drain = ++count == 10;
    return answer("ab.", 10ms, 1ms);
  });
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(result.samples.size(), 10U);
}

TEST_F(StageTest, TakesNoiseOfOneBurstForWhatItIs) {
  Stage stage;
  stage.mode = Mode::closed;
  stage.requests = 4;
  const auto result = run(stage, [](TimePoint, const auto&) -> Steps {
    return {{1ms, net::Ready{}},
            {2ms, net::Headers{.status = 200, .headers = {}}},
            {900ms, net::Bytes{"abcdefgh."}},
            {900ms, net::Finished{}}};
  });
  const auto summary = summarise(stage, result, 0, {});
  ASSERT_FALSE(summary.warnings.empty());
  EXPECT_THAT(summary.warnings.front(), ::testing::HasSubstr("does not stream"));
  EXPECT_EQ(summary.figures.of(chat::Metric::tpot).describe().n, 0U);
  EXPECT_EQ(summary.figures.coalesced(), 28U);
}

}  // namespace
}  // namespace faceoff::load
