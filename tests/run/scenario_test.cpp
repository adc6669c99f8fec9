#include "fakes.h"
#include "support/sanitized.h"

#include <faceoff/base/digest.h>
#include <faceoff/run/runner.h>

#include <array>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

// Counts instead of keeping: memory must not grow with the cases.
class CountingSink final : public Sink {
 public:
  Status append(const store::Record& record, std::string_view /*line*/) override {
    ++records;
    failed += record.outcome == score::Outcome::failed ? 1U : 0U;
    attempts += record.attempts.size();
    return {};
  }
  std::uint64_t records = 0;
  std::uint64_t failed = 0;
  std::uint64_t attempts = 0;
};

// A million where the compiler optimises (seconds), a tenth of that elsewhere; scripts/million.sh
// sets the number.
std::uint64_t number_of_cases() {
  if (const char* wanted = std::getenv("FACEOFF_SCENARIO_CASES")) {
    return std::stoull(wanted);
  }
#ifdef __OPTIMIZE__
  return faceoff::test::kSanitized ? 100'000 : 1'000'000;
#else
  return 100'000;
#endif
}

// A million cases on two backends, five percent of the attempts hit by a fault of some kind: hours
// on a fake clock, and every case is answered or failed with its cause.
TEST(Scenario, AMillionCasesOnTwoBackendsWithRetries) {
  const std::uint64_t cases = number_of_cases();
  const test::FakeSuite suite(cases, test::simple_case);
  const test::FakeBackend first("first");
  const test::FakeBackend second("second");
  ManualClock clock;
  Random random(11);
  net::FakeTransport transport(clock, [&](auto, const auto&) -> test::Steps {
    if (random.uniform() >= 0.05) {
      return test::answer("x.", 5ms, 1ms);
    }
    switch (random.below(5)) {
      case 0:
        return test::error(429, "yes", {{"retry-after", "1"}});
      case 1:
        return test::error(500, "yes");
      case 2:
        return test::refused();
      case 3:
        return test::answer("x", 5ms, 1ms);
      default:
        return {{1ms, net::Ready{}},
                {2ms, net::Headers{.status = 200, .headers = {}}},
                {3ms, net::Bytes{"x"}}};
    }
  });
  Plan plan;
  plan.suite = &suite;
  plan.suite_name = "scenario";
  plan.score_threads = 0;
  for (const auto* backend : {&first, &second}) {
    Lane lane;
    lane.backend = backend;
    lane.concurrency = 32;
    lane.deadlines.idle = 2s;
    lane.retry.max_retries = 6;
    plan.lanes.push_back(std::move(lane));
  }
  CountingSink sink;
  Observer observer;
  const StopSignal stop;
  const auto tally = run(plan, transport, clock, sink, observer, stop);
  ASSERT_TRUE(tally) << tally.error().message;
  EXPECT_EQ(tally->ending, Ending::complete);
  EXPECT_EQ(tally->cases, cases);
  EXPECT_EQ(sink.records, 2 * cases);
  // Seven attempts at five percent each: hardly ever, and then with a cause.
  EXPECT_LE(sink.failed, 2U);
  EXPECT_EQ(sink.attempts, transport.started());
  EXPECT_GT(sink.attempts, 2 * cases + cases * 8 / 100);
  EXPECT_LE(transport.max_in_flight(), 64U);
  // Whatever the number of cases: so many trials are in memory, the last case's included.
  EXPECT_LE(tally->max_window, 64U + 4 * 64U + 1);
}

}  // namespace
}  // namespace faceoff::run
