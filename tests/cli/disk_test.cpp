#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;
using test::Program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Disk : public testing::Test {
 protected:
  Disk() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
  }
  static std::vector<std::string> run_words(const std::string& folder = "r") {
    return {"run", "s.yaml", "-b", "a=simulate:good.yaml", "-j", "1", "-o", folder};
  }
  // The run in `folder` is whole: every line is a record, and resuming it brings the rest.
  void expect_resumable(const std::string& folder, std::uint64_t least) {
    const auto read = store::read_records(program_.folder() / folder, [](store::Record&&) {});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_FALSE(read->damaged_tail);
    EXPECT_GE(read->records, least);
    auto words = run_words(folder);
    words.emplace_back("--resume");
    const auto resumed = program_.run(words);
    EXPECT_EQ(resumed.exit, 0) << resumed.err;
    EXPECT_EQ(store::read_records(program_.folder() / folder, [](store::Record&&) {})->records,
              10U);
  }

  Program program_;
};

TEST_F(Disk, CRS_04_ALimitOnFileSizesEndsTheRunWithAWholeLog) {
  // A record of this suite takes about 1.5 KB.
  const auto done = program_.run(run_words(), [] {
    const rlimit limit{6000, 6000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  });
  EXPECT_EQ(done.exit, 6) << done.err;
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("r/records.jsonl: File too large"),
                    HasSubstr("nothing more was sent"),
                    HasSubstr("answers are kept in r"),
                    HasSubstr("--resume -o r")));
  expect_resumable("r", 2);
}

TEST_F(Disk, CRS_04_AFullDeviceAsOutputLosesNoAnswer) {
  auto words = run_words();
  words.insert(words.end(), {"--format", "json:/dev/full"});
  const auto done = program_.run(words);
  EXPECT_EQ(done.exit, 6);
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("/dev/full: No space left on device"),
                    HasSubstr("every answer is kept"),
                    HasSubstr("faceoff report r")));
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
  EXPECT_EQ(store::open_run(program_.folder() / "r")->manifest.state, store::RunState::complete);
  EXPECT_EQ(store::load_records(program_.folder() / "r")->size(), 10U);

  const auto full = program_.run({"report", "r"}, [] { ::dup2(::open("/dev/full", O_WRONLY), 1); });
  EXPECT_EQ(full.exit, 6);
  EXPECT_THAT(full.err, HasSubstr("standard output: No space left on device"));
}

TEST_F(Disk, CRS_04_AFolderThatCannotBeWrittenIsNamedBeforeAnythingIsSent) {
  // Root may write everywhere, but nobody makes a folder in a file.
  program_.write("file", "");
  const auto done = program_.run(run_words("file/r"));
  EXPECT_EQ(done.exit, 6);
  EXPECT_THAT(done.err, HasSubstr("file"));
}

#ifdef FACEOFF_IO_FAULTS
struct DiskFault {
  const char* fault;
  const char* text;
  std::uint64_t kept;
};

class BrokenDisk : public Disk, public testing::WithParamInterface<DiskFault> {};

