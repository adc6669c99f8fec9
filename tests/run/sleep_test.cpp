// A process that is stopped, a machine that sleeps.

#include "fakes.h"
#include "sleep_watch.h"

#include <faceoff/run/runner.h>

#include <algorithm>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;
using test::FakeSuite;

TEST(SleepWatch, BusyIsNotAsleep) {
  SleepWatch watch(3h);
  EXPECT_FALSE(watch.check(TimePoint{10s}, TimePoint{11s}, 3h));
  EXPECT_FALSE(watch.check(TimePoint{12s}, TimePoint{11s}, 3h));
}

TEST(SleepWatch, AStoppedProcessComesBackLate) {
  SleepWatch watch(3h);
  const auto sleep = watch.check(TimePoint{16s}, TimePoint{11s}, 3h);
  ASSERT_TRUE(sleep);
  EXPECT_EQ(sleep->lost, 5s);
  EXPECT_EQ(sleep->total, 5s);
}

TEST(SleepWatch, AClosedLidLeavesTheMonotonicClockAsItWas) {
  SleepWatch watch(3h);
  const auto sleep = watch.check(TimePoint{11s}, TimePoint{11s}, 5h);
  ASSERT_TRUE(sleep);
  EXPECT_EQ(sleep->lost, 0s);
  EXPECT_EQ(sleep->total, 2h);
  EXPECT_FALSE(watch.check(TimePoint{12s}, TimePoint{12s}, 5h));
}

// Once, at a set time, poll() comes back too late.
class SleepyTransport final : public net::Transport {
 public:
  enum class How : std::uint8_t { stopped, lid };
  SleepyTransport(
      ManualClock& clock, net::FakeTransport::Script script, How how, Duration at, Duration length)
      : clock_(clock), inner_(clock, std::move(script)), how_(how), at_(at), length_(length) {}

  void start(net::TransferId id, net::HttpRequest request) override {
    inner_.start(id, std::move(request));
  }
  void cancel(net::TransferId id) override { inner_.cancel(id); }
  std::span<const net::Event> poll(TimePoint until) override {
    if (!slept_ && until >= TimePoint{at_}) {
      slept_ = true;
      clock_.advance_to(TimePoint{at_});
      if (how_ == How::lid) {
        clock_.sleep(length_);
      } else {
        clock_.advance(length_);
      }
      return inner_.poll(clock_.now());
    }
    return inner_.poll(until);
  }
  void wake() noexcept override {}
  Duration take_max_lag() noexcept override { return Duration{0}; }
  std::uint64_t started() const { return inner_.started(); }

 private:
  ManualClock& clock_;
  net::FakeTransport inner_;
  How how_;
  Duration at_;
  Duration length_;
  bool slept_ = false;
};

class SleepTest : public testing::Test {
 protected:
  Plan plan() {
    Plan plan;
    plan.suite = &suite_;
    plan.suite_name = "fake";
    plan.score_threads = 0;
    Lane lane;
    lane.backend = &backend_;
    lane.concurrency = 2;
    lane.deadlines.idle = 2s;
    lane.deadlines.first_token = 3s;
    lane.deadlines.total = 20s;
    lane.retry.max_retries = 0;
    plan.lanes.push_back(std::move(lane));
    return plan;
  }
  Result<Tally> go(SleepyTransport::How how, Duration at, net::FakeTransport::Script script) {
    transport_ =
        std::make_unique<SleepyTransport>(clock_, std::move(script), how, at, Duration{1h});
    return run(plan(), *transport_, clock_, sink_, observer_, stop_);
  }
  std::vector<std::string> suspended() const {
    std::vector<std::string> ids;
    for (const auto& record : sink_.records()) {
      if (record.suspended) {
        ids.push_back(record.case_id);
        EXPECT_FALSE(record.timing.ttft);
        EXPECT_FALSE(record.timing.e2e);
        EXPECT_EQ(record.client_queue, Duration{0});
      } else {
        EXPECT_TRUE(record.timing.ttft) << record.case_id;
      }
    }
    std::ranges::sort(ids);
    return ids;
  }

  FakeSuite suite_{10, test::simple_case};
  test::FakeBackend backend_{"server"};
  ManualClock clock_;
  test::VectorSink sink_;
  Observer observer_;
  StopSignal stop_;
  std::unique_ptr<SleepyTransport> transport_;
};

TEST_F(SleepTest, NET_23_AStoppedProcessFlagsWhatWasInFlightAndNoDeadlineStrikes) {
  // An hour passes while two trials stream; their answers go on afterwards.
  const auto tally = go(SleepyTransport::How::stopped, 1550ms, [&](auto, const auto&) {
    auto steps = test::answer("xyz", 500ms, 100ms);
    steps.pop_back();
    const Duration now = clock_.now() - TimePoint{};
    const bool in_sleep = now < 1550ms && now + 1s > 1550ms;
    steps.push_back({(in_sleep ? 1h : 0s) + 900ms, net::Bytes{"."}});
    steps.push_back({(in_sleep ? 1h : 0s) + 1s, net::Finished{}});
    return steps;
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(suspended(), (std::vector<std::string>{"case-2", "case-3"}));
  EXPECT_EQ(tally->lanes[0].failed, 0U);
  EXPECT_EQ(tally->lanes[0].suspended, 2U);
  EXPECT_EQ(transport_->started(), 10U);
}

TEST_F(SleepTest, NET_23_AConnectionThatDidNotSurviveIsMadeAgainWithoutARetry) {
  const auto tally = go(SleepyTransport::How::stopped, 1550ms, [&](auto, const auto&) {
    const Duration now = clock_.now() - TimePoint{};
    if (now < 1550ms && now + 1s > 1550ms) {
      return test::Steps{
          {1ms, net::Ready{}},
          {2ms, net::Headers{.status = 200, .headers = {}}},
          {100ms, net::Bytes{"x"}},
          {1h + 100ms, net::Failed{.fault = net::Fault::reset, .message = "reset by peer"}}};
    }
    return test::answer("x.", 500ms, 500ms);
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->lanes[0].failed, 0U);
  // The second attempts slept through nothing.
  EXPECT_TRUE(suspended().empty());
  EXPECT_EQ(transport_->started(), 12U);
}

TEST_F(SleepTest, NET_23_AClosedLidFlagsWhatWasInFlight) {
  const auto tally = go(SleepyTransport::How::lid, 1550ms, [&](auto, const auto&) {
    return test::answer("x.", 500ms, 500ms);
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(suspended(), (std::vector<std::string>{"case-2", "case-3"}));
  EXPECT_EQ(tally->lanes[0].failed, 0U);
}

TEST_F(SleepTest, NET_23_AConnectionThatIsSilentAfterASleepIsMadeAgain) {
  const auto tally = go(SleepyTransport::How::lid, 1550ms, [&](auto, const auto&) {
    const Duration now = clock_.now() - TimePoint{};
    if (now < 1550ms && now + 1s > 1550ms) {
      return test::Steps{{1ms, net::Ready{}}, {2ms, net::Headers{.status = 200, .headers = {}}}};
    }
    return test::answer("x.", 500ms, 500ms);
  });
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->lanes[0].failed, 0U);
  EXPECT_EQ(transport_->started(), 12U);
}

}  // namespace
}  // namespace faceoff::run
