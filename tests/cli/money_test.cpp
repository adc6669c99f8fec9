#include "program.h"

#include <faceoff/base/files.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using test::Program;
using test::StandIn;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// faceoff.yaml has a price for the model `priced`, which is also a stand-in's name.
class Money : public testing::Test {
 protected:
  Money() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("faceoff.yaml",
                   "prices:\n  priced: {input: \"1000\", output: \"2000\", as_of: 2026-11-01, "
                   "source: a contract}\n");
    program_.set("OPENAI_API_KEY", "sentinel-key-value");
  }
  [[nodiscard]] nlohmann::json json_of(const std::string& file) const {
    return nlohmann::json::parse(*read_file(program_.folder() / file));
  }

  Program program_;
};

TEST_F(Money, PricesAreListedWithDateSourceAndOrigin) {
  program_.write("own.yaml", "prices: {mine: {input: \"0.5\", cached_input: 0.05, output: 3}}\n");
  const auto done = program_.run({"list", "prices", "--prices", "own.yaml"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("openai: gpt-4o-2024-11-20"));
  EXPECT_THAT(done.out, HasSubstr("$2.50 in, $1.25 cached, $10.00 out; as of 2026-05; built in"));
  EXPECT_THAT(
      done.out,
      HasSubstr("$1000.00 in, $2000.00 out; as of 2026-11-01; faceoff.yaml, from a contract"));
  EXPECT_THAT(done.out, HasSubstr("$0.50 in, $0.05 cached, $3.00 out; --prices"));
}

TEST_F(Money, MistakesInPricesStandAtTheirPlace) {
  program_.write("own.yaml", "prices:\n  mine: {input: free, output: 3}\n");
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "a=simulate:good.yaml", "--prices", "own.yaml", "-o", "r"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, AllOf(HasSubstr("own.yaml:2:17"), HasSubstr("found 'free'")));
  EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
}

