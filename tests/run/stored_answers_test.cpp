// Answers that need no server, and what a run may cost.

#include "fakes.h"

#include <faceoff/run/runner.h>
#include <faceoff/store/answers.h>

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;
using test::FakeBackend;
using test::FakeSuite;

store::StoredAnswer stored(std::string text) {
  store::StoredAnswer answer;
  answer.completion.text = std::move(text);
  answer.completion.finish = chat::Finish::stop;
  answer.timing.ttft = 40ms;
  answer.client_queue = 2ms;
  answer.attempts.emplace_back();
  return answer;
}

class MapSource final : public store::AnswerSource {
 public:
  Result<Found> find(const suite::Case& item, std::int32_t /*repeat*/) override {
    ++asked;
    const auto it = answers.find(item.id);
    if (it == answers.end()) {
      return Found{.answer = std::nullopt, .why = "the run holds no answer for this case"};
    }
    return Found{.answer = it->second, .why = {}};
  }
  std::map<std::string, store::StoredAnswer> answers;
  int asked = 0;
};

class MapCache final : public store::AnswerCache {
 public:
  Result<std::optional<store::StoredAnswer>> find(const std::string& key) override {
    const auto it = kept.find(key);
    return it == kept.end() ? std::nullopt : std::optional(it->second);
  }
  Status put(const std::string& key, const store::StoredAnswer& answer) override {
    kept.emplace(key, answer);
    return {};
  }
  std::map<std::string, store::StoredAnswer> kept;
};

class StoredAnswersTest : public testing::Test {
 protected:
  Plan plan(const suite::Suite& suite) {
    Plan plan;
    plan.suite = &suite;
    plan.suite_name = "fake";
    plan.score_threads = 0;
    Lane lane;
    lane.backend = &backend_;
    lane.concurrency = 2;
    plan.lanes.push_back(std::move(lane));
    return plan;
  }
  Tally go(const Plan& plan, net::FakeTransport::Script script) {
    sink_ = test::VectorSink();
    transport_ = std::make_unique<net::FakeTransport>(clock_, std::move(script));
    auto tally = run(plan, *transport_, clock_, sink_, observer_, stop_);
    EXPECT_TRUE(tally);
    return tally ? *std::move(tally) : Tally{};
  }
  static test::Steps never(net::TransferId /*id*/, const net::HttpRequest& /*request*/) {
    ADD_FAILURE() << "a request was sent";
    return test::answer("x.");
  }

  FakeBackend backend_{"old", false};
  ManualClock clock_;
  test::VectorSink sink_;
  Observer observer_;
  StopSignal stop_;
  std::unique_ptr<net::FakeTransport> transport_;
};

TEST_F(StoredAnswersTest, AReplaySendsNothingAndScoresWhatWasAnsweredThen) {
  const FakeSuite suite(5000, [](std::uint64_t n) {
    auto item = test::simple_case(n);
    item.local_only = n % 2 == 0;  // nothing leaves the machine
    return item;
  });
  MapSource source;
  for (int i = 0; i < 5000; ++i) {
    source.answers["case-" + std::to_string(i)] = stored(i % 2 == 0 ? "x" : "y");
  }
  Plan p = plan(suite);
  p.lanes[0].answers = &source;
  p.window = 20;
  const auto tally = go(p, never);
  EXPECT_EQ(tally.ending, Ending::complete);
  EXPECT_EQ(transport_->started(), 0U);
  EXPECT_EQ(clock_.now(), TimePoint{});
  EXPECT_EQ(tally.lanes[0].from_store, 5000U);
  EXPECT_LE(tally.max_window, 20U);
  ASSERT_EQ(sink_.records().size(), 5000U);
  for (const auto& record : sink_.records()) {
    EXPECT_TRUE(record.cached);
    EXPECT_FALSE(record.timing.ttft);
    EXPECT_EQ(record.client_queue, Duration{0});
    EXPECT_TRUE(record.attempts.empty());
    EXPECT_EQ(record.value, record.completion.text == "x" ? 1.0 : 0.0);
  }
}

