#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/base/units.h>
#include <faceoff/store/run_folder.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using test::Program;
using test::StandIn;
using testing::HasSubstr;

// Every answer of the stand-in costs about $0.02: 2 or 3 prompt tokens at $0.005 and one token out
// at $0.01.
constexpr const char* kPrices =
    "prices:\n  m: {input: \"5000\", output: \"10000\", as_of: 2026-11-01}\n";

class Budgets : public testing::Test {
 protected:
  Budgets() {
    program_.write("s.yaml", test::kSuite);
    program_.write("faceoff.yaml", kPrices);
  }
  [[nodiscard]] faceoff::test::Finished run(const StandIn& server,
                                            std::vector<std::string> more) const {
    std::vector<std::string> words{"run",
                                   "s.yaml",
                                   "-b",
                                   "x=openai-compatible:m@" + server.url() + "/v1",
                                   "-o",
                                   "r",
                                   "-j",
                                   "1"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.run(words);
  }
  [[nodiscard]] std::vector<store::Record> records() const {
    return *store::load_records(program_.folder() / "r");
  }
  [[nodiscard]] Money spent() const {
    Money sum;
    for (const auto& record : records()) {
      sum += record.cost.value_or(Money{});
    }
    return sum;
  }
  [[nodiscard]] nlohmann::json cost() const {
    const auto text = *read_file(program_.folder() / "r/summary.json");
    return nlohmann::json::parse(text)["backends"][0]["cost"];
  }

  Program program_;
};

TEST_F(Budgets, BUD_01_MaxCostEndsTheRunAndKeepsWhatWasPaidFor) {
  const StandIn server(program_, "answers: s.yaml\n");
  const auto done = run(server, {"--max-cost", "$0.10"});
  EXPECT_EQ(done.exit, 7) << done.err << done.out;
  EXPECT_THAT(done.err, HasSubstr("of the limit of $0.10 are spent"));
  EXPECT_THAT(done.err, HasSubstr("of 10 answers are kept in r"));
  EXPECT_THAT(done.err, HasSubstr("--resume -o r"));
  EXPECT_THAT(done.out, HasSubstr("ended early"));
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::budget);
  // One answer at a time, none of them dearer than three cents.
  EXPECT_GE(spent().picodollars, parse_dollars("0.10")->picodollars);
  EXPECT_LT(spent().picodollars, parse_dollars("0.13")->picodollars);
  EXPECT_LT(records().size(), 10U);
  EXPECT_EQ(cost()["total_usd"], decimal_dollars(spent()));
  EXPECT_EQ(cost()["estimated"], false);

  const auto resumed = run(server, {"--max-cost", "$2", "--resume"});
  EXPECT_EQ(resumed.exit, 0) << resumed.err;
  EXPECT_EQ(records().size(), 10U);
  EXPECT_EQ(cost()["total_usd"], decimal_dollars(spent()));
  EXPECT_THAT(resumed.out, HasSubstr("prices of 2026-11-01"));
}

TEST_F(Budgets, AResumedRunIsHeldAgainstTheBaselineItWasBegunWith) {
  const StandIn server(program_, "answers: s.yaml\n");
  const std::vector<std::string> words{
      "run", "s.yaml", "-b", "x=openai-compatible:m@" + server.url() + "/v1", "-j", "1"};
  ASSERT_EQ(program_.run(words).exit, 0);
  auto limited = words;
  limited.insert(limited.end(), {"--baseline", "latest", "--gate", "alarm"});
  auto resumed = limited;
  limited.insert(limited.end(), {"--max-cost", "$0.10"});
  ASSERT_EQ(program_.run(limited).exit, 7);
  // By now `latest` is the run itself.
  resumed.emplace_back("--resume");
  const auto done = program_.run(resumed);
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("against baseline"));
}

TEST_F(Budgets, BUD_01_RetriesThatCostNothingDoNotCount) {
  const StandIn server(program_,
                       "answers: s.yaml\nfaults:\n"
                       "  - {kind: status, status: 500, attempts: 1}\n");
  const auto done = run(server, {"--max-cost", "$0.10"});
  EXPECT_EQ(done.exit, 7) << done.err;
  EXPECT_LT(spent().picodollars, parse_dollars("0.13")->picodollars);
}

TEST_F(Budgets, BUD_01_WhatCameWithoutUsageIsEstimatedAndSaidToBe) {
  // Cut before the end, where the usage stands: every attempt is paid for and none is counted.
  const StandIn server(program_, "answers: s.yaml\nfaults:\n  - {kind: close, after_tokens: 1}\n");
  const auto done =
      run(server, {"--max-cost", "$0.10", "--max-retries", "0", "--max-error-rate", "100%"});
  EXPECT_EQ(done.exit, 7) << done.err;
  EXPECT_THAT(done.err, HasSubstr("part of it estimated"));
  EXPECT_LT(records().size(), 10U);
}

TEST_F(Budgets, BUD_01_MaxTimeEndsTheRun) {
  const StandIn server(program_,
                       "answers: s.yaml\nfaults:\n"
                       "  - {kind: stall, after_tokens: 0, for: 60s, match: \"1 + 5\"}\n");
  const auto done = run(server, {"--max-time", "2s", "--timeout", "3s", "--max-retries", "0"});
  EXPECT_EQ(done.exit, 7) << done.err;
  EXPECT_THAT(done.err, HasSubstr("is over"));
  EXPECT_THAT(done.err, HasSubstr("--resume"));
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::budget);
}

TEST_F(Budgets, BUD_01_SeveralSuitesShareOneBudget) {
  const StandIn server(program_, "answers: s.yaml\n");
  program_.write("t.yaml", std::string(test::kSuite).replace(0, 11, "suite: more"));
  const std::string endpoint = "x=openai-compatible:m@" + server.url() + "/v1";
  const auto done = program_.run(
      {"run", "s.yaml", "t.yaml", "s.yaml", "-b", endpoint, "-j", "1", "--max-cost", "$0.25"});
  EXPECT_EQ(done.exit, 7) << done.err;
  Money sum;
  for (const auto& folder : store::list_runs(program_.folder() / "results")) {
    for (const auto& record : *store::load_records(folder)) {
      sum += record.cost.value_or(Money{});
    }
  }
  EXPECT_LT(sum.picodollars, parse_dollars("0.28")->picodollars);
  EXPECT_THAT(done.err, HasSubstr("not run: s.yaml"));
}

TEST_F(Budgets, CostsStandInEveryReport) {
  const StandIn server(program_, "answers: s.yaml\n");
  const auto done = run(server, {"--progress", "plain"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("spent=$0."));
  EXPECT_THAT(done.out, HasSubstr("per 1000, prices of 2026-11-01)"));
  EXPECT_THAT(*read_file(program_.folder() / "r/report.md"), HasSubstr("prices of 2026-11-01"));
  EXPECT_EQ(cost()["trials"], 10);
  // The price may change, the run keeps the one that it was counted with.
  program_.write("faceoff.yaml", "{}\n");
  EXPECT_THAT(program_.run({"report", "r"}).out, HasSubstr("prices of 2026-11-01"));
}

}  // namespace
}  // namespace faceoff::cli
