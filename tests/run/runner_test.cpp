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
using test::VectorSink;

class CountingObserver final : public Observer {
 public:
  void trial_waits(const TrialName& /*trial*/,
                   Duration /*wait*/,
                   const backend::Failure& /*cause*/) override {
    ++waits;
  }
  void lane_stopped(std::size_t lane, const std::string& why) override { stopped[lane] = why; }
  int waits = 0;
  std::map<std::size_t, std::string> stopped;
};

class RunnerTest : public testing::Test {
 protected:
  Plan plan(const suite::Suite& suite, std::int64_t concurrency = 2) {
    Plan plan;
    plan.suite = &suite;
    plan.suite_name = "fake";
    plan.score_threads = 0;
    for (const auto* backend : {&first_, &second_}) {
      Lane lane;
      lane.backend = backend;
      lane.concurrency = concurrency;
      plan.lanes.push_back(std::move(lane));
    }
    return plan;
  }
  Result<Tally> go(const Plan& plan, net::FakeTransport::Script script) {
    transport_ = std::make_unique<net::FakeTransport>(clock_, std::move(script));
    return run(plan, *transport_, clock_, sink_, observer_, stop_);
  }
  static bool is_for(const net::HttpRequest& request, std::string_view backend) {
    return request.url.find(backend) != std::string::npos;
  }

  FakeBackend first_{"first"};
  FakeBackend second_{"second"};
  ManualClock clock_;
  VectorSink sink_;
  CountingObserver observer_;
  StopSignal stop_;
  std::unique_ptr<net::FakeTransport> transport_;
};

TEST_F(RunnerTest, RecordsEveryTrialOfEveryBackendOnce) {
  const FakeSuite suite(20, test::simple_case);
  const auto tally = go(plan(suite), [](auto, const auto&) { return test::answer("x."); });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::complete);
  std::set<store::TrialKey> keys;
  for (const auto& record : sink_.records()) {
    EXPECT_EQ(record.outcome, score::Outcome::scored);
    EXPECT_EQ(record.value, 1.0);
    keys.insert(store::key_of(record));
  }
  EXPECT_EQ(keys.size(), 40U);
  EXPECT_EQ(tally->lanes[0].finished, 20U);
}

TEST_F(RunnerTest, NeverSendsMoreThanTheLimitAtATime) {
  const FakeSuite suite(50, test::simple_case);
  ASSERT_TRUE(go(plan(suite, 3), [](auto, const auto&) { return test::answer("x."); }));
  EXPECT_EQ(transport_->max_in_flight(), 6U);
}

TEST_F(RunnerTest, AFastBackendStaysWithinTheWindowOfASlowOne) {
  const FakeSuite suite(200, test::simple_case);
  Plan p = plan(suite, 1);
  p.window = 10;
  std::map<std::string, int> started;
  int ahead = 0;
  ASSERT_TRUE(go(p, [&](auto, const auto& request) {
    ++started[request.url];
    ahead = std::max(ahead, started["http://first/"] - started["http://second/"]);
    return test::answer("x.", is_for(request, "first") ? 1ms : 500ms);
  }));
  EXPECT_LE(ahead, 10);
}

