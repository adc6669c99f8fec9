// Servers that are gone, busy or picky, in virtual time.

#include "fakes.h"

#include <faceoff/run/runner.h>

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;
using test::FakeBackend;
using test::FakeSuite;
using test::Steps;

class Watcher final : public Observer {
 public:
  void trial_waits(const TrialName& /*trial*/,
                   Duration /*wait*/,
                   const backend::Failure&) override {
    ++trial_waits_;
  }
  void lane_waits(std::size_t /*lane*/, Duration wait, const std::string& why) override {
    waits.emplace_back(wait, why);
  }
  void lane_goes_on(std::size_t /*lane*/) override { ++goes_on; }
  void lane_stopped(std::size_t /*lane*/, const std::string& why) override { stopped = why; }
  std::vector<std::pair<Duration, std::string>> waits;
  int trial_waits_ = 0;
  int goes_on = 0;
  std::string stopped;
};

class OutageTest : public testing::Test {
 protected:
  Plan plan(const suite::Suite& suite, std::int64_t concurrency) {
    Plan plan;
    plan.suite = &suite;
    plan.suite_name = "fake";
    plan.score_threads = 0;
    Lane lane;
    lane.backend = &backend_;
    lane.concurrency = concurrency;
    plan.lanes.push_back(std::move(lane));
    return plan;
  }
  Result<Tally> go(const Plan& plan, net::FakeTransport::Script script) {
    transport_ = std::make_unique<net::FakeTransport>(clock_, std::move(script));
    return run(plan, *transport_, clock_, sink_, watcher_, stop_);
  }
  Duration elapsed() const { return clock_.now() - TimePoint{}; }
  std::size_t failed() const {
    return static_cast<std::size_t>(std::ranges::count(
        sink_.records(), score::Outcome::failed, [](const auto& r) { return r.outcome; }));
  }

  FakeBackend backend_{"server"};
  ManualClock clock_;
  test::VectorSink sink_;
  Watcher watcher_;
  StopSignal stop_;
  std::unique_ptr<net::FakeTransport> transport_;
};

// What every case may take when nothing but refusals come: the attempts and the jittered waits.
Duration longest_trial(const RetryPolicy& policy, Duration attempt) {
  Duration sum = attempt * (policy.max_retries + 1);
  for (std::int64_t i = 0; i < policy.max_retries; ++i) {
    sum += std::min(policy.first_wait * (1 << i), policy.longest_wait);
  }
  return sum;
}

TEST_F(OutageTest, NET_02_AClosedPortIsGivenUpInTheTimeOfTheBreaker) {
  const FakeSuite suite(1000, test::simple_case);
  const Plan p = plan(suite, 4);
  const auto tally = go(p, [](auto, const auto&) { return test::refused(); });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::stopped);
  EXPECT_NE(watcher_.stopped.find("5 trials in a row found no server"), std::string::npos);
  EXPECT_NE(watcher_.stopped.find("nothing listens"), std::string::npos);
  // Five trials and a handful of probes, not a thousand cases with their retries.
  EXPECT_LE(transport_->started(), 20U);
  EXPECT_LE(elapsed(), p.lanes[0].breaker.max_time + 10s);
  // What was tried has a record with its cause and every attempt.
  EXPECT_EQ(failed(), sink_.records().size());
  EXPECT_GE(failed(), 5U);
  std::size_t attempts = 0;
  for (const auto& record : sink_.records()) {
    EXPECT_EQ(record.error, backend::FailureKind::refused);
    attempts += record.attempts.size();
  }
  EXPECT_EQ(attempts, transport_->started());
}

TEST_F(OutageTest, AFewCasesWithoutAServerEndByTheirOwnRetries) {
  const FakeSuite suite(3, test::simple_case);
  const Plan p = plan(suite, 4);
  ASSERT_TRUE(go(p, [](auto, const auto&) { return test::refused(); }));
  EXPECT_EQ(failed(), 3U);
  EXPECT_EQ(transport_->started(), 12U);
  EXPECT_LE(elapsed(), longest_trial(p.lanes[0].retry, 1ms) + 1s);
}

