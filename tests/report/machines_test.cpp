// Reports for machines, each read back by a reader that is not ours.
#include "report/hostile.h"
#include "report/sample.h"
#include "support/golden.h"
#include "support/process.h"
#include "support/temp_folder.h"

#include <faceoff/base/text.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::report {
namespace {

using test::expect_golden;
using test::hostile_report;
using test::payloads;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string text_of(const char* format, const Report& report, const RenderOptions& options = {}) {
  const auto text = to_text(*find(format), report, options);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

test::Finished run_tool(std::vector<std::string> argv) {
  return test::Process(argv, {.environment = {{"PATH", "/usr/bin:/bin"}}, .folder = {}}).wait();
}

void expect_sound_junit(const std::string& text, const std::string& what) {
  const test::TempFolder folder;
  const auto file = folder.write("report.xml", text);
  const auto done = run_tool({"/usr/bin/xmllint",
                              "--noout",
                              "--schema",
                              std::string(FACEOFF_TEST_DATA) + "/report/junit.xsd",
                              file.string()});
  ASSERT_NE(done.exit, 127) << "xmllint is missing: apt-get install libxml2-utils";
  EXPECT_EQ(done.exit, 0) << what << ": " << done.err;
}

// What python's csv module makes of it.
nlohmann::json read_csv(const std::string& text) {
  const test::TempFolder folder;
  const auto file = folder.write("report.csv", text);
  const auto done =
      run_tool({"/usr/bin/python3",
                "-c",
                "import csv, json, sys\n"
                "csv.field_size_limit(2**30)\n"
                "rows = csv.DictReader(open(sys.argv[1], encoding='utf-8', newline=''))\n"
                "print(json.dumps(list(rows)))",
                file.string()});
  EXPECT_EQ(done.exit, 0) << done.err;
  return nlohmann::json::parse(done.out, nullptr, false);
}

std::shared_ptr<const CaseViews> cases_of(const std::vector<store::Record>& records,
                                          const std::vector<std::string>& backends) {
  const auto all = std::make_shared<const std::vector<store::Record>>(records);
  std::vector<CaseColumn> columns;
  for (const std::string& backend : backends) {
    columns.push_back({.label = backend, .backend = backend, .folder = {}, .records = all});
  }
  auto views = CaseViews::open(std::move(columns));
  EXPECT_TRUE(views) << views.error().message;
  return std::make_shared<const CaseViews>(*std::move(views));
}

store::Record answered(std::size_t number, const std::string& text, double value) {
  store::Record record = test::sample_record(test::gpt(), number);
  record.messages = {{.role = chat::Role::user, .text = "prompt: " + text}};
  record.targets = {text};
  record.completion.text = text;
  record.completion.model = text;
  record.cluster = text;
  record.tags = {text};
  record.value = value;
  record.scores = {
      {.scorer = "exact", .value = value, .answer = text, .reason = "because " + text}};
  return record;
}

// One case for each way a trial may end, in one backend.
Report report_with_cases() {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < 8; ++i) {
    records.push_back(answered(i, "answer " + std::to_string(i), i % 3 == 0 ? 0.0 : 1.0));
  }
  test::fail(records[4], backend::FailureKind::rate_limited, "HTTP 429 from api.openai.com");
  records[5].outcome = score::Outcome::truncated;
  records[5].value = 0.0;
  records[6].outcome = score::Outcome::refused;
  records[6].value = 0.0;
  records[6].completion.text.clear();
  records[6].completion.refusal = "I cannot help with that.";
  records[7].outcome = score::Outcome::unscored;
  records[7].value.reset();
  store::Record empty = answered(8, "", 0.0);
  empty.outcome = score::Outcome::empty;
  records.push_back(empty);
  store::Record none = answered(9, "who knows", 0.0);
  none.outcome = score::Outcome::no_extraction;
  records.push_back(none);
  Report report = test::report_of(test::sample_manifest({test::gpt()}, 10), records);
  report.cases = cases_of(records, {"gpt-4o"});
  return report;
}

compare::GateResult gate(const char* text, compare::GateState state, const char* message) {
  compare::GateResult result;
  result.gate = compare::parse_gate(text).value();
  result.label = compare::to_string(result.gate);
  result.state = state;
  result.message = message;
  return result;
}

Report gated() {
  Report report = test::full_report();
  report.gates = {gate("score >= 80%", compare::GateState::pass, "84.0% in 200 cases."),
                  gate("not-worse 3pp", compare::GateState::fail, "Worse by 8.5 pp."),
                  gate("alarm on tag:math", compare::GateState::inconclusive, "Too few cases.")};
  return report;
}

TEST(Junit, ListsGates) {
  const std::string text = text_of("junit", gated());
  expect_golden("report/junit-gates.xml", text);
  expect_sound_junit(text, "gates");
}

TEST(Junit, ListsFlips) {
  const std::string text = text_of("junit", gated(), {.junit_level = JunitLevel::flips});
  expect_golden("report/junit-flips.xml", text);
  expect_sound_junit(text, "flips");
}

TEST(Junit, ListsCases) {
  const std::string text =
      text_of("junit", report_with_cases(), {.junit_level = JunitLevel::cases});
  expect_golden("report/junit-cases.xml", text);
  expect_sound_junit(text, "cases");
}

TEST(Junit, SaysThatARunDidNotEnd) {
  Report report = test::full_report();
  report.manifest.state = store::RunState::interrupted;
  const std::string text = text_of("junit", report);
  EXPECT_THAT(text, HasSubstr("<error type=\"interrupted\""));
  EXPECT_THAT(text, HasSubstr("errors=\"1\""));
}

// GitLab drops later tests of a name.
TEST(Junit, GivesEveryTestANameOfItsOwn) {
  Report report = gated();
  report.gates.push_back(report.gates.front());
  const std::string text = text_of("junit", report);
  EXPECT_THAT(text, HasSubstr("name=\"score &gt;= 80%\""));
  EXPECT_THAT(text, HasSubstr("name=\"score &gt;= 80% (2)\""));
}

TEST(Csv, ReadsBackEqual) {
  const Report report = report_with_cases();
  const auto rows = read_csv(text_of("csv", report));
  ASSERT_EQ(rows.size(), 10U);
  EXPECT_EQ(rows[1]["case"], "case-001");
  EXPECT_EQ(rows[1]["backend"], "gpt-4o");
  EXPECT_EQ(rows[1]["answer"], "answer 1");
  EXPECT_EQ(rows[1]["prompt"], "prompt: answer 1");
  EXPECT_EQ(rows[1]["score"], "1");
  EXPECT_EQ(rows[1]["reasons"], "exact 1: because answer 1");
  EXPECT_EQ(rows[4]["error"], "rate_limited");
  EXPECT_EQ(rows[4]["score"], "");
  EXPECT_EQ(rows[6]["answer"], "I cannot help with that.");
}

TEST(Csv, Out13EveryWayToEndHasAWordOfItsOwn) {
  const auto rows = read_csv(text_of("csv", report_with_cases()));
  std::set<std::string> outcomes;
  for (const auto& row : rows) {
    outcomes.insert(row["outcome"].get<std::string>());
  }
  EXPECT_THAT(
      outcomes,
      testing::UnorderedElementsAre(
          "scored", "failed", "truncated", "refused", "unscored", "empty", "no_extraction"));
}

TEST(Csv, Out05HostileTextReadsBackAsItIsShown) {
  std::vector<store::Record> records;
  std::vector<std::string> all = payloads();
  all.insert(all.end(), {"=1+1", "+1", "-2+3", "@x", "a,b;\"c\"", "line\r\nend", " =1"});
  for (std::size_t i = 0; i < all.size(); ++i) {
    records.push_back(answered(i, all[i], 1.0));
  }
  Report report = test::report_of(test::sample_manifest({test::gpt()}, all.size()), records);
  report.cases = cases_of(records, {"gpt-4o"});
  const auto safe = read_csv(text_of("csv", report));
  const auto raw = read_csv(text_of("csv", report, {.csv_raw = true}));
  ASSERT_EQ(safe.size(), all.size());
  ASSERT_EQ(raw.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string shown = display_text(all[i], Lines::keep);
    const auto cell = safe[i]["answer"].get<std::string>();
    EXPECT_TRUE(cell == shown || cell == "'" + shown) << cell;
    EXPECT_THAT((std::vector<char>{'=', '+', '-', '@'}), Not(testing::Contains(cell[0]))) << cell;
    if (is_valid_utf8(all[i]) && all[i].find('\0') == std::string::npos) {
      EXPECT_EQ(raw[i]["answer"], all[i]);
    }
  }
}

TEST(Comment, PutsMarkerGatesAndFlipsFirst) {
  const std::string text = text_of("comment", gated());
  expect_golden("report/comment.md", text);
  EXPECT_THAT(text, StartsWith("<!-- faceoff:support -->\n## "));
  EXPECT_THAT(text_of("comment", gated(), {.marker = "mine"}), StartsWith("<!-- mine -->\n"));
}

TEST(Comment, KeepsWithinWhatGithubTakes) {
  Report report = gated();
  for (int i = 0; i < 3000; ++i) {
    const std::string id = "case-" + std::string(200, 'x') + std::to_string(i);
    report.comparisons.front().score.only_reference_passes.push_back(id);
    report.gates.push_back(report.gates[1]);
    report.manifest.notes.push_back(id);
  }
  report.comparisons.front().score.n_only_reference_passes += 3000;
  const std::string text = text_of("comment", report);
  EXPECT_LE(text.size(), 65'536U);
  EXPECT_THAT(text, HasSubstr("left out: a comment may have 65,536 characters"));
  EXPECT_THAT(text, StartsWith("<!-- faceoff:support -->\n"));
}

TEST(Github, WritesAnnotationsUnderTheCaps) {
  const std::string text = text_of("github", gated());
  expect_golden("report/github.txt", text);
  Report many = gated();
  many.gates.resize(60, many.gates[1]);
  std::size_t errors = 0;
  const std::string annotations = text_of("github", many);
  for (const auto line : split(annotations, '\n')) {
    errors += line.starts_with("::error ") ? 1U : 0U;
  }
  EXPECT_EQ(errors, 10U);
}

TEST(Openmetrics, HoldsTheFiguresOfEveryBackend) {
  const std::string text = text_of("openmetrics", gated());
  expect_golden("report/openmetrics.txt", text);
  EXPECT_THAT(text, EndsWith("# EOF\n"));
}

TEST(HostileText, Out04IsSoundInXml) {
  for (const std::string& payload : payloads()) {
    Report report = hostile_report(payload);
    report.gates = {gate("alarm", compare::GateState::fail, "no")};
    report.gates[0].label = payload;
    std::vector<store::Record> records{answered(0, payload, 0.0), answered(1, payload, 1.0)};
    records[0].case_id = payload;
    report.cases = cases_of(records, {"gpt-4o"});
    expect_sound_junit(text_of("junit", report, {.junit_level = JunitLevel::flips}), payload);
    const std::string text = text_of("junit", report, {.junit_level = JunitLevel::cases});
    expect_sound_junit(text, payload);
    EXPECT_EQ(display_text(text, Lines::keep), text);
  }
}

TEST(HostileText, Out01ReachesNoMachineFormatUnescaped) {
  for (const std::string& payload : payloads()) {
    Report report = hostile_report(payload);
    for (const char* format : {"comment", "openmetrics", "junit"}) {
      const std::string text = text_of(format, report);
      EXPECT_EQ(display_text(text, Lines::keep), text) << format << display_text(payload);
    }
    // Annotations are the one place where a line may begin a command, one each.
    const std::string annotations = text_of("github", report);
    for (const auto line : split(annotations, '\n')) {
      EXPECT_TRUE(line.empty() || line.starts_with("::notice ") || line.starts_with("::warning "))
          << line;
      EXPECT_THAT(std::string(line), Not(HasSubstr("##[")));
    }
  }
}

}  // namespace
}  // namespace faceoff::report
