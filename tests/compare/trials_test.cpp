#include "compare/records.h"

#include <faceoff/base/random.h>
#include <faceoff/compare/case_table.h>
#include <faceoff/compare/results.h>

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using backend::FailureKind;
using ::testing::ElementsAre;

TEST(CaseTable, KnowsACaseByIdAndDigest) {
  CaseTable table;
  EXPECT_EQ(table.add("a", "x", {}, ""), 0U);
  EXPECT_EQ(table.add("b", "x", {}, ""), 1U);
  EXPECT_EQ(table.add("a", "y", {}, ""), 2U);
  EXPECT_EQ(table.add("a", "x", {}, ""), 0U);
  EXPECT_EQ(table.id(2), "a");
  EXPECT_EQ(table.size(), 3U);
}

TEST(CaseTable, KeepsIdsOfAnyLength) {
  CaseTable table;
  std::vector<std::string> ids;
  for (const std::size_t length : {0U, 1U, 254U, 255U, 256U, 70'000U, 600'000U, 3U}) {
    ids.push_back(std::string(length, 'i'));
    table.add(ids.back(), "d", {}, "");
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(table.id(static_cast<CaseIndex>(i)), ids[i]);
  }
}

TEST(CaseTable, FindsEachOfManyCases) {
  CaseTable table;
  for (CaseIndex i = 0; i < 20'000; ++i) {
    ASSERT_EQ(table.add(std::to_string(i), "d", {}, ""), i);
  }
  for (CaseIndex i = 0; i < 20'000; ++i) {
    ASSERT_EQ(table.add(std::to_string(i), "d", {}, ""), i);
    ASSERT_EQ(table.id(i), std::to_string(i));
  }
}

TEST(CaseTable, HasAnOrderThatDoesNotDependOnArrival) {
  CaseTable forth;
  CaseTable back;
  for (int i = 0; i < 100; ++i) {
    forth.add(std::to_string(i), "d", {}, "");
    back.add(std::to_string(99 - i), "d", {}, "");
  }
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(forth.id(forth.in_order()[i]), back.id(back.in_order()[i]));
  }
}

TEST(CaseTable, NumbersTagsAndClusters) {
  CaseTable table;
  const std::vector<std::string> two{"b", "a", "b"};
  table.add("x", "d", two, "book");
  table.add("y", "d", {}, "");
  table.add("z", "d", std::vector<std::string>{"a", "b"}, "book");
  EXPECT_EQ(table.tag_set(0), table.tag_set(2));
  EXPECT_EQ(table.tag_set(1), 0U);
  EXPECT_THAT(table.tags_in(table.tag_set(0)), ElementsAre("a", "b"));
  EXPECT_THAT(table.sets_with("a"), ElementsAre(false, true));
  EXPECT_EQ(table.cluster(0), table.cluster(2));
  EXPECT_EQ(table.cluster(1), 0U);
}

Trial trial_with(const std::string& id) {
  Trial trial;
  trial.case_id = id;
  trial.digest = "d";
  return trial;
}