TEST_P(BrokenDisk, CRS_04_EndsTheRunWithAWholeLogAndTheWayOn) {
  program_.set("LD_PRELOAD", FACEOFF_IO_FAULTS);
  program_.set("IO_FAULT", GetParam().fault);
  const auto done = program_.run(run_words());
  EXPECT_EQ(done.exit, 6) << done.err << done.out;
  EXPECT_THAT(
      done.err,
      AllOf(HasSubstr(GetParam().text), HasSubstr("kept in r"), HasSubstr("--resume -o r")));
  program_.set("IO_FAULT", "");
  expect_resumable("r", GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    BrokenDisk,
    testing::Values(
        DiskFault{"write:ENOSPC:records.jsonl:4", "records.jsonl: No space left on device", 3},
        DiskFault{"half:ENOSPC:records.jsonl:4", "records.jsonl: No space left on device", 3},
        DiskFault{"write:EIO:records.jsonl:1", "records.jsonl: Input/output error", 0},
        DiskFault{"fdatasync:EIO:records.jsonl:1", "records.jsonl: Input/output error", 1},
        DiskFault{"close:EIO:records.jsonl:1", "records.jsonl: Input/output error", 10},
        // The manifest is written at the start, when the backends are known, and at the end.
        DiskFault{"rename:EIO:run.json:3", "run.json: Input/output error", 10}));

TEST_F(Disk, CRS_04_AManifestThatCannotBeWrittenStopsBeforeAnythingIsSent) {
  program_.set("LD_PRELOAD", FACEOFF_IO_FAULTS);
  program_.set("IO_FAULT", "rename:ENOSPC:run.json:1");
  const auto done = program_.run(run_words());
  EXPECT_EQ(done.exit, 6);
  EXPECT_THAT(done.err, HasSubstr("run.json: No space left on device"));
  EXPECT_TRUE(store::load_records(program_.folder() / "r")->empty());
}
#endif

TEST_F(Disk, CRS_05_TwoRunsOnOneFolderAndALockThatWasLeftBehind) {
  program_.write("slow.yaml",
                 "answers: s.yaml\nfaults:\n"
                 "  - {kind: stall, after_tokens: 0, for: 60s, match: \"1 + 5\"}\n");
  const std::vector<std::string> words{
      "run", "s.yaml", "-b", "a=simulate:slow.yaml", "-j", "1", "-o", "r", "--progress", "plain"};
  const auto first = program_.start(words);
  ASSERT_TRUE(first->await_err(" 4/10"));
  auto again = words;
  again.emplace_back("--resume");
  const auto second = program_.run(again);
  EXPECT_EQ(second.exit, 6);
  EXPECT_THAT(second.err,
              HasSubstr("the run is in use by process " + std::to_string(first->pid())));
  // Reading it meanwhile is allowed, and says that it is not complete.
  const auto report = program_.run({"report", "r"});
  EXPECT_EQ(report.exit, 0) << report.err;
  EXPECT_EQ(program_.run({"report", "r", "--json"}).exit, 0);
  EXPECT_EQ(program_.run({"compare", "r", "r"}).exit, 0);

  first->signal(SIGKILL);
  EXPECT_EQ(first->wait().exit, 137);
  EXPECT_TRUE(fs::exists(program_.folder() / "r" / "run.lock"));
  expect_resumable("r", 4);
}

TEST_F(Disk, CRS_07_AReaderThatGoesAwayOrWasNeverThereCostsNothing) {
  const auto closed = program_.run(run_words("r1"), [] { ::close(1); });
  EXPECT_EQ(closed.exit, 0) << closed.err;
  const auto both = program_.run(run_words("r2"), [] {
    ::close(0);
    ::close(1);
    ::close(2);
  });
  EXPECT_EQ(both.exit, 0);
  const auto pipe = program_.run(run_words("r3"), [] {
    int ends[2] = {-1, -1};
    if (::pipe(ends) == 0) {
      ::dup2(ends[1], 1);
      ::dup2(ends[1], 2);
      ::close(ends[0]);
      ::close(ends[1]);
    }
  });
  EXPECT_EQ(pipe.exit, 0);
  for (const char* run : {"r1", "r2", "r3"}) {
    // Nothing but records stands in the log, whose descriptor could have been that of the output.
    const auto records = store::load_records(program_.folder() / run);
    ASSERT_TRUE(records) << records.error().message;
    EXPECT_EQ(records->size(), 10U) << run;
    EXPECT_EQ(store::open_run(program_.folder() / run)->manifest.state, store::RunState::complete);
  }
}

TEST_F(Disk, CRS_08_OddFoldersAreFoldersToo) {
  const std::string longest(255, 'x');
  fs::create_directory(program_.folder() / "real");
  fs::create_directory_symlink(program_.folder() / "real", program_.folder() / "link");
  for (const std::string& name : std::vector<std::string>{"with space and 100%",
                                                          "%s%n %2F",
                                                          longest,
                                                          "caf\xe9 \xff",
                                                          "link/r",
                                                          "-dash",
                                                          "new\nline",
                                                          "deep/er/est"}) {
    const std::string folder = (program_.folder() / name).string();
    auto words = run_words(folder);
    words.insert(words.end(), {"--limit", "4", "--format", "md:" + folder + ".md"});
    if (name == longest) {
      words.back() = "md:" + std::string(252, 'y') + ".md";
    }
    const auto done = program_.run(words);
    EXPECT_EQ(done.exit, 0) << name << "\n" << done.err;
    const auto resumed =
        program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", folder, "--resume"});
    EXPECT_EQ(resumed.exit, 0) << name << "\n" << resumed.err;
    EXPECT_EQ(store::load_records(folder)->size(), 10U) << name;
    EXPECT_EQ(program_.run({"report", folder}).exit, 0) << name;
  }
}

TEST_F(Disk, CRS_08_AnOpenUmaskOpensNothing) {
  const auto done =
      program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--results", "deep/results"},
                   [] { ::umask(0); });
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto runs = store::list_runs(program_.folder() / "deep/results");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(fs::status(runs[0]).permissions(), fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(runs[0])) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write)
        << entry.path();
  }
  const auto parent = fs::status(program_.folder() / "deep/results").permissions();
  EXPECT_EQ(parent & (fs::perms::group_write | fs::perms::others_write), fs::perms::none);
}

TEST_F(Disk, CRS_10_FewDescriptorsLowerTheConcurrency) {
  auto words = run_words();
  words[5] = "512";
  const auto done = program_.run(words, [] {
    const rlimit limit{32, 32};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  });
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("at most 10 requests in flight per backend"));
  const auto run = store::open_run(program_.folder() / "r");
  EXPECT_EQ(run->manifest.backends[0].concurrency, 10);
  ASSERT_FALSE(run->manifest.notes.empty());
  for (const auto& record : *store::load_records(program_.folder() / "r")) {
    EXPECT_EQ(record.value, 1.0) << record.error_message;
  }
}

#ifdef FACEOFF_IO_FAULTS  // sanitizers need more address space than any limit leaves
TEST_F(Disk, CRS_10_TooLittleMemoryIsACleanError) {
  program_.write("big.yaml",
                 "suite: big\ndefaults: {score: exact}\ncases:\n  - {id: a, prompt: \"" +
                     std::string(30'000'000, 'x') + "\", target: b}\n");
  for (const rlim_t megabytes : {rlim_t{40}, rlim_t{80}, rlim_t{160}}) {
    const auto done = program_.run({"check", "big.yaml"}, [megabytes] {
      const rlimit limit{megabytes << 20U, megabytes << 20U};
      ::setrlimit(RLIMIT_AS, &limit);
    });
    // 127: the libraries themselves did not fit.
    EXPECT_THAT(done.exit, testing::AnyOf(0, 2, 6, 127)) << megabytes << "\n" << done.err;
    if (done.exit == 6) {
      EXPECT_THAT(done.err, HasSubstr("out of memory"));
    }
  }
}
#endif

}  // namespace
}  // namespace faceoff::cli
