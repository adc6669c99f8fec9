#include "report/sample.h"
#include "support/golden.h"

#include <faceoff/report/reporter.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::report {
namespace {

using test::expect_golden;
using ::testing::HasSubstr;
using ::testing::Not;

// The sample run judged by gates of every kind.
Report gated_report() {
  const std::vector<test::SampleBackend> backends{test::gpt(), test::llama()};
  store::Manifest manifest = test::sample_manifest(backends, 200);
  manifest.gating.gates = {"alarm"};
  compare::Results results({"gpt-4o", "llama-4-scout"});
  for (const auto& backend : backends) {
    for (const auto& record : test::sample_records(backend, 200)) {
      results.add(record);
    }
  }
  const auto columns = results.columns();
  std::vector<compare::Summary> summaries;
  for (const auto& column : columns) {
    summaries.push_back(compare::summarise(column));
  }
  Report report = build_report(manifest, summaries, compare::compare_all(columns));
  const std::vector<compare::GateSubject> subjects{
      {.name = "gpt-4o", .column = &columns[0], .summary = &summaries[0]},
      {.name = "llama-4-scout",
       .column = &columns[1],
       .summary = &summaries[1],
       .pair = &report.comparisons.front()}};
  std::vector<compare::Gate> gates;
  for (const char* text : {"alarm",
                           "alarm on tag:math",
                           "not-worse 3pp",
                           "equivalent 20pp",
                           "score(gpt-4o) >= 70%",
                           "score >= 80%",
                           "ttft.p95 <= 200ms",
                           "e2e.p50 <= 2s",
                           "error-rate <= 2%",
                           "max-drop 3pp",
                           "max-slowdown 20%"}) {
    gates.push_back(compare::parse_gate(text).value());
  }
  report.gates = compare::evaluate_gates(gates, subjects);
  return report;
}

TEST(GateReport, ShowsEveryGateWithItsFigures) {
  expect_golden("report/gates-120.txt", write_table(gated_report(), {.width = 120}));
  expect_golden("report/gates-40.txt", write_table(gated_report(), {.width = 40}));
  expect_golden("report/gates.md", write_markdown(gated_report(), {}));
}

TEST(GateReport, NeedsNoColourAndNoUnicode) {
  const std::string text = write_table(gated_report(), {.width = 120, .unicode = false});
  EXPECT_THAT(text, HasSubstr("x FAIL"));
  EXPECT_THAT(text, HasSubstr("+ pass"));
  for (const char c : text) {
    ASSERT_TRUE(static_cast<unsigned char>(c) < 0x80);
  }
}

TEST(GateReport, JsonHoldsEveryFigure) {
  const auto json = nlohmann::json::parse(write_json(gated_report(), {}));
  const auto& results = json["gates"]["results"];
  ASSERT_EQ(results.size(), 11U);
  EXPECT_EQ(results[0]["gate"], "alarm(llama-4-scout)");
  EXPECT_EQ(results[0]["adjust"], "holm");
  EXPECT_EQ(results[6]["unit"], "seconds");
  EXPECT_TRUE(results[9]["p"].is_null());
  EXPECT_TRUE(nlohmann::json::parse(write_json(test::full_report(), {}))["gates"].is_null());
}

TEST(GateReport, SaysWhyNothingWasJudged) {
  Report report = gated_report();
  report.gates.clear();
  report.gates_note = "not judged: the run is not complete (interrupted)";
  EXPECT_THAT(write_table(report, {}), HasSubstr("not judged: the run is not complete"));
  EXPECT_THAT(write_json(report, {}), HasSubstr("not judged"));
}

TEST(GateReport, KeepsForeignNamesInCode) {
  Report report = gated_report();
  report.gates.front().label = "alarm([x](http://evil) <b>)";
  EXPECT_THAT(write_markdown(report, {}), HasSubstr("`alarm([x](http://evil) <b>)`"));
}

TEST(GateReport, ShowsTheBaselineThatItWasHeldAgainst) {
  Report report = gated_report();
  report.baseline = Baseline{.name = "main",
                             .run_id = "support-1",
                             .run_started_utc = "2026-08-01T00:00:00.000Z",
                             .comparisons = report.comparisons,
                             .note = {}};
  EXPECT_THAT(write_table(report, {}), HasSubstr("Verdict on llama-4-scout against baseline main"));
  const auto json = nlohmann::json::parse(write_json(report, {}));
  EXPECT_EQ(json["baseline"]["run"], "support-1");
  report.manifest.state = store::RunState::interrupted;
  EXPECT_THAT(write_table(report, {}), Not(HasSubstr("against baseline main")));
}

}  // namespace
}  // namespace faceoff::report
