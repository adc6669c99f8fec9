#include "compare/records.h"

#include <faceoff/compare/results.h>

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using backend::FailureKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

store::Attempt attempt_with(std::optional<FailureKind> failure, int status) {
  store::Attempt attempt;
  attempt.failure = failure;
  attempt.http_status = status;
  return attempt;
}

TEST(Trial, CountsRetriesByTheirCause) {
  store::Record record = test::scored("x", 1);
  record.attempts = {attempt_with(FailureKind::rate_limited, 429),
                     attempt_with(FailureKind::refused, 0),
                     attempt_with(std::nullopt, 200)};
  const Trial trial = trial_of(record);
  EXPECT_THAT(trial.retries, ElementsAre(FailureKind::rate_limited, FailureKind::refused));
  EXPECT_EQ(trial.prompts_sent, 2U);
}

TEST(Trial, DoesNotCallARenamedParameterARetry) {
  store::Record record = test::timed("x", 100, 200);
  record.attempts = {attempt_with(FailureKind::bad_request, 400), attempt_with(std::nullopt, 200)};
  record.attempts[1].note = "max_tokens renamed to max_completion_tokens";
  const Trial trial = trial_of(record);
  EXPECT_THAT(trial.retries, IsEmpty());
  EXPECT_DOUBLE_EQ(*trial.ttft, 0.1);
  EXPECT_EQ(trial.prompts_sent, 2U);
}

TEST(Trial, NET_21_ARequestThatLibcurlSentAgainIsNoRetryButWentOutTwice) {
  store::Record record = test::timed("x", 100, 200);
  record.attempts = {attempt_with(std::nullopt, 200)};
  record.attempts[0].resent = 1;
  const Trial trial = trial_of(record);
  EXPECT_THAT(trial.retries, IsEmpty());
  EXPECT_EQ(trial.prompts_sent, 2U);
  EXPECT_DOUBLE_EQ(*trial.ttft, 0.1);
}

TEST(Trial, NET_23_AnAnswerThatSleptHasNoLatencyFigure) {
  store::Record record = test::timed("x", 100, 200);
  record.suspended = true;
  EXPECT_FALSE(trial_of(record).ttft);
  EXPECT_FALSE(trial_of(record).e2e);
}

TEST(Trial, CountsRetriesBehindARenamedParameter) {
  store::Record record = test::scored("x", 1);
  record.attempts = {attempt_with(FailureKind::bad_request, 400),
                     attempt_with(FailureKind::rate_limited, 429),
                     attempt_with(std::nullopt, 200)};
  record.attempts[1].note = record.attempts[2].note = "renamed";
  EXPECT_THAT(trial_of(record).retries, ElementsAre(FailureKind::rate_limited));
}

TEST(Trial, SentNothingWhereNoConnectionCameUp) {
  for (const FailureKind kind :
       {FailureKind::dns, FailureKind::refused, FailureKind::connect_timeout, FailureKind::tls}) {
    store::Record record = test::failed("x", kind);
    record.attempts = {attempt_with(kind, 0)};
    EXPECT_EQ(trial_of(record).prompts_sent, 0U) << backend::to_string(kind);
  }
  store::Record reset = test::failed("x", FailureKind::reset);
  reset.attempts = {attempt_with(FailureKind::reset, 0)};
  EXPECT_EQ(trial_of(reset).prompts_sent, 1U);
}

TEST(Trial, SentNothingForACachedAnswer) {
  store::Record record = test::scored("x", 1);
  record.cached = true;
  EXPECT_EQ(trial_of(record).prompts_sent, 0U);
}

TEST(Trial, TimesItsWindowByTheWallClock) {
  store::Record record = test::scored("x", 1);
  record.attempts.front().started_utc = "2026-08-22T14:03:11.042Z";
  record.attempts.front().took = from_ms(1500);
  const Trial trial = trial_of(record);
  EXPECT_NEAR(*trial.started, 1787407391.042, 1e-6);
  EXPECT_NEAR(*trial.ended, 1787407392.542, 1e-6);
  record.attempts.front().started_utc = "yesterday";
  EXPECT_FALSE(trial_of(record).started.has_value());
}

TEST(Trial, CountsATimeLimitAsInfinitelyLong) {
  store::Record record = test::timed("x", 100, 200);
  record.error = FailureKind::total_timeout;
  record.outcome = score::Outcome::truncated;
  const Trial trial = trial_of(record);
  EXPECT_DOUBLE_EQ(*trial.ttft, 0.1);
  EXPECT_TRUE(std::isinf(*trial.e2e));
}

TEST(Trial, HasNoFullAnswerTimeForACutStream) {
  store::Record record = test::timed("x", 100, 200);
  record.completion.finish = chat::Finish::none;
  const Trial trial = trial_of(record);
  EXPECT_TRUE(trial.ttft.has_value());
  EXPECT_FALSE(trial.e2e.has_value());
}

TEST(Results, KeepTheLastRecordOfATrial) {
  Results results({"gpt"});
  store::Record record = test::failed("x");
  record.backend = "gpt";
  results.add(record);
  record = test::scored("x", 1.0);
  record.backend = "gpt";
  results.add(record);
  const auto columns = results.columns();
  ASSERT_EQ(columns.size(), 1U);
  const Trials& trials = columns[0].trials();
  ASSERT_EQ(trials.size(), 1U);
  EXPECT_TRUE(trials.find(0, 0)->answered());
  EXPECT_EQ(trials.find(0, 0)->error(), std::nullopt);
}

TEST(Results, KeepTheAskedOrderAndAddWhatIsNew) {
  Results results({"gpt", "llama"});
  store::Record record = test::scored("x", 1.0);
  for (const char* name : {"other", "llama", "gpt"}) {
    record.backend = name;
    results.add(record);
  }
  ASSERT_EQ(results.columns().size(), 3U);
  EXPECT_EQ(results.columns()[0].name(), "gpt");
  EXPECT_EQ(results.columns()[1].name(), "llama");
  EXPECT_EQ(results.columns()[2].name(), "other");
}

}  // namespace
}  // namespace faceoff::compare