TEST_F(RunnerTest, AFailedTrialIsDataAndTheRestGoesOn) {
  const FakeSuite suite(10, test::simple_case);
  const auto tally = go(plan(suite), [](auto, const auto& request) {
    return request.body == "case-3" && is_for(request, "first") ? test::error(500, "no")
                                                                : test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->lanes[0].failed, 1U);
  const auto it = std::ranges::find_if(
      sink_.records(), [](const auto& r) { return r.outcome == score::Outcome::failed; });
  ASSERT_NE(it, sink_.records().end());
  EXPECT_EQ(it->case_id, "case-3");
  EXPECT_EQ(it->error, backend::FailureKind::server_error);
  EXPECT_EQ(it->value, std::nullopt);
}

TEST_F(RunnerTest, KEY_07_ARefusedKeyStopsItsBackendAfterWhatIsInFlight) {
  const FakeSuite suite(30, test::simple_case);
  int asked = 0;
  const auto tally = go(plan(suite, 1), [&](auto, const auto& request) {
    if (is_for(request, "first")) {
      ++asked;
      return test::error(401, "stop");
    }
    return test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(tally->ending, Ending::stopped);
  EXPECT_TRUE(tally->lanes[0].stopped);
  EXPECT_EQ(tally->lanes[1].finished, 30U);
  EXPECT_TRUE(observer_.stopped.contains(0));
}

TEST_F(RunnerTest, NET_02_AServerThatIsGoneIsNotAskedForEveryCase) {
  const FakeSuite suite(1000, test::simple_case);
  const auto tally = go(plan(suite, 1), [&](auto, const auto& request) {
    return is_for(request, "second") ? test::refused() : test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->lanes[1].failed, 5U);
  EXPECT_NE(tally->lanes[1].stopped->find("5 trials in a row"), std::string::npos);
  EXPECT_EQ(tally->lanes[0].finished, 1000U);
}

TEST_F(RunnerTest, AServerOfOursThatDiedStopsItsBackendAtOnce) {
  const FakeSuite suite(100, test::simple_case);
  Plan p = plan(suite, 1);
  bool dead = false;
  p.lanes[1].post_mortem = [&dead] {
    return dead ? std::optional<std::string>("exit 137") : std::nullopt;
  };
  int asked = 0;
  const auto tally = go(p, [&](auto, const auto& request) {
    if (!is_for(request, "second")) {
      return test::answer("x.");
    }
    dead = ++asked > 3;
    return dead ? test::refused() : test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(tally->lanes[1].stopped, "exit 137");
  EXPECT_EQ(tally->lanes[1].finished, 3U);
}

TEST_F(RunnerTest, SkipsWhatIsRecordedAlready) {
  const FakeSuite suite(10, test::simple_case);
  Plan p = plan(suite);
  p.is_done = [](const store::TrialKey& key) {
    return key.backend == "first" && key.case_id != "case-9";
  };
  const auto tally = go(p, [](auto, const auto&) { return test::answer("x."); });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->lanes[0].reused, 9U);
  EXPECT_EQ(tally->lanes[0].finished, 1U);
  EXPECT_EQ(transport_->started(), 11U);
}

TEST_F(RunnerTest, RES_01_LocalOnlyCasesAreNeverSentToARemoteBackend) {
  const FakeBackend remote("remote", false);
  const FakeSuite suite(4, [](std::uint64_t n) {
    auto item = test::simple_case(n);
    item.local_only = n % 2 == 0;
    return item;
  });
  Plan p = plan(suite);
  p.lanes[1].backend = &remote;
  std::vector<std::string> sent;
  const auto tally = go(p, [&](auto, const auto& request) {
    if (is_for(request, "remote")) {
      sent.push_back(request.body);
    }
    return test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(sent, (std::vector<std::string>{"case-1", "case-3"}));
  EXPECT_EQ(tally->lanes[1].withheld, 2U);
}

TEST_F(RunnerTest, AFullDiskStopsTheRunBeforeMoreIsPaidFor) {
  const FakeSuite suite(1000, test::simple_case);
  sink_.fail_after(7);
  const auto tally = go(plan(suite, 1), [](auto, const auto&) { return test::answer("x."); });
  ASSERT_FALSE(tally);
  EXPECT_EQ(tally.error().kind, ErrorKind::io);
  EXPECT_EQ(sink_.records().size(), 7U);
  EXPECT_LE(transport_->started(), 12U);
}

TEST_F(RunnerTest, ADrainKeepsWhatIsInFlightAndStartsNothingNew) {
  const FakeSuite suite(100, test::simple_case);
  int asked = 0;
  const auto tally = go(plan(suite, 2), [&](auto, const auto&) {
    if (++asked == 10) {
      stop_.drain.store(true);
    }
    return test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::drained);
  EXPECT_EQ(sink_.records().size(), transport_->started());
  EXPECT_LE(transport_->started(), 12U);
}

TEST_F(RunnerTest, ACancelGivesUpWhatIsInFlightUnrecorded) {
  const FakeSuite suite(100, test::simple_case);
  int asked = 0;
  const auto tally = go(plan(suite, 2), [&](auto, const auto&) {
    if (++asked == 10) {
      stop_.drain.store(true);
      stop_.cancel.store(true);
    }
    return test::answer("x.");
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->ending, Ending::cancelled);
  EXPECT_LT(sink_.records().size(), transport_->started());
  EXPECT_EQ(transport_->in_flight(), 0U);
}

TEST_F(RunnerTest, RefusedInputCountsAsZeroAndIsNoInfrastructureFailure) {
  const FakeSuite suite(1, test::simple_case);
  ASSERT_TRUE(go(plan(suite), [](auto, const auto&) { return test::error(400, "long"); }));
  EXPECT_EQ(sink_.records()[0].outcome, score::Outcome::refused);
  EXPECT_EQ(sink_.records()[0].value, 0.0);
}

TEST_F(RunnerTest, ATimeLimitThatTheModelRanIntoCountsAsZero) {
  const FakeSuite suite(1, test::simple_case);
  Plan p = plan(suite);
  for (auto& lane : p.lanes) {
    lane.deadlines.total = 2s;
  }
  ASSERT_TRUE(
      go(p, [](auto, const auto&) { return test::answer(std::string(100, 'a'), 100ms, 100ms); }));
  EXPECT_EQ(sink_.records()[0].outcome, score::Outcome::truncated);
  EXPECT_EQ(sink_.records()[0].value, 0.0);
  EXPECT_EQ(sink_.records()[0].error, backend::FailureKind::total_timeout);
}

TEST_F(RunnerTest, WhatOneTrialLearntOfParametersServesTheNext) {
  const FakeSuite suite(20, test::simple_case);
  Plan p = plan(suite, 1);
  p.lanes.pop_back();
  int refused = 0;
  ASSERT_TRUE(go(p, [&](auto, const net::HttpRequest& request) {
    if (!net::find_header(request.headers, "adjusted")) {
      ++refused;
      return test::error(400, "adjust");
    }
    return test::answer("x.");
  }));
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(sink_.records().size(), 20U);
}

TEST_F(RunnerTest, RepeatsAskTheSameCaseAgain) {
  const FakeSuite suite(3, test::simple_case);
  Plan p = plan(suite);
  p.repeat = 4;
  const auto tally = go(p, [](auto, const auto&) { return test::answer("x."); });
  EXPECT_EQ(tally->lanes[0].finished, 12U);
  EXPECT_EQ(transport_->started(), 24U);
}

}  // namespace
}  // namespace faceoff::run
