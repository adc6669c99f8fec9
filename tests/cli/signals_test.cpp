#include "program.h"

#include <faceoff/store/run_folder.h>

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::cli {
namespace {

using test::Program;
using testing::HasSubstr;

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
