#include "compare/records.h"

#include <faceoff/compare/summary.h>
#include <faceoff/stats/cluster.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/proportion.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using backend::FailureKind;
using score::Outcome;
using test::case_id;
using test::column;
using test::scored;

TEST(Summary, GivesAWilsonIntervalForBinaryScores) {
  const Summary summary = summarise(test::binary(33, 0, 0, 7).reference);
  const auto wilson = stats::wilson_ci(33, 40, 0.95);
  EXPECT_EQ(summary.all.score.method, "wilson");
  EXPECT_EQ(summary.all.score.n, 40U);
  EXPECT_EQ(summary.all.score.passed, 33U);
  EXPECT_DOUBLE_EQ(*summary.all.score.value, 0.825);
  EXPECT_DOUBLE_EQ(*summary.all.score.lo, *wilson.interval.lo);
  EXPECT_DOUBLE_EQ(*summary.all.score.hi, *wilson.interval.hi);
}

TEST(Summary, TakesCaseMeansOfRepeatsAndOfGrades) {
  std::vector<store::Record> records;
  std::vector<double> means;
  for (std::size_t i = 0; i < 12; ++i) {
    const double first = static_cast<double>(i % 3) / 2;
    records.push_back(scored(case_id(i), first, 0));
    records.push_back(scored(case_id(i), 1.0, 1));
    means.push_back((first + 1.0) / 2);
  }
  const Summary summary = summarise(column("gpt", records));
  const auto expected = stats::bounded_mean_ci(means, {0.0, 1.0}, 0.95);
  EXPECT_EQ(summary.all.score.method, "wilson-neff");
  EXPECT_EQ(summary.all.score.n, 12U);
  EXPECT_EQ(summary.all.repeats, 2U);
  EXPECT_FALSE(summary.all.score.passed.has_value());
  EXPECT_NEAR(*summary.all.score.lo, *expected.interval.lo, 1e-12);
  EXPECT_NEAR(*summary.all.score.hi, *expected.interval.hi, 1e-12);
}

TEST(Summary, WidensTheIntervalForClusters) {
  std::vector<store::Record> records;
  std::vector<double> values;
  std::vector<std::size_t> labels;
  for (std::size_t i = 0; i < 30; ++i) {
    records.push_back(scored(case_id(i), (i / 5) % 2 == 0 ? 1 : 0));
    records.back().cluster = "page-" + std::to_string(i / 5);
    values.push_back(*records.back().value);
    labels.push_back(i / 5);
  }
  const ScoreEstimate score = summarise(column("gpt", records)).all.score;
  const auto expected = stats::cluster_bounded_ci(values, labels, {0.0, 1.0}, 0.95);
  EXPECT_EQ(score.clusters, 6U);
  EXPECT_NEAR(*score.lo, *expected.interval.lo, 1e-12);
  EXPECT_LT(*score.lo, *stats::wilson_ci(15, 30, 0.95).interval.lo);
}

TEST(Summary, HasNoIntervalForFewClusters) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 20; ++i) {
    records.push_back(scored(case_id(i), i % 2 == 0 ? 1 : 0));
    records.back().cluster = i < 10 ? "left" : "right";
  }
  const ScoreEstimate score = summarise(column("gpt", records)).all.score;
  EXPECT_DOUBLE_EQ(*score.value, 0.5);
  EXPECT_FALSE(score.lo.has_value());
  EXPECT_EQ(score.method, "");
}

TEST(Summary, CountsOutcomesAndLeavesFailedAndUnscoredOutOfTheMean) {
  std::vector<store::Record> records{scored("a", 1), scored("b", 0), scored("c", 0)};
  records[1].outcome = Outcome::refused;
  records[2].outcome = Outcome::unscored;
  records[2].value.reset();
  records.push_back(test::failed("d", FailureKind::rate_limited));
  records.push_back(test::failed("e", FailureKind::rate_limited));
  records.push_back(test::failed("f", FailureKind::reset));
  SummaryOptions options;
  options.planned = 7;
  const Summary summary = summarise(column("gpt", records), options);
  EXPECT_EQ(summary.planned, 7U);
  EXPECT_EQ(summary.all.cases, 6U);
  EXPECT_EQ(summary.all.answered, 3U);
  EXPECT_EQ(summary.all.score.n, 2U);
  EXPECT_DOUBLE_EQ(*summary.all.score.value, 0.5);
  EXPECT_EQ(summary.all.outcomes.of(Outcome::failed), 3U);
  EXPECT_EQ(summary.all.outcomes.of(Outcome::refused), 1U);
  EXPECT_EQ(summary.all.outcomes.of(Outcome::unscored), 1U);
  ASSERT_EQ(summary.failures.size(), 2U);
  EXPECT_EQ(summary.failures[0].kind, FailureKind::rate_limited);
  EXPECT_EQ(summary.failures[0].count, 2U);
  EXPECT_EQ(summary.failures[0].case_id, "d");
}