TEST_F(Money, DryRunSaysWhatWouldGoWhereAndSendsNothing) {
  const auto done = program_.run({"run",
                                  "s.yaml",
                                  "-b",
                                  "gpt=openai:gpt-4o-2024-11-20",
                                  "-b",
                                  "here=openai-compatible:m@http://127.0.0.1:9/v1",
                                  "--repeat",
                                  "2",
                                  "--max-cost",
                                  "$1",
                                  "-n"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("dry run: nothing was sent, no folder was made"));
  EXPECT_THAT(done.out, HasSubstr("sums: 10 cases, 20 trials per backend"));
  EXPECT_THAT(done.out,
              HasSubstr("to https://api.openai.com/v1 (leaves this machine): 20 requests"));
  EXPECT_THAT(done.out, HasSubstr("to http://127.0.0.1:9/v1 (this machine): 20 requests"));
  // "1 + 1 =" are 2 tokens, "12 + 6 =" 2, "16 + 10 =" 3: 21 for all, twice. 16 tokens an answer.
  EXPECT_THAT(done.out,
              HasSubstr("about 42 tokens in (4 characters a token), at most 320 out (max_tokens)"));
  EXPECT_THAT(done.out,
              HasSubstr("about $0.00010 (prompts only) to $0.0033 (max_tokens used up); prices of "
                        "2026-05"));
  EXPECT_THAT(done.out, HasSubstr("cost: no price set"));
  EXPECT_THAT(done.out, HasSubstr("total: 40 requests"));
  EXPECT_THAT(done.out, HasSubstr("--max-cost $1.00: is not reached"));
  EXPECT_FALSE(std::filesystem::exists(program_.folder() / "results"));
}

TEST_F(Money, DryRunChecksWhatARunChecks) {
  EXPECT_EQ(program_.run({"run", "s.yaml", "-n", "-b", "a=simulate:missing.yaml"}).exit, 2);
  EXPECT_EQ(program_.run({"run", "missing.yaml", "-n", "-b", "a=simulate:good.yaml"}).exit, 6);
  program_.set("OPENAI_API_KEY", "");
  const auto done = program_.run({"run", "s.yaml", "-n", "-b", "gpt=openai:m"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("OPENAI_API_KEY"));
}

TEST_F(Money, DryRunTellsWhenAnAnswerHasNoLimit) {
  program_.write("t.yaml",
                 "suite: t\ncases:\n  - {prompt: hi, target: x, score: exact}\n"
                 "  - {prompt: ho, target: x, score: exact, data: local-only}\n");
  const auto done = program_.run({"run", "t.yaml", "-b", "gpt=openai:gpt-4o-2024-11-20", "-n"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1 requests"));
  EXPECT_THAT(done.out, HasSubstr("1 local-only prompts are not sent there"));
  EXPECT_THAT(done.out, HasSubstr("not every case sets max_tokens"));
  EXPECT_THAT(done.out, HasSubstr("for the prompts, and the answers"));
}

TEST_F(Money, BUD_01_MaxCostWithoutAPriceIsRefusedBeforeAnythingIsSent) {
  const auto done =
      program_.run({"run", "s.yaml", "-b", "gpt=openai:gpt-4o", "--max-cost", "$2", "-o", "r"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("the price of model 'gpt-4o' is not known"));
  EXPECT_THAT(done.err, HasSubstr("gpt-4o-2024-11-20"));
  EXPECT_THAT(done.err, HasSubstr("--prices"));
  EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
}

TEST_F(Money, LimitsThatAreNoneAreRefused) {
  for (const char* amount : {"0", "-1", "two", "2€", ""}) {
    const auto done = program_.run(
        {"run", "s.yaml", "-b", "a=simulate:good.yaml", std::string("--max-cost=") + amount});
    EXPECT_EQ(done.exit, 2) << amount;
    EXPECT_THAT(done.err, HasSubstr("--max-cost")) << amount;
  }
  EXPECT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--max-time", "0s"}).exit,
            2);
  EXPECT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--max-time", "5"}).exit,
            2);
}

TEST_F(Money, TheManifestKeepsThePriceThatARunWasCountedWith) {
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "priced=simulate:good.yaml", "-o", "r", "--max-cost", "1000", "-q"});
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto price = json_of("r/run.json")["backends"][0]["price"];
  EXPECT_EQ(price["input"], "1000");
  EXPECT_EQ(price["output"], "2000");
  EXPECT_EQ(price["as_of"], "2026-11-01");
  EXPECT_EQ(price["source"], "a contract");
  EXPECT_TRUE(price["cached_input"].is_null());
  EXPECT_EQ(json_of("r/summary.json")["backends"][0]["cost"]["usd_per_million_tokens"]["input"],
            "1000");
}

TEST_F(Money, AModelFileOfThisMachineHasNoPrice) {
  program_.write("faceoff.yaml", "{}\n");
  const auto done = program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "r"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("no price set"));
  EXPECT_TRUE(json_of("r/run.json")["backends"][0]["price"].is_null());
  EXPECT_TRUE(json_of("r/summary.json")["backends"][0]["cost"].is_null());
}

TEST_F(Money, SettingsAreShownWithWhoSetThem) {
  program_.set("FACEOFF_CONCURRENCY", "8");
  program_.set("FACEOFF_MAX_COST", "$3");
  program_.write("faceoff.yaml",
                 "results: runs\nbackends:\n  gpt: {adapter: openai, model: gpt-4o-2024-11-20}\n");
  std::filesystem::create_directories(program_.folder() / ".config/faceoff");
  program_.write(".config/faceoff/config.yaml",
                 "allow_hosts: [gateway.example]\nbackends:\n"
                 "  gw: {adapter: openai, model: m, base_url: 'https://gateway.example/v1', "
                 "api_key_file: k}\n");
  const auto done = program_.run({"doctor", "--show-config"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("concurrency = 8  (FACEOFF_CONCURRENCY)"));
  EXPECT_THAT(done.out, HasSubstr("max-cost = $3  (FACEOFF_MAX_COST)"));
  EXPECT_THAT(done.out, HasSubstr("timeout = 10m  (built in)"));
  EXPECT_THAT(done.out, HasSubstr("results = runs  (faceoff.yaml)"));
  EXPECT_THAT(done.out, HasSubstr("allow_hosts = gateway.example  (the user config)"));
  EXPECT_THAT(done.out, HasSubstr("gpt.key = set  (OPENAI_API_KEY)"));
  EXPECT_THAT(done.out, HasSubstr("gpt.base_url = https://api.openai.com/v1  (built in)"));
  EXPECT_THAT(done.out, HasSubstr("gw.base_url = https://gateway.example/v1  (the user config)"));
  EXPECT_THAT(done.out, HasSubstr("gw.key = in the file"));
  EXPECT_THAT(done.out, Not(HasSubstr("sentinel-key-value")));
}

}  // namespace
}  // namespace faceoff::cli
