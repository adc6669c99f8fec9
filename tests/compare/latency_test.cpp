#include "compare/records.h"

#include <faceoff/compare/comparison.h>
#include <faceoff/stats/ranks.h>

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using test::case_id;
using test::column;
using test::has;
using test::timed;
using ::testing::HasSubstr;

// Times that vary by prompt much more than by backend.
std::vector<store::Record> times(double factor, std::size_t n) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < n; ++i) {
    const double base = 200.0 + 70.0 * static_cast<double>(i * i % 13);
    const double wobble = 1.0 + 0.01 * static_cast<double>(i % 5);
    records.push_back(timed(case_id(i), base * factor * (factor == 1.0 ? 1.0 : wobble), base * 5));
  }
  return records;
}

TEST(LatencyComparison, IsTheHodgesLehmannRatioOfPairedTimes) {
  const auto a = times(1.0, 30);
  const auto b = times(0.5, 30);
  const PairComparison pair = compare_backends(column("gpt", a), column("llama", b));
  std::vector<double> logs;
  for (std::size_t i = 0; i < a.size(); ++i) {
    logs.push_back(std::log(to_seconds(*b[i].timing.ttft)) -
                   std::log(to_seconds(*a[i].timing.ttft)));
  }
  const auto hl = stats::hodges_lehmann_paired(logs, 0.95);
  const Comparison& c = pair.ttft;
  EXPECT_EQ(c.estimate.kind, Estimate::Kind::ratio);
  EXPECT_EQ(c.estimate.method, "hl-walsh");
  EXPECT_NEAR(*c.estimate.value, std::exp(*hl.value), 1e-9);
  EXPECT_NEAR(*c.estimate.lo, std::exp(*hl.interval.lo), 1e-9);
  EXPECT_NEAR(*c.test.p, stats::wilcoxon_signed_rank(logs).p, 1e-12);
  EXPECT_EQ(c.verdict, Verdict::better);
  EXPECT_THAT(c.finding, HasSubstr("Better: starts 1.96 times sooner"));
}

TEST(LatencyComparison, CallsLongerWorse) {
  const PairComparison pair =
      compare_backends(column("gpt", times(1.0, 30)), column("llama", times(2.0, 30)));
  EXPECT_EQ(pair.ttft.verdict, Verdict::worse);
  EXPECT_THAT(pair.ttft.finding, HasSubstr("Worse: takes 2.04 times as long to start"));
  EXPECT_EQ(pair.e2e.verdict, Verdict::no_clear_difference);
  EXPECT_DOUBLE_EQ(*pair.e2e.estimate.value, 1.0);
}

TEST(LatencyComparison, WantsSixTimedCases) {
  const PairComparison pair =
      compare_backends(column("gpt", times(1.0, 5)), column("llama", times(2.0, 5)));
  EXPECT_EQ(pair.ttft.verdict, Verdict::not_enough_data);
  EXPECT_FALSE(pair.ttft.estimate.lo.has_value());
  EXPECT_TRUE(pair.ttft.estimate.value.has_value());
  EXPECT_THAT(pair.ttft.finding, HasSubstr("5 cases timed on both sides, at least 6"));
}

TEST(LatencyComparison, TakesATimeLimitAsFarthestOutAndNotAsMissing) {
  auto a = times(1.0, 20);
  auto b = times(2.0, 20);
  for (const std::size_t i : {3U, 4U}) {
    b[i].error = backend::FailureKind::first_token_timeout;
    b[i].outcome = score::Outcome::truncated;
    b[i].timing = {};
  }
  a[5].error = b[5].error = backend::FailureKind::first_token_timeout;
  a[5].timing = b[5].timing = {};
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).ttft;
  EXPECT_EQ(c.n_pairs, 19U);
  EXPECT_EQ(c.excluded.timed_out, 1U);
  EXPECT_EQ(c.verdict, Verdict::worse);
  EXPECT_TRUE(std::isfinite(*c.estimate.value));
  EXPECT_LT(*c.estimate.value, 3.0);
}