TEST_F(StoredAnswersTest, AnAnswerThatIsNotThereSaysWhy) {
  const FakeSuite suite(2, test::simple_case);
  MapSource source;
  source.answers["case-0"] = stored("x");
  Plan p = plan(suite);
  p.lanes[0].answers = &source;
  const auto tally = go(p, never);
  EXPECT_EQ(tally.lanes[0].failed, 1U);
  const auto it =
      std::ranges::find(sink_.records(), "case-1", [](const auto& r) { return r.case_id; });
  EXPECT_EQ(it->error, backend::FailureKind::not_recorded);
  EXPECT_EQ(it->error_message, "the run holds no answer for this case");
  EXPECT_EQ(it->outcome, score::Outcome::failed);
}

TEST_F(StoredAnswersTest, WhatFailedThenFailsAgainAsItDid) {
  const FakeSuite suite(2, test::simple_case);
  MapSource source;
  source.answers["case-0"].error = backend::FailureKind::server_error;
  source.answers["case-0"].error_message = "HTTP 500";
  source.answers["case-1"].error = backend::FailureKind::total_timeout;
  source.answers["case-1"].time_limit = true;
  Plan p = plan(suite);
  p.lanes[0].answers = &source;
  const auto tally = go(p, never);
  EXPECT_EQ(sink_.records()[0].outcome, score::Outcome::failed);
  EXPECT_EQ(sink_.records()[0].error_message, "HTTP 500");
  EXPECT_EQ(sink_.records()[1].outcome, score::Outcome::truncated);
  EXPECT_EQ(tally.lanes[0].failed, 1U);
}

TEST_F(StoredAnswersTest, ARunThatIsScoredAnewKeepsItsFigures) {
  const FakeSuite suite(1, test::simple_case);
  MapSource source;
  source.answers["case-0"] = stored("x");
  Plan p = plan(suite);
  p.lanes[0].answers = &source;
  p.lanes[0].keeps_timing = true;
  go(p, never);
  EXPECT_FALSE(sink_.records()[0].cached);
  EXPECT_EQ(sink_.records()[0].timing.ttft, 40ms);
  EXPECT_EQ(sink_.records()[0].attempts.size(), 1U);
}

TEST_F(StoredAnswersTest, AReplayStandsBesideALiveBackend) {
  const FakeSuite suite(50, test::simple_case);
  const FakeBackend live("live");
  MapSource source;
  Plan p = plan(suite);
  p.lanes[0].answers = &source;
  Lane lane;
  lane.backend = &live;
  p.lanes.push_back(std::move(lane));
  const auto tally = go(p, [](auto, const auto&) { return test::answer("x."); });
  EXPECT_EQ(tally.lanes[0].failed, 50U);
  EXPECT_EQ(tally.lanes[1].finished, 50U);
  EXPECT_EQ(transport_->started(), 50U);
}

TEST_F(StoredAnswersTest, CACHE_01_RepeatsAreDistinctCallsAndTheSecondRunSendsNothing) {
  const FakeSuite suite(3, test::simple_case);
  MapCache cache;
  Plan p = plan(suite);
  p.repeat = 5;
  p.lanes[0].cache_read = &cache;
  p.lanes[0].cache_write = &cache;
  go(p, [](auto, const auto&) { return test::answer("x."); });
  EXPECT_EQ(transport_->started(), 15U);
  EXPECT_EQ(cache.kept.size(), 15U);
  for (const auto& record : sink_.records()) {
    EXPECT_FALSE(record.cached);
    EXPECT_TRUE(record.timing.ttft);
  }
  const auto tally = go(p, never);
  EXPECT_EQ(tally.lanes[0].from_store, 15U);
  ASSERT_EQ(sink_.records().size(), 15U);
  for (const auto& record : sink_.records()) {
    EXPECT_TRUE(record.cached);
    EXPECT_FALSE(record.timing.ttft);
    EXPECT_EQ(record.value, 1.0);
  }
}

TEST_F(StoredAnswersTest, CACHE_01_WhatFailedIsNotKept) {
  const FakeSuite suite(3, test::simple_case);
  MapCache cache;
  Plan p = plan(suite);
  p.lanes[0].cache_read = &cache;
  p.lanes[0].cache_write = &cache;
  go(p, [](auto, const auto& request) {
    return request.body == "case-0"   ? test::error(500, "no")
           : request.body == "case-1" ? test::answer("x")  // cut
                                      : test::answer("x.");
  });
  EXPECT_EQ(cache.kept.size(), 1U);
}

