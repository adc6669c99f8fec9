#include "breaker.h"

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;
using State = Breaker::State;

backend::Failure failure(backend::FailureKind kind, backend::Retry retry = backend::Retry::yes) {
  backend::Failure f;
  f.kind = kind;
  f.retry = retry;
  f.message = "nothing listens";
  return f;
}
const backend::Failure kRefused = failure(backend::FailureKind::refused);
const backend::Failure kBusy = failure(backend::FailureKind::rate_limited);

class BreakerTest : public testing::Test {
 protected:
  void fail_trials(TrialId first, TrialId last, const backend::Failure& f, bool over = false) {
    for (TrialId id = first; id <= last; ++id) {
      verdict_ = breaker_.on_failure(id, f, over, now_);
    }
  }
  // Lets the pause pass and the probe fail.
  void fail_probe(TrialId id) {
    now_ = breaker_.earliest();
    breaker_.on_start(id);
    verdict_ = breaker_.on_failure(id, kRefused, false, now_);
  }

  Breaker breaker_{BreakerPolicy{}};
  TimePoint now_{1h};
  Breaker::Verdict verdict_;
};

TEST_F(BreakerTest, OpensAfterFiveTrialsInARowThatFoundNoServer) {
  fail_trials(1, 4, kRefused);
  EXPECT_EQ(breaker_.state(), State::closed);
  EXPECT_LE(breaker_.earliest(), now_);
  fail_trials(5, 5, kRefused);
  EXPECT_TRUE(verdict_.opened);
  EXPECT_EQ(breaker_.state(), State::open);
  EXPECT_EQ(breaker_.earliest(), now_ + 1s);
}

TEST_F(BreakerTest, TheSameTrialCountsOnceAndAnAnswerStartsAnew) {
  for (int i = 0; i < 20; ++i) {
    fail_trials(1, 4, kRefused);
  }
  EXPECT_EQ(breaker_.state(), State::closed);
  breaker_.on_answer();
  fail_trials(5, 8, kRefused);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(BreakerTest, ARefusedPromptIsASignOfLife) {
  fail_trials(1, 4, kRefused);
  fail_trials(5, 5, failure(backend::FailureKind::context_length, backend::Retry::no), true);
  fail_trials(6, 9, kRefused);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(BreakerTest, OneProbeAtATimeAndItsAnswerCloses) {
  fail_trials(1, 5, kRefused);
  now_ = breaker_.earliest();
  breaker_.on_start(3);
  EXPECT_EQ(breaker_.state(), State::half_open);
  EXPECT_EQ(breaker_.earliest(), kNever);
  breaker_.on_answer();
  EXPECT_EQ(breaker_.state(), State::closed);
  EXPECT_LE(breaker_.earliest(), now_);
}

TEST_F(BreakerTest, PausesGrowAndTheBackendIsGivenUpWhenTheTimeIsOver) {
  fail_trials(1, 5, kRefused);
  const TimePoint opened = now_;
  Duration last{0};
  int probes = 0;
  while (!verdict_.stop) {
    const Duration pause = breaker_.earliest() - now_;
    EXPECT_GE(pause, last);
    EXPECT_LE(pause, 30s);
    last = pause;
    fail_probe(1);
    ASSERT_LT(++probes, 50);
  }
  EXPECT_EQ(probes, 7);
  EXPECT_LE(now_ - opened, BreakerPolicy{}.max_time);
  EXPECT_NE(verdict_.stop->find("5 trials in a row found no server"), std::string::npos);
  EXPECT_NE(verdict_.stop->find("nothing listens"), std::string::npos);
}

TEST_F(BreakerTest, WhatFailsWhileItIsOpenWithoutBeingTheProbeCountsNothing) {
  fail_trials(1, 5, kRefused);
  const TimePoint probe_at = breaker_.earliest();
  fail_trials(6, 9, kRefused);
  EXPECT_EQ(breaker_.earliest(), probe_at);
}

TEST_F(BreakerTest, RefusalsCountOnlyAfterAllRetriesAndTwiceAsManyAreNeeded) {
  fail_trials(1, 50, kBusy, false);
  EXPECT_EQ(breaker_.state(), State::closed);
  fail_trials(1, 9, kBusy, true);
  EXPECT_EQ(breaker_.state(), State::closed);
  fail_trials(10, 10, kBusy, true);
  EXPECT_EQ(breaker_.state(), State::open);
}

TEST_F(BreakerTest, WhatNoRetryCanMendStopsAtOnce) {
  fail_trials(1, 4, failure(backend::FailureKind::tls, backend::Retry::no), true);
  EXPECT_FALSE(verdict_.stop);
  fail_trials(5, 5, failure(backend::FailureKind::tls, backend::Retry::no), true);
  EXPECT_TRUE(verdict_.stop);
  EXPECT_TRUE(
      Breaker(BreakerPolicy{})
          .on_failure(
              1, failure(backend::FailureKind::auth, backend::Retry::stop_backend), true, now_)
          .stop);
}

}  // namespace
}  // namespace faceoff::run
