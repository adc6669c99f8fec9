#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using test::Program;
using test::StandIn;
using testing::HasSubstr;
using testing::Not;

class RunCommand : public testing::Test {
 protected:
  RunCommand() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("weak.yaml", "answers: s.yaml\naccuracy: 0.3\nseed: 3\n");
  }
  [[nodiscard]] nlohmann::json summary(const std::string& run) const {
    return nlohmann::json::parse(*read_file(program_.folder() / run / "summary.json"));
  }
  [[nodiscard]] std::vector<store::Record> records(const std::string& run) const {
    return *store::load_records(program_.folder() / run);
  }
  [[nodiscard]] std::string endpoint(const StandIn& server) const {
    return "x=openai-compatible:m@" + server.url() + "/v1";
  }

  Program program_;
};

TEST_F(RunCommand, ComparesTwoBackendsAndLeavesAWholeFolder) {
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "a=simulate:good.yaml", "-b", "b=simulate:weak.yaml", "-o", "r"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("a (simulated)"));
  EXPECT_THAT(done.out, HasSubstr("100.0%"));
  EXPECT_THAT(done.out, HasSubstr("Verdict"));
  EXPECT_EQ(records("r").size(), 20U);
  EXPECT_EQ(summary("r")["schema"], "faceoff.results/1");
  EXPECT_THAT(*read_file(program_.folder() / "r/report.md"), HasSubstr("simulated"));
  const auto run = store::open_run(program_.folder() / "r");
  EXPECT_EQ(run->manifest.state, store::RunState::complete);
  for (const auto& record : records("r")) {
    EXPECT_TRUE(record.simulated);
    EXPECT_TRUE(record.timing.ttft);
  }
}

TEST_F(RunCommand, JsonIsOneDocumentOnStandardOutput) {
  const auto done =
      program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--json", "-o", "r"});
  EXPECT_EQ(nlohmann::json::parse(done.out)["schema"], "faceoff.results/1");
  EXPECT_EQ(done.out.find('\x1b'), std::string::npos);
}

TEST_F(RunCommand, ReportAndCompareNeedNoModels) {
  ASSERT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml"}).exit, 0);
  ASSERT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:weak.yaml"}).exit, 0);
  EXPECT_EQ(program_.run({"report"}).exit, 0);
  const auto compared = program_.run({"compare", "latest~1", "latest"});
  EXPECT_EQ(compared.exit, 0) << compared.err;
  EXPECT_THAT(compared.out, HasSubstr("Verdict"));
  EXPECT_EQ(program_.run({"report", "latest", "--format", "md:out.md"}).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(program_.folder() / "out.md"));
  EXPECT_THAT(program_.run({"list", "runs"}).out, HasSubstr("complete"));
}

TEST_F(RunCommand, FiltersAndLimitsChooseCases) {
  ASSERT_EQ(program_
                .run({"run",
                      "s.yaml",
                      "-b",
                      "a=simulate:good.yaml",
                      "-o",
                      "r1",
                      "--filter",
                      "tag:easy",
                      "--filter",
                      "not c"})
                .exit,
            0);
  EXPECT_EQ(records("r1").size(), 4U);
  ASSERT_EQ(program_
                .run({"run",
                      "s.yaml",
                      "-b",
                      "a=simulate:good.yaml",
                      "-o",
                      "r2",
                      "--limit",
                      "3",
                      "--repeat",
                      "2"})
                .exit,
            0);
  EXPECT_EQ(records("r2").size(), 6U);
  const auto none =
      program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--filter", "tag:none"});
  EXPECT_EQ(none.exit, 5);
}

TEST_F(RunCommand, KEY_07_AWrongKeyExits4) {
  const StandIn server(program_, "answers: s.yaml\nkeys: [right]\n");
  program_.set("OPENAI_API_KEY", "wrong-sentinel-key");
  program_.set("OPENAI_BASE_URL", server.url() + "/v1");
  const auto done = program_.run({"run", "s.yaml", "-b", "gpt=openai:m", "-o", "r"});
  EXPECT_EQ(done.exit, 4) << done.err;
  EXPECT_THAT(done.err, HasSubstr("gpt"));
  EXPECT_THAT(done.err + done.out, Not(HasSubstr("wrong-sentinel-key")));
}

TEST_F(RunCommand, AMissingModelExits4) {
  const StandIn server(program_, "answers: s.yaml\nmodels: [other]\n");
  const auto done = program_.run({"run", "s.yaml", "-b", endpoint(server), "-o", "r"});
  EXPECT_EQ(done.exit, 4) << done.err;
  EXPECT_THAT(done.err, HasSubstr("x:"));
}

TEST_F(RunCommand, NET_02_AServerThatIsNotRunningExits4AndLeavesNoFolder) {
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "x=openai-compatible:m@http://127.0.0.1:9/v1", "-o", "r"});
  EXPECT_EQ(done.exit, 4);
  EXPECT_THAT(done.err, HasSubstr("127.0.0.1:9"));
  EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
}

