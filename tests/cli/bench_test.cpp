// `faceoff bench` and `faceoff selftest` against the stand-in. How long anything takes is no matter
// here: machines are slow and tests run side by side.
#include "program.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class BenchCommand : public ::testing::Test {
 protected:
  BenchCommand() {
    program_.write("fast.yaml", "default: 'one two three four five six'\n");
    program_.write("broken.yaml", "faults: [{kind: status, status: 500}]\n");
    program_.write("suite.yaml", kSuite);
  }

  json bench(std::vector<std::string> words) {
    words.insert(words.begin(), "bench");
    words.emplace_back("--json");
    const auto done = program_.run(words);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(done.out, nullptr, false);
  }

  Program program_;
};

TEST_F(BenchCommand, AsksOneAtATimeByDefault) {
  const json out =
      bench({"-b", "a=simulate:fast.yaml", "-b", "b=simulate:fast.yaml", "--requests", "5"});
  EXPECT_EQ(out["schema"], "faceoff.bench/1");
  EXPECT_EQ(out["mode"], "serial");
  ASSERT_EQ(out["points"].size(), 2U);
  for (const auto& point : out["points"]) {
    EXPECT_EQ(point["issued"], 5);
    EXPECT_EQ(point["warmup"], 1);
    EXPECT_EQ(point["status"]["ok"], 5);
    EXPECT_EQ(point["simulated"], true);
    EXPECT_EQ(point["concurrency"]["max"], 1);
    EXPECT_EQ(point["figures"]["ttft"]["n"], 5);
    EXPECT_EQ(point["figures"]["ttft"]["unit"], "ms");
    EXPECT_EQ(point["figures"]["ttft"]["p99_bound"], nullptr);
    EXPECT_EQ(point["figures"]["vllm_ttft"]["tool"], "vllm");
    EXPECT_FALSE(point["figures"].contains("e2e_sched"));
    EXPECT_EQ(point["tokens"]["sources"]["usage"], 5);
  }
  EXPECT_EQ(out["breaks"], nullptr);
}

TEST_F(BenchCommand, SweepsConcurrencyAndSaysWhereABackendBreaks) {
  const json out = bench({"-b",
                          "good=simulate:fast.yaml",
                          "-b",
                          "bad=simulate:broken.yaml",
                          "-j",
                          "1,3",
                          "--requests",
                          "6",
                          "--slo",
                          "ttft<10m"});
  ASSERT_EQ(out["points"].size(), 4U);
  EXPECT_EQ(out["points"][2]["load"], 3.0);
  EXPECT_EQ(out["points"][0]["good_share"], 1.0);
  EXPECT_EQ(out["points"][1]["good_share"], 0.0);
  EXPECT_EQ(out["points"][1]["status"]["http_error"], 6);
  EXPECT_EQ(out["breaks"][0]["holds"], 3.0);
  EXPECT_EQ(out["breaks"][0]["breaks"], nullptr);
  EXPECT_EQ(out["breaks"][1]["holds"], nullptr);
  EXPECT_EQ(out["breaks"][1]["breaks"], 1.0);
}

TEST_F(BenchCommand, SendsOnAScheduleAndCountsFromIt) {
  const json out = bench({"suite.yaml",
                          "-b",
                          "a=simulate:fast.yaml",
                          "--rate",
                          "50,100/s",
                          "--arrival",
                          "constant",
                          "--requests",
                          "10",
                          "--warmup",
                          "2"});
  EXPECT_EQ(out["mode"], "open");
  EXPECT_EQ(out["arrival"], "constant");
  EXPECT_THAT(out["prompts"].get<std::string>(), HasSubstr("10 prompts of sums"));
  for (const auto& point : out["points"]) {
    EXPECT_EQ(point["warmup"], 2);
    EXPECT_EQ(point["figures"]["e2e_sched"]["n"], 10);
    EXPECT_EQ(point["figures"]["schedule_delay"]["n"], 10);
    EXPECT_NE(point["client"]["schedule_delay_p99_ms"], nullptr);
  }
}

