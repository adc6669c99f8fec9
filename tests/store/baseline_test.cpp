#include "sample.h"
#include "support/temp_folder.h"

#include <faceoff/base/files.h>
#include <faceoff/store/baseline.h>

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Manifest manifest(RunState state = RunState::complete) {
  Manifest m;
  m.id = "sums-20260101T000000Z-0000abcd";
  m.suite = "sums";
  m.suite_path = "/home/somebody/sums.yaml";
  m.suite_digest = "abc";
  m.cases = 2;
  m.state = state;
  m.scorers = {"number/1"};
  m.command = {"faceoff", "run", "/home/somebody/sums.yaml"};
  BackendEntry entry;
  entry.name = "llama";
  entry.adapter = "llama-server";
  entry.model = "tiny.gguf";
  entry.base_url = "http://inner.example:8080";
  entry.simulated = true;
  entry.identity.server = "srv";
  m.backends = {entry};
  return m;
}

Record trial(const std::string& id, double value) {
  Record record = test::full_record();
  record.case_id = id;
  record.value = value;
  record.repeat = 0;
  record.simulated = true;
  record.digest = std::string(64, 'd');
  return record;
}

class BaselineTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path folder(std::string_view name) const { return temp_.path() / name; }

  fs::path run(const std::vector<Record>& records, RunState state = RunState::complete) const {
    const fs::path path = folder("run" + std::to_string(++runs_));
    auto writer = *RunWriter::create(path, manifest(state));
    for (const Record& record : records) {
      EXPECT_TRUE(writer->append(record, TimePoint{}));
    }
    return path;
  }
  [[nodiscard]] Baseline baseline(const std::vector<Record>& records) const {
    return *make_baseline(run(records), "main", UtcTime{});
  }

  faceoff::test::TempFolder temp_;
  mutable int runs_ = 0;
};

TEST_F(BaselineTest, KeepsWhatAComparisonNeeds) {
  Record retried = trial("b", 0.5);
  retried.repeat = 1;
  retried.attempts.clear();
  Attempt first;
  first.failure = backend::FailureKind::rate_limited;
  first.http_status = 429;
  Attempt second;
  second.number = 2;
  second.http_status = 200;
  second.note = "a parameter was renamed";
  retried.attempts = {first, second};
  Record failed = trial("c", 0.0);
  failed.outcome = score::Outcome::failed;
  failed.value.reset();
  failed.error = backend::FailureKind::total_timeout;
  failed.completion.finish = chat::Finish::none;
  failed.suspended = true;
  const Baseline before = baseline({trial("a", 1.0), retried, failed});
  const fs::path path = folder("baselines") / "main.json";
  ASSERT_TRUE(write_baseline(before, path));
  const auto after = read_baseline(path);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->name, "main");
  EXPECT_EQ(after->manifest.id, before.manifest.id);
  EXPECT_THAT(after->manifest.scorers, ElementsAre("number/1"));
  EXPECT_EQ(after->manifest.backends.front().identity.server, "srv");
  ASSERT_EQ(after->records.size(), 3U);
  const Record& a = after->records[0];
  EXPECT_EQ(a.case_id, "a");
  EXPECT_EQ(a.digest, std::string(64, 'd'));
  EXPECT_EQ(a.cluster, "sums");
  EXPECT_THAT(a.tags, ElementsAre("add", "easy"));
  EXPECT_EQ(a.value, 1.0);
  EXPECT_EQ(a.timing.ttft, test::full_record().timing.ttft);
  EXPECT_EQ(a.timing.e2e, test::full_record().timing.e2e);
  EXPECT_TRUE(a.completion.complete());
  EXPECT_TRUE(a.simulated);
  const Record& b = after->records[1];
  EXPECT_EQ(b.repeat, 1);
  ASSERT_EQ(b.attempts.size(), 2U);
  EXPECT_EQ(b.attempts[0].failure, backend::FailureKind::rate_limited);
  EXPECT_EQ(b.attempts[1].note, "a parameter was renamed");
  const Record& c = after->records[2];
  EXPECT_EQ(c.outcome, score::Outcome::failed);
  EXPECT_EQ(c.error, backend::FailureKind::total_timeout);
  EXPECT_FALSE(c.completion.complete());
  EXPECT_TRUE(c.suspended);
}

