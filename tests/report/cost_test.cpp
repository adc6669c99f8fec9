#include "sample.h"

#include <faceoff/report/reporter.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kCases = 200;

class Costs : public ::testing::Test {
 protected:
  Costs() {
    manifest_.backends.front().price = backend::Price{.input = {2'500'000},
                                                      .cached = Money{1'250'000},
                                                      .output = {10'000'000},
                                                      .as_of = "2026-08-01",
                                                      .source = "a page"};
    // 1/3 of a cent and a bit, so that sums in binary fractions would drift.
    for (auto& record : records_) {
      record.cost = Money{1'283'333'333};
    }
  }
  [[nodiscard]] Report report() const { return test::report_of(manifest_, records_); }
  [[nodiscard]] std::string table() const { return write_table(report(), {}); }
  [[nodiscard]] nlohmann::json cost() const {
    return nlohmann::json::parse(write_json(report(), {}))["backends"][0]["cost"];
  }

  test::SampleBackend sample_{.name = "gpt-4o"};
  store::Manifest manifest_ = test::sample_manifest({sample_}, kCases);
  std::vector<store::Record> records_ = test::sample_records(sample_, kCases);
};

TEST_F(Costs, StandInTheTableWithTheDateOfTheirPrices) {
  EXPECT_THAT(table(), HasSubstr("$0.26 ($1.28 per 1000, prices of 2026-08-01)"));
  EXPECT_THAT(write_markdown(report(), {}), HasSubstr("$0.26"));
}

TEST_F(Costs, AreExactDecimalsInJson) {
  EXPECT_EQ(cost()["total_usd"], "0.2566666666");
  EXPECT_EQ(cost()["per_1000_usd"], "1.283333333");
  EXPECT_EQ(cost()["trials"], kCases);
  EXPECT_EQ(cost()["estimated"], false);
  EXPECT_EQ(cost()["usd_per_million_tokens"]["input"], "2.5");
  EXPECT_EQ(cost()["usd_per_million_tokens"]["cached_input"], "1.25");
  EXPECT_EQ(cost()["usd_per_million_tokens"]["as_of"], "2026-08-01");
}

TEST_F(Costs, BUD_01_AreALowerBoundWhereAnAnswerCameWithoutUsage) {
  records_.front().cost.reset();
  records_.front().completion.usage = {};
  EXPECT_THAT(table(),
              HasSubstr("at least $0.26 ($1.28 per 1000, prices of 2026-08-01, an estimate)"));
  EXPECT_THAT(table(), HasSubstr("1 answer without a token count"));
  EXPECT_EQ(cost()["estimated"], true);
  EXPECT_EQ(cost()["trials"], kCases - 1);
}

TEST_F(Costs, AreUnknownNotZeroWithoutAPrice) {
  manifest_.backends.front().price.reset();
  for (auto& record : records_) {
    record.cost.reset();
  }
  EXPECT_THAT(table(), HasSubstr("no price set"));
  EXPECT_THAT(table(), Not(HasSubstr("$0")));
  EXPECT_TRUE(cost().is_null());
}

TEST_F(Costs, AreUnknownWhenNoAnswerHadATokenCount) {
  for (auto& record : records_) {
    record.cost.reset();
    record.completion.usage = {};
  }
  EXPECT_THAT(table(), HasSubstr("cost not known: no token counts"));
  EXPECT_TRUE(cost()["total_usd"].is_null());
}

TEST_F(Costs, OfAStandInAreNotSpent) {
  manifest_.backends.front().simulated = true;
  EXPECT_THAT(table(), HasSubstr("would cost $0.26"));
}

TEST_F(Costs, ABudgetThatEndedARunLeavesNoVerdict) {
  manifest_.state = store::RunState::budget;
  manifest_.notes.push_back("ended early: $2.00 are spent");
  EXPECT_THAT(table(), HasSubstr("ended early: $2.00 are spent"));
  const auto json = nlohmann::json::parse(write_json(report(), {}));
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["run"]["state"], "budget");
}

}  // namespace
}  // namespace faceoff::report
