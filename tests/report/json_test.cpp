#include "report/sample.h"

#include <faceoff/report/reporter.h>

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::report {
namespace {

using nlohmann::json;

json parsed(const Report& report) {
  return json::parse(write_json(report, {}));
}

TEST(Json, ReadsBackAsItsSchema) {
  const json document = parsed(test::full_report());
  EXPECT_EQ(document["schema"], "faceoff.results/1");
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["run"]["id"], "support-20260822T140311Z-7f3a92c1");
  ASSERT_EQ(document["backends"].size(), 2U);
  EXPECT_EQ(document["backends"][0]["egress"]["host"], "api.openai.com");
  EXPECT_EQ(document["backends"][0]["egress"]["prompts_sent"], 203);
  EXPECT_EQ(document["backends"][0]["retries"]["rate_limited"], 3);
  EXPECT_EQ(document["backends"][1]["all"]["outcomes"]["failed"], 1);
  EXPECT_EQ(document["backends"][1]["egress"]["local"], true);
  // score, four tags, ttft, e2e and tpot
  ASSERT_EQ(document["comparisons"].size(), 8U);
  EXPECT_TRUE(document["exit"].is_null());
}

TEST(Json, HasTheFieldsOfAComparison) {
  const Report report = test::full_report();
  const json comparison = parsed(report)["comparisons"][0];
  for (const char* field : {"metric",
                            "baseline",
                            "candidate",
                            "n_pairs",
                            "n_only_a",
                            "n_only_b",
                            "excluded",
                            "unit",
                            "counts",
                            "estimate",
                            "test",
                            "p_candidate_better",
                            "mde",
                            "deff",
                            "icc",
                            "margin",
                            "verdict",
                            "one_line",
                            "warnings"}) {
    EXPECT_TRUE(comparison.contains(field)) << field;
  }
  const compare::Comparison& score = report.comparisons[0].score;
  EXPECT_EQ(comparison["n_pairs"], 199);
  EXPECT_EQ(comparison["estimate"]["kind"], "diff");
  EXPECT_EQ(comparison["estimate"]["method"], "tango");
  EXPECT_DOUBLE_EQ(comparison["estimate"]["lo"].get<double>(), *score.estimate.lo);
  EXPECT_DOUBLE_EQ(comparison["test"]["p"].get<double>(), *score.test.p);
  EXPECT_EQ(comparison["verdict"], compare::to_string(score.verdict));
  EXPECT_EQ(comparison["mde"]["power"], 0.8);
}

TEST(Json, CarriesTheExitThatTheCommandSet) {
  Report report = test::full_report();
  report.exit = Exit{3, "inconclusive"};
  EXPECT_EQ(parsed(report)["exit"]["code"], 3);
  EXPECT_EQ(parsed(report)["exit"]["reason"], "inconclusive");
}

TEST(Json, WritesNullWhereThereIsNoNumber) {
  Report report = test::full_report();
  report.comparisons[0].score.estimate.hi = std::nan("");
  report.comparisons[0].score.estimate.lo = -INFINITY;
  report.columns[0].summary.decode_rate = INFINITY;
  const json document = parsed(report);
  EXPECT_TRUE(document["comparisons"][0]["estimate"]["hi"].is_null());
  EXPECT_TRUE(document["comparisons"][0]["estimate"]["lo"].is_null());
  EXPECT_TRUE(document["backends"][0]["tokens_per_second"]["decode_median"].is_null());
}

TEST(Json, SurvivesInvalidUtf8) {
  Report report = test::full_report();
  report.columns[0].summary.backend = "gpt\xff\xc3";
  EXPECT_EQ(parsed(report)["backends"][0]["name"], "gpt\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace faceoff::report
