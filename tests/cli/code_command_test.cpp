#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/run/sandbox.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;
using test::Program;
using testing::HasSubstr;

constexpr const char* kCodeSuite = R"(suite: code
defaults:
  score: {code/python: {seconds: 60}}
cases:
  - {id: right, prompt: "add, please", target: "assert add(1, 2) == 3"}
  - {id: wrong, prompt: "sub, please", target: "assert sub(3, 2) == 1"}
  - {id: cheat, prompt: "exit, please", target: "assert False"}
)";
constexpr const char* kCoder = R"(rules:
  - {match: add, answer: "Sure:\n```python\ndef add(a, b):\n    return a + b\n```\n"}
  - {match: sub, answer: "```python\ndef sub(a, b):\n    return a + b\n```\n"}
  - {match: exit, answer: "```python\nimport os\nos._exit(0)\n```\n"}
)";

class CodeCommand : public testing::Test {
 protected:
  CodeCommand() {
    program_.write("code.yaml", kCodeSuite);
    program_.write("coder.yaml", kCoder);
  }
  [[nodiscard]] faceoff::test::Finished run(std::vector<std::string> more,
                                            const std::string& suite = "code.yaml",
                                            const std::string& script = "coder.yaml") const {
    std::vector<std::string> words{"run", suite, "-b", "a=simulate:" + script, "-o", "out", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.run(words);
  }
  [[nodiscard]] std::map<std::string, store::Record> records(const std::string& run = "out") const {
    std::map<std::string, store::Record> out;
    for (auto& record : *store::load_records(program_.folder() / run)) {
      out.emplace(record.case_id, record);
    }
    return out;
  }
  // False: no sandbox works on this machine, and the command must say so and send nothing.
  [[nodiscard]] bool sandbox_works() const {
    const auto sandbox = run::Sandbox::find("/usr/bin:/bin");
    if (sandbox) {
      return true;
    }
    const auto refused = run({"--allow-code-execution"});
    std::cout << "only the refusal is tested here: " << refused.err;
    EXPECT_EQ(refused.exit, 2);
    EXPECT_THAT(refused.err, HasSubstr("no sandbox"));
    EXPECT_FALSE(fs::exists(program_.folder() / "out"));
    return false;
  }

  Program program_;
};

TEST_F(CodeCommand, NeedsTheFlagBeforeAnythingIsSent) {
  const auto refused = run({});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("--allow-code-execution; nothing was sent"));
  EXPECT_FALSE(fs::exists(program_.folder() / "out"));
  EXPECT_EQ(program_.run({"check", "code.yaml"}).exit, 0);
}

TEST_F(CodeCommand, Sbx02_RefusesWhereNoSandboxWorks) {
  fs::create_directory(program_.folder() / "empty");
  program_.set("PATH", (program_.folder() / "empty").string());
  const auto refused = run({"--allow-code-execution"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("install the package bubblewrap"));
  EXPECT_FALSE(fs::exists(program_.folder() / "out"));
  const auto doctor = program_.run({"doctor"});
  EXPECT_THAT(doctor.out, HasSubstr("sandbox for code: no sandbox: bubblewrap"));
}

TEST_F(CodeCommand, ScoresCodeByItsTests) {
  if (!sandbox_works()) {
    return;
  }
  const auto done = run({"--allow-code-execution", "--repeat", "2"});
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto found = records();
  EXPECT_EQ(found.at("right").value, 1.0) << found.at("right").scores.front().reason;
  EXPECT_EQ(found.at("wrong").value, 0.0);
  EXPECT_EQ(found.at("wrong").scores.front().reason, "the tests fail: AssertionError");
  EXPECT_EQ(found.at("cheat").scores.front().reason, "the program ended before the tests did");
  EXPECT_THAT(program_.run({"doctor"}).out, HasSubstr("python (/usr/"));
}

TEST_F(CodeCommand, AsksAgainBeforeRecordedAnswersAreRun) {
  if (!sandbox_works()) {
    return;
  }
  EXPECT_EQ(run({"--allow-code-execution"}).exit, 0);
  const auto refused = program_.run({"rescore", "out", "-o", "again"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("--allow-code-execution"));
  const auto done = program_.run({"rescore", "out", "-o", "again", "--allow-code-execution", "-q"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(records("again").at("right").value, 1.0);
}

constexpr const char* kExecSuite = R"(suite: own
defaults:
  score: {exec: {command: [./grade.sh], seconds: 60}}
cases:
  - {id: good, prompt: "good, please"}
  - {id: bad, prompt: "crash, please"}
)";
constexpr const char* kGrader = R"(#!/bin/sh
while read -r line; do
  case $line in
    *crash*) echo "sorry" >&2; exit 4 ;;
    *) echo '{"value": 0.5, "reason": "so-so"}' ;;
  esac
done
)";