TEST_F(OutageTest, NET_18_AStormOfRefusalsEndsInAComputedTime) {
  for (const auto& [status, body] :
       {std::pair{429, "busy"}, std::pair{500, "yes"}, std::pair{503, "yes"}}) {
    ManualClock clock;
    test::VectorSink sink;
    Watcher watcher;
    net::FakeTransport transport(
        clock, [s = status, b = body](auto, const auto&) { return test::error(s, b); });
    const FakeSuite suite(10'000, test::simple_case);
    const Plan p = plan(suite, 4);
    const auto tally = run(p, transport, clock, sink, watcher, stop_);
    ASSERT_TRUE(tally);
    EXPECT_EQ(tally->ending, Ending::stopped);
    EXPECT_GT(watcher.trial_waits_, 0);
    // Twice five trials fail after all their retries; meanwhile others fill the places that their
    // pauses leave, at most as many as the window holds. Then come the probes.
    const Duration bound =
        longest_trial(p.lanes[0].retry, 3ms) * 10 + p.lanes[0].breaker.max_time + 10s;
    EXPECT_LE(clock.now() - TimePoint{}, bound);
    EXPECT_LE(sink.records().size(), 200U);
    EXPECT_NE(watcher.stopped.find("refused after all their retries"), std::string::npos);
  }
}

TEST_F(OutageTest, NET_17_AServerThatAsksForAnHourIsGivenUpNotWaitedFor) {
  const FakeSuite suite(1000, test::simple_case);
  const Plan p = plan(suite, 4);
  const auto tally = go(p, [](auto, const auto&) {
    return test::error(429, "busy", {{"retry-after", "3600"}});
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::stopped);
  EXPECT_LE(elapsed(), p.lanes[0].breaker.max_time + 10s);
  EXPECT_LE(transport_->started(), 30U);
  EXPECT_NE(sink_.records()[0].error_message.find("the server asks to wait"), std::string::npos);
}

TEST_F(OutageTest, NET_19_ACaseThatAlwaysFailsDoesNotStopTheRest) {
  const FakeSuite suite(200, test::simple_case);
  const auto tally = go(plan(suite, 4), [](auto, const auto& request) {
    return request.body == "case-77" ? test::error(500, "yes") : test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::complete);
  EXPECT_EQ(sink_.records().size(), 200U);
  ASSERT_EQ(failed(), 1U);
  const auto it =
      std::ranges::find(sink_.records(), "case-77", [](const auto& r) { return r.case_id; });
  EXPECT_EQ(it->attempts.size(), 4U);
  EXPECT_TRUE(watcher_.waits.empty());
}

TEST_F(OutageTest, NET_20_AServerThatComesBackIsFoundByAProbeAndNothingIsLost) {
  const FakeSuite suite(200, test::simple_case);
  const Duration away_from = 5s;
  const Duration away_to = 40s;
  std::size_t sent_while_away = 0;
  const auto tally = go(plan(suite, 4), [&](auto, const auto&) {
    if (elapsed() >= away_from && elapsed() < away_to) {
      ++sent_while_away;
      return test::refused();
    }
    // Those under way are cut.
    if (elapsed() < away_from && elapsed() + 300ms >= away_from) {
      return Steps{{1ms, net::Ready{}},
                   {2ms, net::Headers{.status = 200, .headers = {}}},
                   {50ms, net::Bytes{"x"}},
                   {away_from - elapsed() + 1ms,
                    net::Failed{.fault = net::Fault::reset, .message = "reset"}}};
    }
    return test::answer("x.", 200ms, 10ms);
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::complete);
  EXPECT_EQ(sink_.records().size(), 200U);
  EXPECT_EQ(failed(), 0U);
  EXPECT_LE(sent_while_away, 16U);
  ASSERT_FALSE(watcher_.waits.empty());
  EXPECT_NE(watcher_.waits[0].second.find("5 trials in a row"), std::string::npos);
  EXPECT_EQ(watcher_.goes_on, 1);
  std::set<store::TrialKey> keys;
  for (const auto& record : sink_.records()) {
    keys.insert(store::key_of(record));
  }
  EXPECT_EQ(keys.size(), 200U);
}

TEST_F(OutageTest, KEY_07_ARemoteBackendWithAWrongKeyGetsOneRequest) {
  const FakeBackend remote("remote", false);
  const FakeSuite suite(100, test::simple_case);
  Plan p = plan(suite, 16);
  p.lanes[0].backend = &remote;
  const auto tally = go(p, [](auto, const auto&) { return test::error(401, "stop"); });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::stopped);
  EXPECT_EQ(transport_->started(), 1U);
  EXPECT_EQ(sink_.records().size(), 1U);
}

TEST_F(OutageTest, ARemoteBackendThatTakesItsRequestsSoonGetsAsManyAsItMay) {
  const FakeBackend remote("remote", false);
  const FakeSuite suite(200, test::simple_case);
  Plan p = plan(suite, 16);
  p.lanes[0].backend = &remote;
  const auto tally = go(p, [](auto, const auto&) { return test::answer("x.", 1s, 10ms); });
  ASSERT_TRUE(tally);
  EXPECT_EQ(transport_->max_in_flight(), 16U);
  // Headers come at once, so the way up costs next to nothing.
  EXPECT_LE(elapsed(), 15s);
  EXPECT_EQ(tally->lanes[0].concurrency_history.front().limit, 1);
  EXPECT_EQ(tally->lanes[0].concurrency_history.back().limit, 16);
}

TEST_F(OutageTest, ABusyServerGetsFewerAtATimeAndThenMoreAgain) {
  const FakeSuite suite(400, test::simple_case);
  const auto tally = go(plan(suite, 16), [&](auto, const auto&) {
    return transport_->in_flight() > 6 ? test::error(429, "busy") : test::answer("x.", 1s, 10ms);
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::complete);
  EXPECT_EQ(sink_.records().size(), 400U);
  const auto& history = tally->lanes[0].concurrency_history;
  ASSERT_GE(history.size(), 3U);
  EXPECT_EQ(history[0].limit, 16);
  EXPECT_EQ(history[1].limit, 8);
  EXPECT_EQ(history[1].why, "HTTP 429 (rate_limited)");
  EXPECT_TRUE(std::ranges::any_of(
      history, [](const auto& change) { return change.why.ends_with("were taken"); }));
  // Far fewer refusals than without the limit's help.
  EXPECT_LT(failed(), 4U);
}

TEST_F(OutageTest, AServersPauseIsKeptByTheWholeBackend) {
  const FakeSuite suite(20, test::simple_case);
  bool refused = false;
  std::vector<Duration> sent;
  const auto tally = go(plan(suite, 1), [&](auto, const auto&) {
    sent.push_back(elapsed());
    if (sent.size() == 4 && !refused) {
      refused = true;
      return test::error(429, "busy", {{"retry-after", "30"}});
    }
    return test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(sink_.records().size(), 20U);
  EXPECT_GE(sent[4] - sent[3], 30s);
  ASSERT_EQ(watcher_.waits.size(), 1U);
  EXPECT_NE(watcher_.waits[0].second.find("HTTP 429"), std::string::npos);
  EXPECT_EQ(watcher_.goes_on, 1);
}

TEST_F(OutageTest, AQuotaOfTheServersIsNotRunInto) {
  const FakeSuite suite(50, test::simple_case);
  int left = 10;
  int over = 0;
  Duration full_at = 20s;
  const auto tally = go(plan(suite, 1), [&](auto, const auto&) {
    if (elapsed() >= full_at) {
      left = 10;
      full_at = elapsed() + 20s;
    }
    if (left == 0) {
      ++over;
      return test::error(429, "busy");
    }
    --left;
    return test::answer(
        "x.",
        100ms,
        10ms,
        {{"x-ratelimit-limit-requests", "10"},
         {"x-ratelimit-remaining-requests", std::to_string(left)},
         {"x-ratelimit-reset-requests", std::to_string((full_at - elapsed()) / 1ms) + "ms"}});
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(sink_.records().size(), 50U);
  EXPECT_EQ(over, 0);
  EXPECT_FALSE(watcher_.waits.empty());
}

TEST_F(OutageTest, ARateOfTheUsersIsKept) {
  const FakeSuite suite(60, test::simple_case);
  Plan p = plan(suite, 8);
  p.lanes[0].rates.requests_per_minute = 30;
  std::vector<Duration> sent;
  ASSERT_TRUE(go(p, [&](auto, const auto&) {
    sent.push_back(elapsed());
    return test::answer("x.");
  }));
  for (std::size_t i = 30; i < sent.size(); ++i) {
    EXPECT_GT(sent[i] - sent[i - 30], 60s - 1ms);
  }
  EXPECT_LE(elapsed(), 2min + 1s);
}

}  // namespace
}  // namespace faceoff::run
