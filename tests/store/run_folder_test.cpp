#include "sample.h"
#include "support/temp_folder.h"

#include <faceoff/base/digest.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
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
    // Some file systems sync a file that is truncated and written again.
    fs::remove(run_ / "records.jsonl");
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
  EXPECT_EQ((*resumed)->kept("b").answered, 1U);
  EXPECT_EQ((*resumed)->kept("b").failed, 1U);
  EXPECT_EQ((*resumed)->kept("other").answered, 0U);
  EXPECT_TRUE((*resumed)->is_done(key_of(test::small_record("good"))));
  EXPECT_FALSE((*resumed)->is_done(key_of(test::small_record("bad"))));
  EXPECT_FALSE((*resumed)->has_failed(key_of(test::small_record("good"))));
  EXPECT_TRUE((*resumed)->has_failed(key_of(test::small_record("bad"))));
  EXPECT_FALSE((*resumed)->has_failed(key_of(test::small_record("unknown"))));
}

TEST_F(RunFolderTest, WhatIsAskedAnewIsNotDone) {
  const Record before = test::small_record("c");
  auto writer = make();
  ASSERT_TRUE(writer->append(before, TimePoint{}));
  writer.reset();
  Record warmer = before;
  warmer.params.temperature = 0.5;
  Record reworded = before;
  reworded.digest = "e";
  {
    auto resumed = RunWriter::resume(run_);
    EXPECT_TRUE((*resumed)->is_done(key_of(before)));
    EXPECT_FALSE((*resumed)->is_done(key_of(warmer)));
    EXPECT_FALSE((*resumed)->is_done(key_of(reworded)));
    ASSERT_TRUE((*resumed)->append(warmer, TimePoint{}));
  }
  // The last record of a trial counts, also for what is done.
  auto again = RunWriter::resume(run_);
  EXPECT_TRUE((*again)->is_done(key_of(warmer)));
  EXPECT_FALSE((*again)->is_done(key_of(before)));
  EXPECT_EQ(load_records(run_)->size(), 1U);
}

TEST_F(RunFolderTest, CRS_02_ALogCutAtEveryByteOfItsLastThreeRecordsIsRepaired) {
  write(4);
  const std::string whole = records();
  for (std::size_t length = whole.find('\n') + 1; length <= whole.size(); ++length) {
    fs::remove(run_ / "records.damaged-tail");
    const std::string cut = whole.substr(0, length);
    put_records(cut);
    // A record that lacks only its newline is whole.
    const bool whole_record = length == whole.size() || whole[length] == '\n';
    const auto kept = static_cast<std::uint64_t>(std::ranges::count(cut, '\n')) +
                      (cut.back() != '\n' && whole_record ? 1U : 0U);
    {
      auto writer = RunWriter::resume(run_);
      ASSERT_TRUE(writer) << writer.error().message;
      ASSERT_EQ((*writer)->kept("b").answered, kept) << "cut at " << length;
      ASSERT_TRUE((*writer)->append(test::small_record("new"), TimePoint{}));
    }
    ASSERT_EQ(load_records(run_)->size(), kept + 1) << "cut at " << length;
    const bool damaged = cut.back() != '\n' && !whole_record;
    ASSERT_EQ(fs::exists(run_ / "records.damaged-tail"), damaged) << "cut at " << length;
    if (damaged) {
      ASSERT_EQ(*read_file(run_ / "records.damaged-tail"), cut.substr(cut.rfind('\n') + 1));
    }
  }
}

TEST_F(RunFolderTest, CRS_03_RecordsOfAnotherRunAreAnErrorWithTheirPlace) {
  write(2);
  const std::string first = records();
  fs::remove_all(run_);
  Manifest other = manifest();
  other.id = "s-20260101T000000Z-0000ffff";
  {
    auto writer = RunWriter::create(run_, other);
    ASSERT_TRUE((*writer)->append(test::small_record("x"), TimePoint{}));
  }
  const std::string joined = records() + first;
  put_records(joined);
  const auto resumed = RunWriter::resume(run_);
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().kind, ErrorKind::io);
  EXPECT_NE(resumed.error().message.find("records.jsonl:2: the record belongs to run 0000abcd"),
            std::string::npos)
      << resumed.error().message;
  EXPECT_EQ(records(), joined);
}

TEST_F(RunFolderTest, CRS_03_ANewerSchemaIsNeverTakenForACutOffLine) {
  write(2);
  std::string text = records();
  const std::size_t last = text.find('\n') + 1;
  std::string line = text.substr(last, text.rfind(",\"crc\"") - last);
  line.replace(line.find("\"schema\":1"), 10, "\"schema\":2");
  text = text.substr(0, last) + line + ",\"crc\":\"" + crc32_hex(line) + "\"}\n";
  put_records(text);
  const auto resumed = RunWriter::resume(run_);
  ASSERT_FALSE(resumed);
  EXPECT_NE(resumed.error().message.find("records.jsonl:2: the record has schema 2"),
            std::string::npos)
      << resumed.error().message;
  EXPECT_EQ(records(), text);
}

TEST_F(RunFolderTest, AnswersAreCountedWithoutReadingThem) {
  EXPECT_EQ(count_answers(run_), 0U);
  {
    auto writer = make();
    for (int i = 0; i < 900; ++i) {
      ASSERT_TRUE(writer->append(
          test::small_record("c" + std::to_string(i),
                             i % 3 == 0 ? score::Outcome::failed : score::Outcome::scored),
          TimePoint{}));
    }
    EXPECT_TRUE(is_in_use(run_));
  }
  EXPECT_FALSE(is_in_use(run_));
  EXPECT_EQ(count_answers(run_), 600U);
}

TEST_F(RunFolderTest, AReaderSeesWholeRecordsWhileARunIsWritten) {
  auto writer = make();
  for (std::uint64_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(writer->append(test::small_record("c" + std::to_string(i)), TimePoint{}));
    const auto read = read_records(run_, [](Record&&) {});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->records, i + 1);
    EXPECT_FALSE(read->damaged_tail);
  }
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

TEST_F(RunFolderTest, KeepsThePriceOfABackendExactly) {
  Manifest m = manifest();
  m.state = RunState::budget;
  m.backends[0].price = backend::Price{.input = {150'000},
                                       .cached = Money{75'001},
                                       .output = {600'000},
                                       .as_of = "2026-05",
                                       .source = "a page"};
  ASSERT_TRUE(RunWriter::create(run_, m));
  const auto read = open_run(run_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->manifest.state, RunState::budget);
  const auto& price = read->manifest.backends[0].price;
  ASSERT_TRUE(price);
  EXPECT_EQ(price->input, Money{150'000});
  EXPECT_EQ(price->cached, Money{75'001});
  EXPECT_EQ(price->output, Money{600'000});
  EXPECT_EQ(price->as_of, "2026-05");
  EXPECT_EQ(price->source, "a page");
  EXPECT_NE(read_file(run_ / "run.json")->find("\"0.15\""), std::string::npos);
}

TEST_F(RunFolderTest, HasNoPriceWhereNoneWasKnown) {
  static_cast<void>(make());
  EXPECT_FALSE(open_run(run_)->manifest.backends[0].price);
}

}  // namespace
}  // namespace faceoff::store