TEST(LatencyComparison, HasNoUpperEndWhereMostRanIntoALimit) {
  const auto a = times(1.0, 10);
  auto b = times(1.5, 10);
  for (std::size_t i = 0; i < 7; ++i) {
    b[i].error = backend::FailureKind::total_timeout;
    b[i].outcome = score::Outcome::truncated;
    b[i].timing = {};
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).e2e;
  EXPECT_FALSE(c.estimate.hi.has_value());
  EXPECT_FALSE(c.estimate.value.has_value());
  EXPECT_THAT(c.finding, HasSubstr("unbounded"));
}

TEST(LatencyComparison, SaysSoWhereOneSideNeverCameInTime) {
  const auto a = times(1.0, 10);
  auto b = times(1.5, 10);
  for (store::Record& record : b) {
    record.error = backend::FailureKind::total_timeout;
    record.outcome = score::Outcome::truncated;
    record.timing = {};
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).e2e;
  EXPECT_EQ(c.verdict, Verdict::not_enough_data);
  EXPECT_THAT(c.finding, HasSubstr("every answer ran into a time limit"));
}

TEST(LatencyComparison, TakesNoTimeFromRetriedCachedOrFailedTrials) {
  auto a = times(1.0, 10);
  a[0].cached = true;
  a[1].attempts.push_back(a[1].attempts.front());
  a[2].outcome = score::Outcome::failed;
  a[2].error = backend::FailureKind::reset;
  const Comparison c = compare_backends(column("gpt", a), column("llama", times(1.0, 10))).ttft;
  EXPECT_EQ(c.n_pairs, 7U);
}

// One request a second, the candidate `lag` seconds behind.
std::vector<store::Record> started(std::vector<store::Record> records, int lag) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto at = static_cast<int>(i) + lag;
    records[i].attempts.front().started_utc =
        fmt::format("2026-08-22T{:02}:{:02}:{:02}.000Z", 10 + at / 3600, at / 60 % 60, at % 60);
  }
  return records;
}

TEST(LatencyComparison, SaysWhenTheSidesWereMeasuredAtDifferentTimes) {
  const auto a = started(times(1.0, 60), 0);
  const Comparison together =
      compare_backends(column("gpt", a), column("llama", started(times(0.9, 60), 2))).ttft;
  EXPECT_EQ(together.interleaved, true);
  EXPECT_FALSE(has(together, Warning::not_interleaved));
  const Comparison apart =
      compare_backends(column("gpt", a), column("llama", started(times(0.9, 60), 7200))).ttft;
  EXPECT_EQ(apart.interleaved, false);
  EXPECT_TRUE(has(apart, Warning::not_interleaved));
  EXPECT_THAT(apart.finding, HasSubstr("measured at different times"));
}

TEST(LatencyComparison, TakesBatchesWhereRequestsDependOnThoseBefore) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 200; ++i) {
    // A server that slows down and recovers, on one side only.
    const double wave = 1.0 + 0.5 * std::sin(static_cast<double>(i) / 15);
    a.push_back(timed(case_id(i), 300, 900));
    b.push_back(timed(case_id(i), 300 * wave, 900 * (1 + 0.01 * static_cast<double>(i * 7 % 5))));
    a.back().timing.ttft = from_ms(300 + 3 * static_cast<double>(i * i % 11));
  }
  const PairComparison pair =
      compare_backends(column("gpt", started(a, 0)), column("llama", started(b, 0)));
  EXPECT_TRUE(has(pair.ttft, Warning::autocorrelated));
  EXPECT_GT(*pair.ttft.autocorrelation, 0.9);
  EXPECT_EQ(pair.ttft.estimate.method, "hl-batch");
  EXPECT_THAT(pair.ttft.finding, HasSubstr("not independent"));
  EXPECT_EQ(pair.e2e.estimate.method, "hl-walsh");
}

TEST(LatencyComparison, ComparesTheTimeOfEachToken) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 12; ++i) {
    a.push_back(timed(case_id(i), 100, 900));
    b.push_back(timed(case_id(i), 100, 900));
    a.back().timing.tpot = from_ms(20 + static_cast<double>(i % 5));
    b.back().timing.tpot = from_ms(10 + static_cast<double>(i % 3));
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).tpot;
  EXPECT_EQ(c.metric, Metric::tpot);
  EXPECT_EQ(c.verdict, Verdict::better);
  EXPECT_THAT(c.finding, HasSubstr("times as fast"));
}

}  // namespace
}  // namespace faceoff::compare
