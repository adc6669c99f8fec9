#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

using test::Program;
using testing::HasSubstr;

std::vector<int> children_of(int parent) {
  std::vector<int> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    const std::string line = read_file(entry.path() / "stat").value_or("");
    const auto after_name = line.rfind(") ");
    if (after_name != std::string::npos && std::atoi(line.c_str() + after_name + 4) == parent) {
      children.push_back(std::atoi(name.c_str()));
    }
  }
  return children;
}

// Whether a process has ended, waiting for the kernel to end it.
bool gone(int pid) {
  for (int i = 0; i < 6000; ++i) {
    const std::string line = read_file("/proc/" + std::to_string(pid) + "/stat").value_or("");
    const auto after_name = line.rfind(") ");
    if (after_name == std::string::npos || line[after_name + 2] == 'Z') {
      return true;
    }
    ::usleep(10'000);
  }
  return false;
}

class Signals : public testing::Test {
 protected:
  Signals() {
    program_.write("s.yaml", test::kSuite);
    // The first answers come at once; from the sixth case on they take longer than the test.
    program_.write("slow.yaml",
                   "answers: s.yaml\nfaults:\n"
                   "  - {kind: stall, after_tokens: 0, for: 60s, match: \"1 + 5\"}\n");
  }
  std::unique_ptr<faceoff::test::Process> start() const {
    return program_.start({"run",
                           "s.yaml",
                           "-b",
                           "a=simulate:slow.yaml",
                           "-o",
                           "r",
                           "-j",
                           "1",
                           "--progress",
                           "plain"});
  }
  [[nodiscard]] std::vector<store::Record> records() const {
    return *store::load_records(program_.folder() / "r");
  }

  Program program_;
};

TEST_F(Signals, CRS_06_ASecondCtrlCStopsAtOnceAndTheRunCanBeResumed) {
  const auto run = start();
  ASSERT_TRUE(run->await_err(" 4/10"));
  run->signal(SIGINT);
  ASSERT_TRUE(run->await_err("Ctrl-C again to stop now"));
  run->signal(SIGINT);
  const auto done = run->wait();
  EXPECT_EQ(done.exit, 130) << done.err;
  EXPECT_THAT(done.err, HasSubstr("--resume"));
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::interrupted);
  EXPECT_GE(records().size(), 4U);

  program_.write("slow.yaml", "answers: s.yaml\n");
  const auto resumed =
      program_.run({"run", "s.yaml", "-b", "a=simulate:slow.yaml", "-o", "r", "--resume"});
  EXPECT_EQ(resumed.exit, 0) << resumed.err;
  EXPECT_EQ(records().size(), 10U);
}

TEST_F(Signals, CRS_06_SigtermKeepsWhatIsDone) {
  const auto run = start();
  ASSERT_TRUE(run->await_err(" 4/10"));
  run->signal(SIGTERM);
  const auto done = run->wait();
  EXPECT_EQ(done.exit, 143) << done.err;
  EXPECT_GE(records().size(), 4U);
}

TEST_F(Signals, CRS_06_OneCtrlCWaitsForTheAnswersUnderWay) {
  program_.write("slow.yaml",
                 "answers: s.yaml\nfaults:\n"
                 "  - {kind: stall, after_tokens: 0, for: 1s, match: \"1 + 5\"}\n");
  const auto run = start();
  ASSERT_TRUE(run->await_err(" 4/10"));
  run->signal(SIGINT);
  const auto done = run->wait();
  EXPECT_EQ(done.exit, 130) << done.err;
  EXPECT_THAT(done.err, HasSubstr("waiting up to"));
  EXPECT_THAT(done.err, HasSubstr("go on with\n  faceoff run s.yaml"));
  EXPECT_THAT(done.err, HasSubstr("--resume -o r"));
  const auto kept = records();
  EXPECT_GE(kept.size(), 4U);
  EXPECT_LT(kept.size(), 10U);
}

TEST_F(Signals, CRS_06_APartialReportIsMarkedAndHasNoVerdict) {
  const auto run = program_.start({"run",
                                   "s.yaml",
                                   "-b",
                                   "a=simulate:slow.yaml",
                                   "-b",
                                   "b=simulate:slow.yaml",
                                   "-o",
                                   "r",
                                   "-j",
                                   "1",
                                   "--progress",
                                   "plain"});
  ASSERT_TRUE(run->await_err(" 4/10"));
  run->signal(SIGINT);
  run->signal(SIGTERM);
  const auto done = run->wait();
  EXPECT_THAT(done.exit, testing::AnyOf(130, 143)) << done.err;
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::interrupted);
  for (const std::string& text : {done.out, *read_file(program_.folder() / "r/report.md")}) {
    EXPECT_THAT(text, HasSubstr("the run is not complete (interrupted)"));
    EXPECT_THAT(text, testing::Not(HasSubstr("Verdict on")));
  }
  EXPECT_THAT(*read_file(program_.folder() / "r/summary.json"), HasSubstr("\"complete\": false"));
}

