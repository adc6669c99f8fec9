#include "sample.h"
#include "support/temp_folder.h"

#include <faceoff/store/run_folder.h>

#include <fstream>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

Manifest manifest() {
  Manifest m;
  m.id = "s-20260101T000000Z-0000abcd";
  m.suite = "s";
  m.cases = 3;
  m.backends = {
      {.name = "b",
       .adapter = "openai",
       .model = "m",
       .base_url = "http://127.0.0.1:1",
       .local = true,
       .simulated = true,
       .identity =
           {.server = "srv", .model = "m", .facts = {{"build", "b1"}}, .slots = 4, .context = 512},
       .concurrency = 4,
       .trials = 3,
       .concurrency_history = {
           {.at = {}, .limit = 1, .why = "start"},
           {.at = std::chrono::milliseconds(1500), .limit = 2, .why = "1 request was taken"}}}};
  m.command = {"faceoff", "run", "s.yaml"};
  m.scorers = {"exact/1"};
  m.notes = {"a note"};
  return m;
}

class RunFolderTest : public testing::Test {
 protected:
  std::unique_ptr<RunWriter> make() {
    auto writer = RunWriter::create(run_, manifest());
    EXPECT_TRUE(writer) << writer.error().message;
    return std::move(*writer);
  }
  void write(int count) {
    auto writer = make();
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(writer->append(test::small_record("c" + std::to_string(i)), TimePoint{}));
    }
  }
  [[nodiscard]] std::string records() const { return *read_file(run_ / "records.jsonl"); }
  void put_records(const std::string& text) const {
    std::ofstream(run_ / "records.jsonl", std::ios::binary) << text;
  }

  faceoff::test::TempFolder folder_;
  fs::path run_ = folder_.path() / "results" / "run";
};

TEST_F(RunFolderTest, ManifestReadsBack) {
  make();
  const auto run = open_run(run_);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->manifest.id, manifest().id);
  EXPECT_EQ(run->manifest.backends[0].identity.slots, 4);
  EXPECT_EQ(run->manifest.backends[0].identity.facts, manifest().backends[0].identity.facts);
  EXPECT_TRUE(run->manifest.backends[0].simulated);
  EXPECT_EQ(run->manifest.state, RunState::running);
  EXPECT_EQ(run->manifest.notes, manifest().notes);
  EXPECT_EQ(run->manifest.backends[0].concurrency_history,
            manifest().backends[0].concurrency_history);
}

TEST_F(RunFolderTest, CRS_08_IsReadableByItsOwnerOnly) {
  ::umask(0);
  write(1);
  EXPECT_EQ(fs::status(run_).permissions(), fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(run_)) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write)
        << entry.path();
  }
  ::umask(022);
}

TEST_F(RunFolderTest, RecordsReadBackInOrder) {
  write(3);
  const auto records = load_records(run_);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ((*records)[2].case_id, "c2");
}

TEST_F(RunFolderTest, ALaterRecordOfATrialReplacesTheEarlier) {
  auto writer = make();
  ASSERT_TRUE(writer->append(test::small_record("c", score::Outcome::failed), TimePoint{}));
  ASSERT_TRUE(writer->append(test::small_record("c"), TimePoint{}));
  const auto records = load_records(run_);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(records->front().outcome, score::Outcome::scored);
}

TEST_F(RunFolderTest, ResumeKnowsWhatIsDoneButNotWhatFailed) {
  auto writer = make();
  ASSERT_TRUE(writer->append(test::small_record("good"), TimePoint{}));
  ASSERT_TRUE(writer->append(test::small_record("bad", score::Outcome::failed), TimePoint{}));
  writer.reset();
  auto resumed = RunWriter::resume(run_);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ((*resumed)->done().size(), 1U);
  EXPECT_EQ((*resumed)->done().begin()->case_id, "good");
}

TEST_F(RunFolderTest, CRS_02_ACutOffTailIsRepairedAtEveryLength) {
  write(3);
  const std::string whole = records();
  const std::size_t two = whole.find('\n', whole.find('\n') + 1) + 1;
  for (std::size_t length = two; length < whole.size(); length += 7) {
    put_records(whole.substr(0, length));
    {
      auto writer = RunWriter::resume(run_);
      ASSERT_TRUE(writer) << writer.error().message;
      EXPECT_EQ((*writer)->done().size(), 2U);
      ASSERT_TRUE((*writer)->append(test::small_record("new"), TimePoint{}));
    }
    EXPECT_EQ(load_records(run_)->size(), 3U) << "cut at " << length;
  }
  EXPECT_TRUE(fs::exists(run_ / "records.damaged-tail"));
}

TEST_F(RunFolderTest, CRS_03_ADamagedLineInTheMiddleIsAnErrorWithItsPlace) {
  write(3);
  std::string text = records();
  text[text.find('\n') + 20] ^= 1;
  put_records(text);
  const auto resumed = RunWriter::resume(run_);
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().kind, ErrorKind::io);
  EXPECT_NE(resumed.error().message.find("records.jsonl:2:"), std::string::npos)
      << resumed.error().message;
  EXPECT_EQ(records(), text);
  EXPECT_FALSE(load_records(run_));
}

TEST_F(RunFolderTest, ReadersSkipADamagedTailAndChangeNothing) {
  write(2);
  const std::string text = records() + "{\"half";
  put_records(text);
  const auto read = read_records(run_, [](Record&&) {});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->records, 2U);
  EXPECT_TRUE(read->damaged_tail);
  EXPECT_EQ(records(), text);
}

TEST_F(RunFolderTest, CRS_05_ASecondWriterIsRefusedWithThePidOfTheFirst) {
  const auto first = make();
  const auto second = RunWriter::resume(run_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::io);
  EXPECT_NE(second.error().message.find("in use by process " + std::to_string(::getpid())),
            std::string::npos);
}

TEST_F(RunFolderTest, CRS_05_AStaleLockIsTakenOver) {
  write(1);
  std::ofstream(run_ / "run.lock") << "999999";
  EXPECT_TRUE(RunWriter::resume(run_));
}

TEST_F(RunFolderTest, AFolderThatHoldsARunIsNotOverwritten) {
  write(1);
  const std::string before = records();
  const auto again = RunWriter::create(run_, manifest());
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("--resume"), std::string::npos);
  EXPECT_EQ(records(), before);
}

TEST_F(RunFolderTest, CRS_04_SaysWhenItCannotWrite) {
  const auto writer = RunWriter::create("/proc/no/run", manifest());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().kind, ErrorKind::io);
}

TEST_F(RunFolderTest, AManifestFromAnotherSchemaIsRefused) {
  folder_.write("results/run/run.json", R"({"schema": 99, "id": "x", "suite": "s"})");
  const auto run = open_run(run_);
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().message.find("schema 99"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::store