TEST_F(BenchCommand, PrintsATableAndKeepsEveryRequestOnDemand) {
  const auto done = program_.run({"bench",
                                  "-b",
                                  "a=simulate:fast.yaml",
                                  "-j",
                                  "2",
                                  "--requests",
                                  "4",
                                  "--slo",
                                  "ttft<10m,tok_s_user>0",
                                  "--all-figures",
                                  "--compat",
                                  "--records",
                                  "all.jsonl"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("closed loop"));
  EXPECT_THAT(done.out, HasSubstr("2 in flight"));
  EXPECT_THAT(done.out, HasSubstr("guidellm_itl"));
  std::ifstream file(program_.folder() / "all.jsonl");
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    const json sample = json::parse(line);
    EXPECT_EQ(sample["status"], "ok");
    EXPECT_EQ(sample["events_ms"].size(), 7U);
    ++lines;
  }
  EXPECT_EQ(lines, 6) << "warm-up included";
}

TEST_F(BenchCommand, SendsNothingOnADryRun) {
  const auto done = program_.run({"bench", "-b", "a=simulate:fast.yaml", "-j", "4", "-n"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("4 in flight: 4 for warm-up and 64 measured"));
}

TEST_F(BenchCommand, ExitsWith4WhenABackendGivesNoAnswerAtAll) {
  const auto done = program_.run({"bench", "-b", "a=simulate:broken.yaml", "--requests", "2"});
  EXPECT_EQ(done.exit_code, 4);
  EXPECT_THAT(done.out, HasSubstr("first failure"));
}

TEST_F(BenchCommand, RefusesWhatItCannotUnderstand) {
  const auto refuse = [&](std::vector<std::string> words, const char* why) {
    words.insert(words.begin(), {"bench", "-b", "a=simulate:fast.yaml"});
    const auto done = program_.run(words);
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(done.err, HasSubstr(why));
  };
  refuse({"--rate", "5"}, "5/s");
  refuse({"--rate", "5/s", "-j", "2"}, "exclude each other");
  refuse({"-j", "0"}, "'0'");
  refuse({"--slo", "tft<1s"}, "did you mean 'ttft'?");
  refuse({"--prompt-cache", "hot"}, "'hot'");
  refuse({"suite.yaml", "--prompt-tokens", "9"}, "--prompt-tokens");
}

TEST_F(BenchCommand, LeavesLocalOnlyCasesAtHome) {
  program_.write("secret.yaml",
                 "suite: s\ncases:\n  - {id: a, prompt: hidden, data: local-only}\n");
  program_.set("OPENAI_API_KEY", "sk-test");
  const auto done =
      program_.run({"bench", "secret.yaml", "-b", "far=openai:gpt-4o-2024-11-20", "-n"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("no case is left to send"));
}

TEST_F(BenchCommand, SelftestMeasuresEveryKindOfStamp) {
  const auto done =
      program_.run({"selftest", "--streams", "3", "--tokens", "4", "--pace", "5ms", "--json"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const json out = json::parse(done.out, nullptr, false);
  EXPECT_EQ(out["schema"], "faceoff.selftest/1");
  ASSERT_GE(out["rows"].size(), 2U);
  for (const auto& row : out["rows"]) {
    EXPECT_EQ(row["streams"], 3);
    EXPECT_EQ(row["lost_answers"], 0);
    EXPECT_EQ(row["tokens"], 6 * 4);
    EXPECT_EQ(row["gap_error_us"]["n"], 6 * 3);
    EXPECT_EQ(row["first_token_error_us"]["n"], 6);
  }
}

TEST_F(BenchCommand, ARunSaysOfItselfWhetherItWasTheBottleneck) {
  ASSERT_EQ(program_.run({"run", "suite.yaml", "-b", "a=simulate:fast.yaml", "-o", "r"}).exit_code,
            0);
  std::ifstream file(program_.folder() / "r" / "summary.json");
  const json summary = json::parse(file);
  EXPECT_EQ(summary["run"]["self_check"]["client_bound"], false);
  EXPECT_EQ(summary["backends"][0]["figures"]["ttft"]["n"], 10);
  EXPECT_TRUE(summary["backends"][0]["figures"].contains("gap"));
  EXPECT_EQ(summary["backends"][0]["token_sources"]["usage"], 10);
}

}  // namespace
}  // namespace faceoff::cli::test