TEST(Summary, GivesQuantilesWithTheirIntervalsAndSaysHowManyItNeeds) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 40; ++i) {
    records.push_back(test::timed(case_id(i), 100.0 + static_cast<double>(i), 1000));
  }
  const LatencySummary ttft = summarise(column("gpt", records)).ttft;
  EXPECT_EQ(ttft.n, 40U);
  EXPECT_NEAR(*ttft.p50.value, 0.1195, 1e-12);
  EXPECT_TRUE(ttft.p50.lo && ttft.p50.hi);
  EXPECT_TRUE(ttft.p95.lo.has_value());
  EXPECT_FALSE(ttft.p95.hi.has_value());
  EXPECT_EQ(ttft.p95.needs_at_least, 72U);
}

TEST(Summary, CountsTimeLimitsInTheQuantiles) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 10; ++i) {
    records.push_back(test::timed(case_id(i), 100, 1000));
    if (i < 6) {
      records.back().error = FailureKind::total_timeout;
      records.back().outcome = Outcome::truncated;
    }
  }
  const LatencySummary e2e = summarise(column("gpt", records)).e2e;
  EXPECT_EQ(e2e.n, 10U);
  EXPECT_EQ(e2e.timed_out, 6U);
  EXPECT_FALSE(e2e.p50.value.has_value());
  EXPECT_TRUE(e2e.p50.beyond_limit);
}

TEST(Summary, GivesRatesTokensAndTraffic) {
  std::vector<store::Record> records{test::timed("a", 100, 500), test::timed("b", 100, 500)};
  records[0].timing.tpot = from_ms(10);
  records[1].timing.tpot = from_ms(40);
  for (store::Record& record : records) {
    record.completion.usage.prompt_tokens = 20;
    record.completion.usage.completion_tokens = 50;
    record.attempts.front().took = from_ms(2000);
  }
  records[0].attempts.front().started_utc = "2026-08-22T14:00:00.000Z";
  records[1].attempts.front().started_utc = "2026-08-22T14:00:03.000Z";
  const Summary summary = summarise(column("gpt", records));
  EXPECT_NEAR(*summary.decode_rate, (100.0 + 25.0) / 2, 1e-9);
  EXPECT_NEAR(*summary.system_rate, 100.0 / 5.0, 1e-6);
  EXPECT_EQ(summary.prompt_tokens, 40);
  EXPECT_EQ(summary.completion_tokens, 100);
  EXPECT_EQ(summary.prompts_sent, 2U);
  EXPECT_EQ(summary.without_usage, 0U);
}

TEST(Summary, TellsWhatRepeatsShow) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 20; ++i) {
    for (int repeat = 0; repeat < 3; ++repeat) {
      // Half always right, a quarter right once, a quarter never.
      const bool right = i < 10 || (i < 15 && repeat == 1);
      records.push_back(test::scored(test::case_id(i), right ? 1 : 0, repeat));
    }
  }
  const Summary summary = summarise(test::column("gpt", records));
  ASSERT_TRUE(summary.repeats.has_value());
  const RepeatSummary& repeats = *summary.repeats;
  EXPECT_EQ(repeats.cases, 20U);
  EXPECT_EQ(repeats.n_flaky, 5U);
  EXPECT_EQ(repeats.flaky.front().id, test::case_id(10));
  EXPECT_EQ(repeats.flaky.front().passed, 1U);
  EXPECT_EQ(repeats.flaky.front().of, 3U);
  ASSERT_EQ(repeats.passes.size(), 3U);
  EXPECT_NEAR(*repeats.passes[0].any.value, (10 + 5.0 / 3) / 20, 1e-12);
  EXPECT_NEAR(*repeats.passes[2].any.value, 0.75, 1e-12);
  EXPECT_NEAR(*repeats.passes[2].each.value, 0.5, 1e-12);
  EXPECT_EQ(repeats.passes[2].any.method, "wilson-neff");
  EXPECT_LT(*repeats.se_at_best, *repeats.se);
  EXPECT_GT(*repeats.se_rerun, 0.0);
  EXPECT_FALSE(summarise(test::scores("gpt", {1, 0, 1})).repeats.has_value());
}

TEST(Summary, SaysNothingOfAnEmptyColumn) {
  const Summary summary = summarise(Results({"gpt"}).columns().front());
  EXPECT_EQ(summary.all.cases, 0U);
  EXPECT_FALSE(summary.all.score.value.has_value());
  EXPECT_FALSE(summary.ttft.p50.value.has_value());
  EXPECT_FALSE(summary.ttft.p50.beyond_limit);
  EXPECT_FALSE(summary.decode_rate.has_value());
}

TEST(Summary, SplitsByTag) {
  std::vector<store::Record> records{scored("a", 1), scored("b", 0), scored("c", 1)};
  records[0].tags = {"x", "y"};
  records[1].tags = {"y"};
  const Summary summary = summarise(column("gpt", records));
  ASSERT_EQ(summary.tags.size(), 2U);
  EXPECT_EQ(summary.tags[0].tag, "x");
  EXPECT_EQ(summary.tags[0].cases, 1U);
  EXPECT_EQ(summary.tags[1].cases, 2U);
  EXPECT_DOUBLE_EQ(*summary.tags[1].score.value, 0.5);
}

}  // namespace
}  // namespace faceoff::compare
