#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::cli {
namespace {

using test::Program;
using testing::HasSubstr;

TEST(CommandLine, SUI_08_UserErrorsExitWith2AndASuggestion) {
  const Program program;
  program.write("s.yaml", test::kSuite);
  struct Row {
    std::vector<std::string> words;
    std::string says;
  };
  const std::vector<Row> rows{
      {{}, "no command given"},
      {{"rnu", "s.yaml"}, "unknown command 'rnu'; did you mean 'run'?"},
      {{"frobnicate"}, "see faceoff --help"},
      {{"--verbose", "run"}, "stands before the command"},
      {{"run", "--concurency", "3", "s.yaml"},
       "unknown flag '--concurency' of faceoff run; did you mean '--concurrency'?"},
      {{"run"}, "faceoff run needs SUITE"},
      {{"run", "s.yaml", "-j"}, "--concurrency"},
      {{"run", "s.yaml", "-j", "0"}, "--concurrency: '0' must be from 1"},
      {{"run", "s.yaml", "-j", "1e9"}, "--concurrency: '1e9' is not a whole number"},
      {{"run", "s.yaml", "--timeout", "5"}, "--timeout: '5' is not a time"},
      {{"run", "s.yaml", "--format", "tabel"}, "did you mean 'table'?"},
      {{"run", "s.yaml", "--seed", "1", "--seed", "2"}, "--seed was given 2 times"},
      {{"run", "s.yaml", "--max-error-rate", "5"}, "write e.g. 5%"},
      {{"run", "s.yaml", "--progress", "sometimes"}, "is none of auto, bar, plain, none"},
      {{"run", "s.yaml"}, "no backend given"},
      {{"run", "s.yaml", "-b", "gpt"}, "unknown backend 'gpt'"},
      {{"run", "s.yaml", "-b", "x=nope:m"}, "nope"},
      {{"run", "s.yaml", "-b", "x=simulate:nowhere.yaml"}, "'nowhere.yaml' does not exist"},
      {{"run", "s.yaml", "-b", "x=llama-server:nowhere.gguf"}, "'nowhere.gguf' does not exist"},
      {{"run", "s.yaml", "-b", "a=openai:m", "-b", "a=openai:n"}, "two backends are called 'a'"},
      {{"run", "s.yaml", "-b", "gpt=openai:gpt-4o"}, "OPENAI_API_KEY"},
      {{"list", "suits"}, "did you mean 'suites'?"},
      {{"list"}, "faceoff list needs KIND"},
      {{"report", "7f3a"}, "there is no run '7f3a'"},
      {{"report", "a", "b"}, "'b' is one word too many"},
      {{"version", "--color", "pink"}, "--color: 'pink'"},
      {{"simulate", "--port", "70000"}, "--port: 70000 is more than 65535"},
      {{"-C", "/nowhere"}, "stands before the command"},
      {{"check", "s.yaml", "-C", "/nowhere"}, "-C /nowhere"},
      {{"run", "s.yaml", std::string(10000, 'x')}, "use .yaml, .yml or .json"},
  };
  for (const auto& row : rows) {
    const auto done = program.run(row.words);
    SCOPED_TRACE(testing::PrintToString(row.words).substr(0, 200));
    EXPECT_EQ(done.exit, 2) << done.err;
    EXPECT_THAT(done.err, HasSubstr(row.says));
    EXPECT_EQ(done.out, "");
  }
  EXPECT_FALSE(std::filesystem::exists(program.folder() / "results"));
}

TEST(CommandLine, AMistakeInAStandInsScriptIsShownAtItsPlace) {
  const Program program;
  program.write("s.yaml", test::kSuite);
  program.write("bad.yaml", "answers: s.yaml\nlatncy: 5ms\n");
  const auto done = program.run({"run", "s.yaml", "-b", "a=simulate:bad.yaml"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("backend 'a': its script has mistakes; nothing was sent"));
  EXPECT_THAT(done.err, HasSubstr("bad.yaml:2:1: unknown key 'latncy'; did you mean 'latency'?"));
}

TEST(CommandLine, ListsAreJsonToo) {
  const Program program;
  program.write("s.yaml", test::kSuite);
  program.write("good.yaml", "answers: s.yaml\n");
  ASSERT_EQ(program.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-q"}).exit, 0);
  const auto runs = program.run({"list", "runs", "--json"});
  ASSERT_EQ(runs.exit, 0) << runs.err;
  for (const char* part : {"\"schema\": \"faceoff.list/1\"",
                           "\"suite\": \"sums\"",
                           "\"state\": \"complete\"",
                           "\"score\": 1.0",
                           "\"simulated\": true"}) {
    EXPECT_THAT(runs.out, HasSubstr(part));
  }
  EXPECT_THAT(program.run({"list", "formats", "--json"}).out, HasSubstr("\"name\": \"junit\""));
}

TEST(CommandLine, AMissingSuiteIsNamed) {
  const Program program;
  const auto done = program.run({"run", "nowhere.yaml", "-b", "x=openai:m"});
  EXPECT_EQ(done.exit, 6);
  EXPECT_THAT(done.err, HasSubstr("nowhere.yaml: No such file or directory"));
}

TEST(CommandLine, FlagsAreAlsoReadFromTheEnvironment) {
  Program program;
  program.write("s.yaml", test::kSuite);
  program.set("FACEOFF_CONCURRENCY", "zero");
  const auto done = program.run({"run", "s.yaml"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("--concurrency: 'zero'"));
}

TEST(CommandLine, KEY_04_AProjectsAddressNeverGetsTheUsersKey) {
  Program program;
  program.write("s.yaml", test::kSuite);
  program.write(
      "faceoff.yaml",
      "backends:\n  gpt: {adapter: openai, model: m, base_url: \"http://127.0.0.1:9\"}\n");
  program.set("OPENAI_API_KEY", "sentinel-key-value");
  const auto done = program.run({"run", "s.yaml"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("gpt"));
  EXPECT_THAT(done.err, testing::Not(HasSubstr("sentinel-key-value")));
}

TEST(CommandLine, SUI_06_AMistakeInTheConfigurationHasItsPlace) {
  const Program program;
  program.write("s.yaml", test::kSuite);
  program.write("faceoff.yaml", "backends:\n  gpt: {adaptor: openai, model: m}\n");
  const auto done = program.run({"run", "s.yaml"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("faceoff.yaml:2:"));
  EXPECT_THAT(done.err, HasSubstr("did you mean 'adapter'?"));
}

TEST(CommandLine, CheckShowsEveryMistakeOfEveryFile) {
  const Program program;
  program.write("a.yaml",
                "suite: a\ncases:\n  - {id: x, prompt: \"{{nope}}\", target: 1, score: exatc}\n");
  program.write("b.yaml", "suite: b\ncases:\n  - {id: x, promt: hi, target: 1, score: exact}\n");
  const auto done = program.run({"check", "a.yaml", "b.yaml"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("nope"));
  EXPECT_THAT(done.err, HasSubstr("did you mean 'exact'?"));
  EXPECT_THAT(done.err, HasSubstr("did you mean 'prompt'?"));
}

TEST(CommandLine, ShippedSuitesAreSound) {
  const Program program;
  for (const auto* name :
       {"quickstart", "reasoning", "extraction", "translation", "instructions"}) {
    const auto done =
        program.run({"check", std::string(FACEOFF_SOURCE_DIR) + "/prompts/" + name + ".yaml"});
    EXPECT_EQ(done.exit, 0) << done.err;
  }
}

TEST(CommandLine, CRS_07_AClosedOutputIsNoCrash) {
  const Program program;
  faceoff::test::Process shell(
      {"/bin/sh",
       "-c",
       std::string(FACEOFF_PROGRAM) + " list scorers | head -n 1; " + FACEOFF_PROGRAM +
           " version >&-"},
      {.environment = {{"PATH", "/usr/bin:/bin"}}, .folder = program.folder()});
  EXPECT_EQ(shell.wait().exit, 0);
}

}  // namespace
}  // namespace faceoff::cli
