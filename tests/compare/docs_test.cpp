// The sentences that docs/statistics.md quotes, as the program prints them.

#include "compare/records.h"

#include <faceoff/base/files.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/compare/gate_check.h>
#include <faceoff/compare/sequential.h>

#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using test::binary;
using test::case_id;
using test::column;

// The page with every line break and quotation mark as one blank.
std::string page() {
  const auto text = read_file(FACEOFF_SOURCE_DIR "/docs/statistics.md");
  std::istringstream words(text.value_or(""));
  std::string joined;
  for (std::string word; words >> word;) {
    if (word != ">") {
      joined += joined.empty() ? word : ' ' + word;
    }
  }
  return joined;
}

void expect_quoted(const std::string& sentence) {
  EXPECT_TRUE(page().find(sentence) != std::string::npos)
      << "docs/statistics.md does not quote: " << sentence;
}

TEST(StatisticsPage, QuotesAComparisonOfFortyCases) {
  const auto pair = binary(28, 5, 2, 5);
  expect_quoted(compare_backends(pair.reference, pair.candidate).score.one_line);
}

TEST(StatisticsPage, QuotesAClearDifference) {
  const auto pair = binary(59, 6, 16, 80);
  expect_quoted(compare_backends(pair.reference, pair.candidate).score.one_line);
}

TEST(StatisticsPage, QuotesABorderlineCase) {
  const auto pair = binary(70, 15, 6, 9);
  expect_quoted(compare_backends(pair.reference, pair.candidate).score.one_line);
}

TEST(StatisticsPage, QuotesFailedTrials) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 40; ++i) {
    a.push_back(test::scored(case_id(i), i < 33 ? 1 : 0));
    b.push_back(i >= 37 ? test::failed(case_id(i)) : test::scored(case_id(i), i % 6 != 0 ? 1 : 0));
  }
  expect_quoted(compare_backends(column("gpt", a), column("llama", b)).score.one_line);
}

TEST(StatisticsPage, QuotesRepeats) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t repeat = 0; repeat < 3; ++repeat) {
      const auto number = static_cast<std::int32_t>(repeat);
      a.push_back(test::scored(case_id(i), i % 5 < 3 || repeat == i % 4 ? 1 : 0, number));
      b.push_back(test::scored(case_id(i), i % 7 < 4 || repeat == i % 5 ? 1 : 0, number));
    }
  }
  expect_quoted(compare_backends(column("gpt", a), column("llama", b)).score.one_line);
}

TEST(StatisticsPage, QuotesARunThatStoppedEarly) {
  SequentialWatch watch({"gpt", "llama"});
  Results results({"gpt", "llama"});
  for (std::size_t i = 0; i < 200 && !watch.sure(); ++i) {
    for (const char* name : {"gpt", "llama"}) {
      const bool right = *name == 'g' ? i % 4 != 1 : i % 2 == 0;
      store::Record record = test::scored(case_id(i), right ? 1 : 0);
      record.backend = name;
      watch.add(record);
      results.add(record);
    }
  }
  Options options;
  options.evidence["llama"] = watch.evidence("llama");
  const auto pairs = compare_all(results.columns(), options);
  expect_quoted(pairs.front().score.one_line);
}

TEST(StatisticsPage, QuotesTheTagsThatAreTooSmall) {
  const GateScope scope{
      .backends = {"gpt-4o", "llama"},
      .cases = 120,
      .tags = {{"algebra", 40}, {"dates", 4}, {"logic", 40}, {"roots", 5}, {"units", 40}}};
  const GateAdvice advice = check_gates(std::vector{Gate{.tag = "*"}}, scope);
  ASSERT_EQ(advice.warnings.size(), 1U);
  expect_quoted(advice.warnings.front());
}

}  // namespace
}  // namespace faceoff::compare
