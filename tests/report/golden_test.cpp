#include "support/golden.h"

#include "report/sample.h"

#include <faceoff/base/text.h>
#include <faceoff/report/reporter.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

using test::expect_golden;
using test::SampleBackend;
using ::testing::HasSubstr;
using ::testing::Not;

std::string table(const Report& report, std::size_t width) {
  return write_table(report, {.width = width});
}

TEST(Table, ShowsEverythingWithoutAWidth) {
  expect_golden("report/full-0.txt", table(test::full_report(), 0));
}
TEST(Table, FitsAWideTerminal) {
  expect_golden("report/full-120.txt", table(test::full_report(), 120));
}
TEST(Table, DropsFiguresAtEightyColumns) {
  expect_golden("report/full-80.txt", table(test::full_report(), 80));
}
TEST(Table, WritesBlocksAtFortyColumns) {
  expect_golden("report/full-40.txt", table(test::full_report(), 40));
}
TEST(Table, ColoursSignsAndHeadings) {
  expect_golden("report/full-120-colour.txt",
                write_table(test::full_report(), {.width = 120, .colour = true}));
}
TEST(Table, KeepsToAsciiWhenAsked) {
  const std::string text = write_table(test::full_report(), {.width = 120, .unicode = false});
  expect_golden("report/full-120-ascii.txt", text);
  for (const char c : text) {
    ASSERT_TRUE(static_cast<unsigned char>(c) < 0x80);
  }
}

std::vector<SampleBackend> several(std::size_t count) {
  std::vector<SampleBackend> backends;
  for (std::size_t i = 0; i < count; ++i) {
    backends.push_back({.name = "model-" + std::to_string(i + 1),
                        .local = i > 0,
                        .passes_of_20 = 17 - i * 2,
                        .shift = i,
                        .ttft_ms = 400.0 + 90.0 * static_cast<double>(i)});
  }
  return backends;
}

TEST(Table, ShowsThreeBackendsAgainstTheFirst) {
  expect_golden("report/three-120.txt", table(test::sample_report(several(3), 80), 120));
}
TEST(Table, ListsMoreThanFourBackends) {
  expect_golden("report/five-100.txt", table(test::sample_report(several(5), 80), 100));
}
TEST(Table, ShowsOneBackendWithoutAVerdict) {
  const std::string text = table(test::sample_report({test::gpt()}, 40), 100);
  expect_golden("report/one-100.txt", text);
  EXPECT_THAT(text, Not(HasSubstr("Verdict")));
}

TEST(Table, MarksSmallAndSimulatedRuns) {
  SampleBackend fake = test::llama();
  fake.simulated = true;
  const std::string text = table(test::sample_report({test::gpt(), fake}, 8), 120);
  expect_golden("report/small-120.txt", text);
  EXPECT_THAT(text, HasSubstr("llama-4-scout (simulated) minus gpt-4o"));
  EXPECT_THAT(text, HasSubstr("too few cases for an interval"));
}

TEST(Table, GivesNoVerdictOnAnInterruptedRun) {
  Report report = test::full_report();
  report.manifest.state = store::RunState::interrupted;
  report.manifest.trials = 800;
  const std::string text = table(report, 100);
  EXPECT_THAT(text, HasSubstr("the run is not complete (interrupted): 400 of 800 trials"));
  EXPECT_THAT(text, Not(HasSubstr("Worse:")));
}

TEST(Table, KeepsEveryLineWithinTheWidth) {
  for (const std::size_t count : {1U, 2U, 3U, 5U}) {
    const Report report = test::sample_report(several(count), 60);
    for (std::size_t width = 40; width <= 140; width += 5) {
      const std::string text = table(report, width);
      for (const std::string_view line : split(text, '\n')) {
        EXPECT_LE(display_width(line), width) << count << " backends: " << line;
      }
    }
  }
}

TEST(Table, EndsNoLineInABlank) {
  for (const std::size_t width : {0U, 40U, 80U, 120U}) {
    EXPECT_THAT(table(test::full_report(), width), Not(HasSubstr(" \n")));
  }
}

TEST(Table, KeepsLongNamesApart) {
  std::vector<SampleBackend> backends{test::gpt(), test::gpt()};
  backends[0].name = "meta-llama/Llama-4-Scout-17B-16E-Instruct-Q4_K_M";
  backends[1].name = "meta-llama/Llama-4-Scout-17B-16E-Instruct-Q8_0";
  const std::string text = table(test::sample_report(backends, 40), 100);
  EXPECT_THAT(text, HasSubstr("Q4"));
  EXPECT_THAT(text, HasSubstr("Q8"));
}

TEST(Markdown, HoldsTheSameAsTheTable) {
  expect_golden("report/full.md", write_markdown(test::full_report(), {}));
}
TEST(Markdown, ShowsThreeBackends) {
  expect_golden("report/three.md", write_markdown(test::sample_report(several(3), 80), {}));
}

TEST(Json, HoldsEveryFigure) {
  expect_golden("report/full.json", write_json(test::full_report(), {}));
}

}  // namespace
}  // namespace faceoff::report