class ExecCommand : public CodeCommand {
 protected:
  ExecCommand() {
    program_.write("own.yaml", kExecSuite);
    program_.write("echo.yaml", "default: echo\n");
    const auto grader = program_.write("grade.sh", kGrader);
    ::chmod(grader.c_str(), 0700);
  }
};

TEST_F(ExecCommand, NeedsTheFlagBeforeAnythingIsSent) {
  const auto refused = run({}, "own.yaml", "echo.yaml");
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("the program './grade.sh'; allow it with --allow-exec"));
  EXPECT_FALSE(fs::exists(program_.folder() / "out"));
}

TEST_F(ExecCommand, ScoresAndOutlivesACrash) {
  const auto done = run({"--allow-exec"}, "own.yaml", "echo.yaml");
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto found = records();
  EXPECT_EQ(found.at("good").value, 0.5);
  EXPECT_EQ(found.at("bad").outcome, score::Outcome::unscored);
  EXPECT_THAT(found.at("bad").scores.front().reason, HasSubstr("without an answer"));
  EXPECT_EQ(read_file(program_.folder() / "out" / "exec-grade.log").value_or(""), "sorry\n");
}

TEST_F(ExecCommand, StartsByNameWhatTheUsersConfigurationHolds) {
  fs::create_directories(program_.folder() / ".config/faceoff");
  program_.write(".config/faceoff/config.yaml",
                 "exec: {mine: ['" + (program_.folder() / "grade.sh").string() + "']}\n");
  program_.write(
      "named.yaml",
      "suite: named\ncases:\n  - {id: good, prompt: hello, score: {exec: {program: mine, "
      "seconds: 60}}}\n");
  const auto done = run({}, "named.yaml", "echo.yaml");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(records().at("good").value, 0.5);
}

TEST_F(ExecCommand, Sui06_IsNotForAProjectsFile) {
  program_.write("faceoff.yaml", "exec: {mine: [./grade.sh]}\n");
  const auto refused = run({"--allow-exec"}, "own.yaml", "echo.yaml");
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("'exec' is not accepted in a project file"));
}

TEST_F(ExecCommand, Crs06_AnInterruptEndsThePrograms) {
  const auto grader = program_.write("grade.sh", "#!/bin/sh\nread -r line\n: > asked\nsleep 600\n");
  ::chmod(grader.c_str(), 0700);
  program_.write("own.yaml",
                 "suite: own\ncases:\n  - {id: good, prompt: hi, score: {exec: {command: "
                 "[./grade.sh], seconds: 600}}}\n");
  const auto process = program_.start(
      {"run", "own.yaml", "-b", "a=simulate:echo.yaml", "-o", "out", "-q", "--allow-exec"});
  for (int i = 0; i < 1200 && !fs::exists(program_.folder() / "asked"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  process->signal(SIGINT);
  process->signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  process->signal(SIGINT);
  EXPECT_EQ(process->wait().exit, 130);
  const auto found = records();
  ASSERT_TRUE(found.contains("good"));
  EXPECT_EQ(found.at("good").outcome, score::Outcome::unscored);
  EXPECT_EQ(found.at("good").completion.text, "hi");
}

// The first block of a language.
std::string block(const std::string& page, const std::string& language, std::string_view holds) {
  const std::string fence = "```" + language + "\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const auto begin = at + fence.size();
    std::string text = page.substr(begin, page.find("```", begin) - begin);
    if (text.find(holds) != std::string::npos) {
      return text;
    }
  }
  return {};
}

TEST_F(ExecCommand, TheExampleOfThePageRuns) {
  const auto page = read_file(FACEOFF_SOURCE_DIR "/docs/exec-scorers.md");
  ASSERT_TRUE(page);
  program_.write("rhymes.py", block(*page, "python", "question"));
  program_.write("rhymes.yaml", block(*page, "yaml", "suite: rhymes"));
  program_.write("hat.yaml", "default: My hat.\n");
  const auto done = run({"--allow-exec"}, "rhymes.yaml", "hat.yaml");
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto found = records();
  EXPECT_EQ(found.at("cat").value, 1.0) << found.at("cat").scores.front().reason;
  EXPECT_EQ(found.at("cat").scores.front().answer, "hat");
}

}  // namespace
}  // namespace faceoff::cli