class BudgetRunTest : public StoredAnswersTest {
 protected:
  static backend::Price price() {
    return {.input = Money{1'000'000},
            .cached = std::nullopt,
            .output = Money{10'000'000},
            .as_of = {},
            .source = {}};
  }
};

constexpr Money kAnswer{100 * 1'000'000 + 1 * 10'000'000};  // 100 tokens in, one out
const net::HeaderList kUsage{{"prompt-tokens", "100"}};

TEST_F(BudgetRunTest, BUD_01_StopsBeforeExceedingByMoreThanWhatIsInFlight) {
  for (const std::int64_t concurrency : {1, 4, 16}) {
    const FakeSuite suite(1000, test::simple_case);
    Plan p = plan(suite);
    p.lanes[0].concurrency = concurrency;
    p.lanes[0].price = price();
    p.limits.cost = Money{kAnswer.picodollars * 100 + 1};
    const auto tally =
        go(p, [](auto, const auto&) { return test::answer("x.", 100ms, 10ms, kUsage); });
    EXPECT_EQ(tally.ending, Ending::budget);
    EXPECT_FALSE(tally.lanes[0].cost_estimated);
    EXPECT_GE(tally.lanes[0].cost, *p.limits.cost);
    EXPECT_LE(tally.lanes[0].cost.picodollars,
              p.limits.cost->picodollars + concurrency * kAnswer.picodollars);
    EXPECT_NE(tally.budget.find("of the limit of"), std::string::npos);
    // What was in flight is waited for and recorded with its cost.
    EXPECT_EQ(sink_.records().size(), transport_->started());
    Money sum;
    for (const auto& record : sink_.records()) {
      ASSERT_TRUE(record.cost);
      sum += *record.cost;
    }
    EXPECT_EQ(sum, tally.lanes[0].cost);
  }
}

TEST_F(BudgetRunTest, BUD_01_RetriesCountAndMissingUsageIsEstimated) {
  const FakeSuite suite(1000, test::simple_case);
  Plan p = plan(suite);
  p.lanes[0].price = price();
  p.limits.cost = Money{1'000'000'000};
  int sent = 0;
  const auto tally = go(p, [&](auto, const auto&) {
    // Every other answer is cut: paid for, and paid again.
    return ++sent % 2 == 0 ? test::answer("x")
                           : test::answer("x.", 100ms, 10ms, {{"no-usage", ""}});
  });
  EXPECT_EQ(tally.ending, Ending::budget);
  EXPECT_TRUE(tally.lanes[0].cost_estimated);
  EXPECT_NE(tally.budget.find("estimated"), std::string::npos);
  // "case-123" is two tokens, the answer one.
  const std::int64_t each = 2 * 1'000'000 + 10'000'000;
  EXPECT_NEAR(static_cast<double>(sent), 1e9 / static_cast<double>(each), 4.0);
  for (const auto& record : sink_.records()) {
    EXPECT_FALSE(record.cost);
  }
}

TEST_F(BudgetRunTest, ABudgetThatIsReachedWithTheLastAnswerCutsNothingOff) {
  const FakeSuite suite(10, test::simple_case);
  Plan p = plan(suite);
  p.lanes[0].price = price();
  p.limits.cost = Money{kAnswer.picodollars * 10};
  const auto tally =
      go(p, [](auto, const auto&) { return test::answer("x.", 100ms, 10ms, kUsage); });
  EXPECT_EQ(tally.ending, Ending::complete);
  EXPECT_EQ(sink_.records().size(), 10U);
}

TEST_F(BudgetRunTest, BUD_01_TheTimeLimitWaitsForWhatIsInFlight) {
  const FakeSuite suite(1000, test::simple_case);
  Plan p = plan(suite);
  p.limits.time = 10s;
  const auto tally = go(p, [](auto, const auto&) { return test::answer("x.", 1s, 500ms); });
  EXPECT_EQ(tally.ending, Ending::budget);
  EXPECT_EQ(sink_.records().size(), transport_->started());
  EXPECT_LE(clock_.now() - TimePoint{}, 12s);
  EXPECT_NE(tally.budget.find("10.0 s"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::run