TEST_F(BaselineTest, HoldsNoTextNoPathAndNoAddress) {
  const std::string text = baseline_text(baseline({trial("a", 1.0)}));
  for (const char* private_part : {"17 + 25", "Be brief", "42 –", "somebody", "inner.example"}) {
    EXPECT_THAT(text, Not(HasSubstr(private_part)));
  }
}

TEST_F(BaselineTest, IsSmallAndTheSameForAnyOrderOfAnswers) {
  std::vector<Record> records;
  for (int i = 0; i < 500; ++i) {
    Record record = trial("case-" + std::to_string(1000 + i), i % 2);
    record.attempts.resize(1);
    record.attempts[0].failure.reset();
    record.attempts[0].note.clear();
    records.push_back(record);
  }
  const std::string text = baseline_text(baseline(records));
  EXPECT_LT(text.size() / records.size(), 160U);
  // One line a case: a changed score changes one line.
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 500 + 8);
  std::reverse(records.begin(), records.end());
  Baseline other = baseline(records);
  EXPECT_EQ(baseline_text(other), text);
}

TEST_F(BaselineTest, RefusesWhatWasChangedOrCutOff) {
  const fs::path path = folder("main.json");
  const std::string text = baseline_text(baseline({trial("a", 1.0), trial("b", 0.0)}));
  const auto message = [&](const std::string& content) {
    EXPECT_TRUE(write_file_atomic(path, content));
    const auto read = read_baseline(path);
    return read ? std::string("accepted") : read.error().message;
  };
  EXPECT_EQ(message(text), "accepted");
  std::string with_returns;
  for (const char c : text) {
    with_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  EXPECT_EQ(message(with_returns), "accepted");
  std::string edited = text;
  edited.replace(edited.find("\"scored\",0"), 10, "\"scored\",1");
  EXPECT_THAT(message(edited), HasSubstr("checksum does not fit"));
  EXPECT_THAT(message(text.substr(0, text.size() - 20)), HasSubstr("cut off"));
  EXPECT_THAT(message("{}"), HasSubstr("no baseline of faceoff"));
  EXPECT_THAT(message(""), HasSubstr("no baseline of faceoff"));
  for (std::size_t at = 0; at < text.size(); at += 7) {
    EXPECT_NE(message(text.substr(0, at)), "accepted");
  }
}

TEST_F(BaselineTest, IsMadeOfACompleteRunOnly) {
  const auto made = make_baseline(run({trial("a", 1.0)}, RunState::interrupted), "main", UtcTime{});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::usage);
  EXPECT_THAT(made.error().message, HasSubstr("not complete (interrupted)"));
}

TEST_F(BaselineTest, NamesAreSafeAsFiles) {
  for (const char* good : {"main", "v1.2", "a_b-c", "7f3a"}) {
    EXPECT_TRUE(check_baseline_name(good)) << good;
  }
  for (const char* bad : {"", ".", "..", "../x", "a/b", "-x", ".hidden", "a b", "ä"}) {
    EXPECT_FALSE(check_baseline_name(bad)) << bad;
  }
}

TEST_F(BaselineTest, Crs05_TwoProcessesOfOneNameLeaveOneWholeFile) {
  const fs::path path = folder("baselines") / "main.json";
  std::vector<Baseline> both{baseline({trial("a", 1.0)}), baseline({trial("b", 0.0)})};
  std::vector<pid_t> children;
  for (const Baseline& one : both) {
    const pid_t child = ::fork();
    if (child == 0) {
      bool written = true;
      for (int i = 0; i < 20; ++i) {
        written = written && write_baseline(one, path).has_value();
      }
      ::_exit(written ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const auto read = read_baseline(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->records.size(), 1U);
  EXPECT_THAT(list_baselines(temp_.path()), ElementsAre(path));
  const auto files = std::distance(fs::directory_iterator(path.parent_path()), {});
  EXPECT_EQ(files, 1);
}

}  // namespace
}  // namespace faceoff::store