TEST_F(Signals, CRS_06_SighupKeepsWhatIsDone) {
  const auto run = start();
  ASSERT_TRUE(run->await_err(" 4/10"));
  run->signal(SIGHUP);
  const auto done = run->wait();
  EXPECT_EQ(done.exit, 143) << done.err;
  EXPECT_GE(records().size(), 4U);
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::interrupted);
}

TEST_F(Signals, CRS_06_NoServerOfOursOutlivesTheRun) {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    const std::string folder = "r" + std::to_string(signal);
    const auto run = program_.start({"run",
                                     "s.yaml",
                                     "-b",
                                     "a=simulate:slow.yaml",
                                     "-o",
                                     folder,
                                     "-j",
                                     "1",
                                     "--progress",
                                     "plain"});
    ASSERT_TRUE(run->await_err(" 4/10"));
    const auto servers = children_of(run->pid());
    EXPECT_FALSE(servers.empty());
    run->signal(signal);
    run->signal(signal == SIGKILL ? 0 : signal);
    run->wait();
    for (const int pid : servers) {
      EXPECT_TRUE(gone(pid)) << "signal " << signal;
    }
  }
}

// A terminal whose other end is closed while the run goes on.
TEST_F(Signals, CRS_06_AClosedTerminalEndsTheRunInGoodOrder) {
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (pid == 0) {
    static_cast<void>(!::chdir(program_.folder().c_str()));
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("CI");
    ::execl(FACEOFF_PROGRAM,
            "faceoff",
            "run",
            "s.yaml",
            "-b",
            "a=simulate:slow.yaml",
            "-o",
            "r",
            "-j",
            "1",
            nullptr);
    ::_exit(127);
  }
  ASSERT_GT(pid, 0);
  std::string shown;
  std::array<char, 4096> buffer{};
  while (shown.find(" 4/10") == std::string::npos) {
    const ssize_t n = ::read(terminal, buffer.data(), buffer.size());
    ASSERT_GT(n, 0) << shown;
    shown.append(buffer.data(), static_cast<std::size_t>(n));
  }
  // Nothing hides the cursor or changes the terminal's modes, so nothing needs to be restored.
  EXPECT_EQ(shown.find("\x1b[?"), std::string::npos);
  const auto servers = children_of(pid);
  ::close(terminal);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 143);
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::interrupted);
  EXPECT_GE(records().size(), 4U);
  for (const int server : servers) {
    EXPECT_TRUE(gone(server));
  }
}

TEST_F(Signals, NET_23_WhatWasInFlightWhileTheProcessWasStoppedHasNoLatencyFigure) {
  // The sixth case is answered ten seconds after it was asked; the stop lies in between.
  program_.write("slow.yaml",
                 "answers: s.yaml\nfaults:\n"
                 "  - {kind: stall, after_tokens: 0, for: 10s, match: \"1 + 5\"}\n");
  const auto run = start();
  ASSERT_TRUE(run->await_err(" 4/10"));
  run->signal(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  run->signal(SIGCONT);
  const auto done = run->wait();
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("slept for"));
  int suspended = 0;
  for (const auto& record : records()) {
    EXPECT_EQ(record.value, 1.0) << record.case_id;
    if (record.suspended) {
      ++suspended;
      EXPECT_FALSE(record.timing.ttft);
      EXPECT_FALSE(record.timing.e2e);
    }
  }
  EXPECT_GE(suspended, 1);
}

TEST_F(Signals, CRS_01_AKilledRunIsResumedWithoutAskingAgain) {
  {
    const auto run = start();
    ASSERT_TRUE(run->await_err(" 4/10"));
    run->signal(SIGKILL);
    EXPECT_EQ(run->wait().exit, 137);
  }
  const auto before = records().size();
  EXPECT_GE(before, 4U);
  program_.write("slow.yaml", "answers: s.yaml\n");
  const auto resumed =
      program_.run({"run", "s.yaml", "-b", "a=simulate:slow.yaml", "-o", "r", "--resume"});
  EXPECT_EQ(resumed.exit, 0) << resumed.err;
  const auto read = store::read_records(program_.folder() / "r", [](store::Record&&) {});
  EXPECT_EQ(read->records, 10U);
}

}  // namespace
}  // namespace faceoff::cli
