#include "fakes.h"

#include <faceoff/run/score_pool.h>

#include <atomic>
#include <set>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

ReadyCasePtr ready_case() {
  auto ready = std::make_shared<ReadyCase>();
  ready->item = test::simple_case(1);
  score::Compiler compiler;
  doc::Diagnostics diagnostics;
  ready->scorers = *compiler.compile(ready->item, diagnostics);
  return ready;
}

store::Record answered(std::string text, std::int32_t repeat) {
  store::Record record;
  record.repeat = repeat;
  record.completion.text = std::move(text);
  record.completion.finish = chat::Finish::stop;
  return record;
}

TEST(ScorePool, ScoresAtOnceWithoutThreads) {
  ScorePool pool(0, [] {});
  pool.submit({.ready = ready_case(), .record = answered("x", 0)});
  std::vector<Scoring> out;
  pool.take(out);
  ASSERT_EQ(out.size(), 1U);
  conclude(out[0]);
  EXPECT_EQ(out[0].record.value, 1.0);
  EXPECT_EQ(pool.pending(), 0U);
}

TEST(ScorePool, EveryRecordComesBackOnceFromItsThreads) {
  std::atomic<int> woken{0};
  ScorePool pool(3, [&woken] { ++woken; });
  const auto ready = ready_case();
  constexpr std::int32_t kCount = 500;
  for (std::int32_t i = 0; i < kCount; ++i) {
    pool.submit({.ready = ready, .record = answered(i % 2 == 0 ? "x" : "y", i)});
    if (i % 7 == 0) {
      pool.hand_over();
    }
  }
  pool.hand_over();
  std::vector<Scoring> out;
  while (pool.pending() > 0) {
    pool.take(out);
    std::this_thread::yield();
  }
  std::set<std::int32_t> seen;
  for (const auto& scoring : out) {
    const store::Record& record = scoring.record;
    seen.insert(record.repeat);
    EXPECT_EQ(scoring.line, store::to_line(record));
    EXPECT_EQ(record.value, record.repeat % 2 == 0 ? 1.0 : 0.0);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kCount));
}

TEST(ScorePool, WakesTheLoopWheneverThereIsSomethingToTakeAgain) {
  std::atomic<int> woken{0};
  ScorePool pool(2, [&woken] { ++woken; });
  std::vector<Scoring> out;
  for (std::int32_t i = 0; i < 20; ++i) {
    const int before = woken.load();
    pool.submit({.ready = ready_case(), .record = answered("x", i)});
    pool.hand_over();
    // Without the call of on_ready a loop would wait here for ever.
    while (woken.load() == before) {
      std::this_thread::yield();
    }
    pool.take(out);
    ASSERT_EQ(out.size(), static_cast<std::size_t>(i) + 1);
  }
}

TEST(ScorePool, GoesWithWorkLeft) {
  ScorePool pool(1, [] {});
  const auto ready = ready_case();
  for (std::int32_t i = 0; i < 50; ++i) {
    pool.submit({.ready = ready, .record = answered("x", i)});
  }
  pool.hand_over();
}

}  // namespace
}  // namespace faceoff::run