TEST(Trials, GiveBackWhatWasPut) {
  Results results({"gpt"});
  Trial trial = trial_with("x");
  trial.repeat = 3;
  trial.outcome = score::Outcome::truncated;
  trial.value = 1.0 / 3;
  trial.error = FailureKind::not_recorded;
  trial.error_message = "why";
  trial.simulated = trial.cached = true;
  trial.retries = {FailureKind::reset, FailureKind::quota};
  trial.prompts_sent = 3;
  trial.ttft = 0.123456789;
  trial.e2e = std::numeric_limits<double>::infinity();
  trial.prompt_tokens = 1'000'000;
  trial.completion_tokens = 0;
  trial.cost = Money{-5};
  trial.started = 1787407391.042;
  trial.ended = 1787407392.0;
  results.add("gpt", trial);
  const Column column = results.columns()[0];
  const auto kept = column.trials().find(0, 3);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->repeat(), 3);
  EXPECT_EQ(kept->outcome(), trial.outcome);
  EXPECT_EQ(kept->value(), trial.value);
  EXPECT_EQ(kept->error(), trial.error);
  EXPECT_TRUE(kept->simulated());
  EXPECT_TRUE(kept->cached());
  EXPECT_EQ(kept->retries(), trial.retries);
  EXPECT_EQ(kept->prompts_sent(), 3U);
  EXPECT_EQ(kept->seconds(Time::ttft), trial.ttft);
  EXPECT_TRUE(std::isinf(*kept->seconds(Time::e2e)));
  EXPECT_EQ(kept->seconds(Time::tpot), std::nullopt);
  EXPECT_EQ(kept->prompt_tokens(), trial.prompt_tokens);
  EXPECT_EQ(kept->completion_tokens(), trial.completion_tokens);
  EXPECT_EQ(kept->cost(), trial.cost);
  EXPECT_NEAR(*kept->started(), *trial.started, 1e-6);
  EXPECT_EQ(column.trials().last_end(), trial.ended);
  EXPECT_EQ(column.trials().example(FailureKind::not_recorded).message, "why");
  EXPECT_FALSE(column.trials().find(0, 0).has_value());
}

TEST(Trials, KeepTimesToSevenDigits) {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const double seconds = std::exp(random.uniform() * 25 - 12);
    Results results;
    Trial trial = trial_with("x");
    trial.ttft = seconds;
    results.add("gpt", trial);
    const double kept = *results.columns()[0].trials().find(0, 0)->seconds(Time::ttft);
    EXPECT_NEAR(kept, seconds, seconds < 1 ? 1e-9 : 1e-6 * seconds);
  }
}

TEST(Trials, ReplaceEveryFigureOfAnEarlierRecord) {
  Results results;
  Trial first = trial_with("x");
  first.outcome = score::Outcome::failed;
  first.error = FailureKind::server_error;
  first.error_message = "no";
  first.simulated = true;
  first.ttft = 1.0;
  first.prompt_tokens = 100'000;
  first.value = 0.25;
  results.add("gpt", first);
  Trial second = trial_with("x");
  second.outcome = score::Outcome::scored;
  results.add("gpt", second);
  const Column column = results.columns()[0];
  EXPECT_EQ(column.trials().size(), 1U);
  EXPECT_EQ(column.trials().simulated(), 0U);
  const auto kept = column.trials().find(0, 0);
  EXPECT_EQ(kept->error(), std::nullopt);
  EXPECT_EQ(kept->value(), std::nullopt);
  EXPECT_EQ(kept->seconds(Time::ttft), std::nullopt);
  EXPECT_EQ(kept->prompt_tokens(), std::nullopt);
  EXPECT_EQ(column.trials().example(FailureKind::server_error).message, "");
}

TEST(Trials, KeepAnExampleForTheSmallestId) {
  Results results;
  for (int i = 99; i >= 0; --i) {
    Trial trial = trial_with(test::case_id(static_cast<std::size_t>(i)));
    trial.error = FailureKind::quota;
    trial.error_message = "message " + std::to_string(i);
    results.add("gpt", trial);
  }
  const Column column = results.columns()[0];
  EXPECT_EQ(column.trials().example(FailureKind::quota).case_id, "case-0000");
  EXPECT_EQ(column.trials().example(FailureKind::quota).message, "message 0");
  EXPECT_EQ(column.trials().example(FailureKind::reset).case_id, "");
}

TEST(Trials, StandSparselyWhereOneCaseHasManyRepeats) {
  Results results;
  Trial trial = trial_with("x");
  for (const std::int32_t repeat : {0, 7, 2'000'000'000}) {
    trial.repeat = repeat;
    results.add("gpt", trial);
  }
  std::vector<std::int32_t> seen;
  const Column column = results.columns()[0];
  column.trials().of_case(0, [&](const Trials::Ref& ref) { seen.push_back(ref.repeat()); });
  EXPECT_THAT(seen, ElementsAre(0, 7, 2'000'000'000));
}

}  // namespace
}  // namespace faceoff::compare
