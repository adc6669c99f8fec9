#include "case_queue.h"

#include "fakes.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

Plan plan_of(const suite::Suite& suite, std::size_t threads) {
  Plan plan;
  plan.suite = &suite;
  plan.score_threads = threads;
  return plan;
}

class CaseQueueTest : public testing::TestWithParam<std::size_t> {};

TEST_P(CaseQueueTest, HandsOutEveryCaseInOrderAndThenNothing) {
  constexpr std::uint64_t kCases = 2000;
  const test::FakeSuite suite(kCases, test::simple_case);
  const Plan plan = plan_of(suite, GetParam());
  CaseQueue queue(plan);
  for (std::uint64_t i = 0; i < kCases; ++i) {
    const auto ready = queue.next();
    ASSERT_TRUE(ready);
    ASSERT_NE(*ready, nullptr) << i;
    ASSERT_EQ((*ready)->item.id, test::simple_case(i).id);
    ASSERT_EQ((*ready)->scorers.size(), 1U);
    ASSERT_EQ(queue.count(), i + 1);
  }
  EXPECT_EQ(*queue.next(), nullptr);
  EXPECT_EQ(*queue.next(), nullptr);
  EXPECT_EQ(queue.count(), kCases);
}

TEST_P(CaseQueueTest, AMistakeComesBehindTheCasesInFrontOfIt) {
  const test::FakeSuite suite(5, [](std::uint64_t i) {
    suite::Case item = test::simple_case(i);
    if (i == 3) {
      auto unknown = std::make_shared<suite::ScorerSpec>();
      unknown->name = "no-such-scorer";
      unknown->source = std::make_shared<doc::Source>();
      item.scorers = {unknown};
    }
    return item;
  });
  const Plan plan = plan_of(suite, GetParam());
  CaseQueue queue(plan);
  for (int i = 0; i < 3; ++i) {
    const auto ready = queue.next();
    ASSERT_TRUE(ready);
    ASSERT_NE(*ready, nullptr);
  }
  const auto mistake = queue.next();
  ASSERT_FALSE(mistake);
  EXPECT_EQ(mistake.error().kind, ErrorKind::usage);
  EXPECT_EQ(queue.count(), 3U);
  EXPECT_EQ(*queue.next(), nullptr);
}

TEST_P(CaseQueueTest, GoesWithCasesLeft) {
  const test::FakeSuite suite(100'000, test::simple_case);
  const Plan plan = plan_of(suite, GetParam());
  CaseQueue queue(plan);
  EXPECT_TRUE(queue.next());
}

INSTANTIATE_TEST_SUITE_P(ReadAheadOrNot, CaseQueueTest, testing::Values(0U, 1U));

TEST(CaseQueue, HoldsABoundedNumberOfCasesAndOfBytes) {
  std::atomic<std::uint64_t> made{0};
  const auto count = [&made](std::size_t bytes) {
    return [&made, bytes](std::uint64_t i) {
      ++made;
      suite::Case item = test::simple_case(i);
      item.messages.front().text.assign(bytes, 'x');
      return item;
    };
  };
  const auto read_ahead = [&made](const suite::Suite& suite) {
    made = 0;
    const Plan plan = plan_of(suite, 1);
    CaseQueue queue(plan);
    EXPECT_TRUE(queue.next());
    // Until nothing has been read for a while, however slow the machine: a bound that holds is
    // never passed, whenever one looks.
    std::uint64_t last = 0;
    do {
      last = made.load();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    } while (made.load() != last);
    return made.load();
  };
  const test::FakeSuite small(100'000, count(10));
  EXPECT_LE(read_ahead(small), 300U);
  const test::FakeSuite books(100'000, count(1024UL * 1024));
  EXPECT_LE(read_ahead(books), 8U);
}

}  // namespace
}  // namespace faceoff::run