TEST_F(RunCommand, RetriesBringTheSameScoresAsNoFaults) {
  program_.write("faulty.yaml",
                 "answers: s.yaml\nfaults:\n"
                 "  - {kind: status, status: 429, retry_after: 0, attempts: 1, match: \"1 + 1\"}\n"
                 "  - {kind: status, status: 500, attempts: 1, match: \"1 + 2\"}\n"
                 "  - {kind: reset, after_tokens: 1, attempts: 1, match: \"1 + 3\"}\n"
                 "  - {kind: close, after_tokens: 1, attempts: 1, match: \"1 + 4\"}\n"
                 "  - {kind: no_finish, attempts: 1, match: \"1 + 5\"}\n"
                 "  - {kind: stream_error, after_tokens: 0, attempts: 1, match: \"12 + 6\"}\n"
                 "  - {kind: empty, attempts: 1, match: \"13 + 7\"}\n"
                 "  - {kind: no_done, match: \"14 + 8\"}\n");
  const auto done = program_.run({"run", "s.yaml", "-b", "a=simulate:faulty.yaml", "-o", "r"});
  EXPECT_EQ(done.exit, 0) << done.err << done.out;
  int retried = 0;
  for (const auto& record : records("r")) {
    EXPECT_EQ(record.value, 1.0) << record.case_id << " " << record.error_message;
    retried += record.attempts.size() > 1 ? 1 : 0;
  }
  // libcurl itself repeats a request when a kept connection ends before its first byte, so `empty`
  // may or may not be seen.
  EXPECT_GE(retried, 6);
}

TEST_F(RunCommand, NET_19_ACaseThatAlwaysFailsIsNamedAndTheRestIsKept) {
  program_.write("faulty.yaml",
                 "answers: s.yaml\nfaults:\n  - {kind: status, status: 500, match: \"1 + 2\"}\n");
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "a=simulate:faulty.yaml", "-o", "r", "--max-retries", "1"});
  EXPECT_EQ(done.exit, 4);
  EXPECT_THAT(done.err, HasSubstr("1 of 10 requests failed"));
  int failed = 0;
  for (const auto& record : records("r")) {
    failed += record.outcome == score::Outcome::failed ? 1 : 0;
  }
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(program_
                .run({"run",
                      "s.yaml",
                      "-b",
                      "a=simulate:faulty.yaml",
                      "-o",
                      "r2",
                      "--max-retries",
                      "1",
                      "--max-error-rate",
                      "20%"})
                .exit,
            0);
}

TEST_F(RunCommand, ResumeSendsOnlyWhatIsMissing) {
  program_.write("faulty.yaml",
                 "answers: s.yaml\nfaults:\n  - {kind: status, status: 500, match: \"1 + 2\"}\n");
  ASSERT_EQ(
      program_
          .run({"run", "s.yaml", "-b", "a=simulate:faulty.yaml", "-o", "r", "--max-retries", "0"})
          .exit,
      4);
  const auto before = records("r");
  program_.write("faulty.yaml", "answers: s.yaml\n");
  const auto done =
      program_.run({"run", "s.yaml", "-b", "a=simulate:faulty.yaml", "-o", "r", "--resume"});
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto read = store::read_records(program_.folder() / "r", [](store::Record&&) {});
  EXPECT_EQ(read->records, before.size() + 1);
  for (const auto& record : records("r")) {
    EXPECT_EQ(record.value, 1.0);
  }
}

TEST_F(RunCommand, AnswersOfOneModelNeverPassForThoseOfAnother) {
  const StandIn server(program_, "answers: s.yaml\n");
  ASSERT_EQ(program_.run({"run", "s.yaml", "-b", endpoint(server), "-o", "r"}).exit, 0);
  const std::string other = "x=openai-compatible:other@" + server.url() + "/v1";
  const auto resumed = program_.run({"run", "s.yaml", "-b", other, "-o", "r", "--resume"});
  EXPECT_EQ(resumed.exit, 2);
  EXPECT_THAT(resumed.err,
              HasSubstr("with model 'm' in this run, now it is openai-compatible with 'other'"));
  program_.write("t.yaml", "suite: other\ncases: [{prompt: hi, target: x, score: exact}]\n");
  const auto suite = program_.run({"run", "t.yaml", "-b", endpoint(server), "-o", "r", "--resume"});
  EXPECT_EQ(suite.exit, 2);
  EXPECT_THAT(suite.err, HasSubstr("is a run of suite 'sums', not of 'other'"));
}

TEST_F(RunCommand, ARunInTheWayIsNotOverwritten) {
  ASSERT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "r"}).exit, 0);
  const auto again = program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "r"});
  EXPECT_EQ(again.exit, 6);
  EXPECT_THAT(again.err, HasSubstr("--resume"));
}

TEST_F(RunCommand, CRS_04_AFolderThatCannotBeWrittenExits6BeforeAnythingIsSent) {
  const auto done =
      program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "/proc/nowhere/r"});
  EXPECT_EQ(done.exit, 6);
  EXPECT_THAT(done.err, HasSubstr("/proc/nowhere"));
}

TEST_F(RunCommand, RES_01_LocalOnlyRefusesARemoteBackend) {
  program_.set("OPENAI_API_KEY", "sentinel-key-value");
  const auto done = program_.run({"run", "s.yaml", "-b", "gpt=openai:gpt-4o", "--local-only"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("--local-only refuses it"));
}

TEST_F(RunCommand, KEY_01_NoFormOfTheKeyStandsAnywhere) {
  const StandIn server(
      program_,
      "answers: s.yaml\nrules:\n  - {match: \"1 + 1\", answer: \"sentinel-key-value-123\"}\n");
  program_.set("OPENAI_API_KEY", "sentinel-key-value-123");
  program_.set("OPENAI_BASE_URL", server.url() + "/v1");
  const auto done = program_.run({"run",
                                  "s.yaml",
                                  "-b",
                                  "gpt=openai:m",
                                  "-o",
                                  "r",
                                  "-vv",
                                  "--log-file",
                                  "log.txt",
                                  "--format",
                                  "md:out.md"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("sentinel-key")));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(program_.folder())) {
    if (entry.is_regular_file() && entry.path().filename() != "stand-in.yaml") {
      EXPECT_THAT(read_file(entry.path()).value_or(""), Not(HasSubstr("sentinel-key")))
          << entry.path();
    }
  }
}

}  // namespace
}  // namespace faceoff::cli
