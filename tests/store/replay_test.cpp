#include "sample.h"
#include "support/temp_folder.h"

#include <faceoff/store/replay.h>
#include <faceoff/store/run_folder.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

suite::Case case_of(const std::string& id, const std::string& digest = "d") {
  suite::Case item;
  item.id = id;
  item.digest = digest;
  return item;
}

class ReplayTest : public testing::Test {
 protected:
  void record(const std::vector<Record>& records,
              const std::vector<std::string>& backends = {"b"}) {
    Manifest m;
    m.id = "s-20260101T000000Z-0000abcd";
    m.suite = "s";
    for (const auto& name : backends) {
      BackendEntry entry;
      entry.name = name;
      entry.adapter = "openai";
      entry.model = "m-" + name;
      m.backends.push_back(std::move(entry));
    }
    auto writer = RunWriter::create(run_, m);
    ASSERT_TRUE(writer) << writer.error().message;
    for (const auto& r : records) {
      ASSERT_TRUE((*writer)->append(r, TimePoint{}));
    }
  }
  static Record answered(const std::string& id, const std::string& text, std::int32_t repeat = 0) {
    Record r = test::small_record(id);
    r.completion.text = text;
    r.completion.finish = chat::Finish::stop;
    r.repeat = repeat;
    r.params.temperature = 0.5;
    return r;
  }
  [[nodiscard]] std::unique_ptr<Replay> open(const std::string& backend = "") const {
    auto replay = replay_run(run_, backend, "x");
    EXPECT_TRUE(replay) << replay.error().message;
    return std::move(*replay);
  }
  static std::string text_of(Replay& replay, const suite::Case& item, std::int32_t repeat = 0) {
    const auto found = replay.find(item, repeat);
    EXPECT_TRUE(found) << found.error().message;
    return found->answer ? found->answer->completion.text : "none: " + found->why;
  }
  // What is wrong with a file of answers, one mistake a line.
  std::string mistakes(const std::string& name, const std::string& content) const {
    doc::Diagnostics diagnostics;
    const auto replay = replay_file(folder_.write(name, content), diagnostics);
    if (!replay) {
      return replay.error().message;
    }
    EXPECT_EQ(*replay == nullptr, !diagnostics.empty());
    std::string out;
    for (const auto& d : diagnostics.sorted()) {
      out += doc::one_line(d) + "\n";
    }
    return out.substr(out.find(name) == std::string::npos ? 0 : out.find(name));
  }
  std::unique_ptr<Replay> file(const std::string& name, const std::string& content) const {
    doc::Diagnostics diagnostics;
    auto replay = replay_file(folder_.write(name, content), diagnostics);
    EXPECT_TRUE(replay && diagnostics.empty()) << doc::render(diagnostics, {});
    return std::move(*replay);
  }

  faceoff::test::TempFolder folder_;
  fs::path run_ = folder_.path() / "run";
};

TEST_F(ReplayTest, FindsAnswersByCaseAndRepeat) {
  record({answered("a", "one"), answered("b", "two"), answered("a", "again", 1)});
  const auto replay = open();
  EXPECT_EQ(replay->size(), 3U);
  EXPECT_EQ(text_of(*replay, case_of("a")), "one");
  EXPECT_EQ(text_of(*replay, case_of("a"), 1), "again");
  EXPECT_EQ(text_of(*replay, case_of("b")), "two");
  EXPECT_TRUE(replay->holds("a", 1));
  EXPECT_FALSE(replay->holds("b", 1));
  EXPECT_THAT(text_of(*replay, case_of("b"), 1), HasSubstr("holds no answer 2 for this case"));
  EXPECT_EQ(replay->recorded().model, "m-b");
  EXPECT_EQ(replay->recorded().replayed_from, "s-20260101T000000Z-0000abcd");
  EXPECT_EQ(replay->find(case_of("a"), 0)->answer->params->temperature, 0.5);
}

TEST_F(ReplayTest, AChangedPromptHasNoAnswer) {
  record({answered("a", "one")});
  EXPECT_THAT(text_of(*open(), case_of("a", "other")), HasSubstr("the prompt has changed"));
}

TEST_F(ReplayTest, TheLastRecordOfATrialCounts) {
  Record failed = test::small_record("a", score::Outcome::failed);
  record({failed, answered("a", "better")});
  EXPECT_EQ(text_of(*open(), case_of("a")), "better");
}

TEST_F(ReplayTest, AFailureOfThenIsReplayedAsOne) {
  record({test::small_record("a", score::Outcome::failed)});
  const auto found = open()->find(case_of("a"), 0);
  ASSERT_TRUE(found->answer);
  EXPECT_EQ(found->answer->error, backend::FailureKind::server_error);
  EXPECT_EQ(found->answer->error_message, "HTTP 500");
}

TEST_F(ReplayTest, CRS_02_TheWholePartOfADamagedRunServes) {
  record({answered("a", "one"), answered("b", "two")});
  const auto size = fs::file_size(run_ / "records.jsonl");
  fs::resize_file(run_ / "records.jsonl", size - 20);
  const auto replay = open();
  EXPECT_EQ(text_of(*replay, case_of("a")), "one");
  EXPECT_THAT(text_of(*replay, case_of("b")), HasSubstr("none:"));
  ASSERT_EQ(replay->notes().size(), 1U);
  EXPECT_THAT(replay->notes()[0], HasSubstr("cut off"));
  EXPECT_EQ(fs::file_size(run_ / "records.jsonl"), size - 20);
}

TEST_F(ReplayTest, ABackendIsChosenByNameWishOrBecauseItIsTheOnlyOne) {
  Record second = answered("a", "of y");
  second.backend = "y";
  record({answered("a", "of b"), second}, {"b", "y"});
  EXPECT_EQ(text_of(*open("y"), case_of("a")), "of y");
  EXPECT_EQ((*replay_run(run_, "", "y"))->recorded().name, "y");
  const auto unclear = replay_run(run_, "", "z");
  ASSERT_FALSE(unclear);
  EXPECT_EQ(unclear.error().kind, ErrorKind::usage);
  EXPECT_THAT(unclear.error().message, HasSubstr("has the backends 'b', 'y'; write RUN#BACKEND"));
  EXPECT_THAT(replay_run(run_, "q", "b").error().message, HasSubstr("no backend 'q'"));
}

TEST_F(ReplayTest, ReadsEveryKeyOfJsonLines) {
  const auto replay = file(
      "a.jsonl",
      R"({"case":"a","text":"one\nline","repeat":0,"model":"m1","finish_reason":"length","usage":{"prompt_tokens":7,"completion_tokens":3},"timings":{"ttft_ms":12.5,"e2e_ms":40}})"
      "\n"
      R"({"case":"a","text":"two","repeat":1,"model":"m1"})"
      "\n\n"
      R"({"case":"b","text":null,"error":{"kind":"content_filter","message":"blocked"},"model":"m1"})"
      "\n"
      R"({"case":"c","error":"it broke","model":"m1"})"
      "\n");
  EXPECT_EQ(replay->size(), 4U);
  EXPECT_EQ(replay->recorded().model, "m1");
  EXPECT_EQ(replay->recorded().replayed_from, "a.jsonl");
  const auto a = replay->find(case_of("a", "any digest"), 0)->answer;
  ASSERT_TRUE(a);
  EXPECT_EQ(a->completion.text, "one\nline");
  EXPECT_EQ(a->completion.finish, chat::Finish::length);
  EXPECT_EQ(a->completion.usage.prompt_tokens, 7);
  EXPECT_EQ(a->completion.usage.completion_tokens, 3);
  EXPECT_EQ(a->timing.ttft, std::chrono::microseconds(12500));
  EXPECT_EQ(text_of(*replay, case_of("a"), 1), "two");
  EXPECT_EQ(replay->find(case_of("a"), 1)->answer->completion.finish, chat::Finish::other);
  EXPECT_EQ(replay->find(case_of("b"), 0)->answer->error, backend::FailureKind::content_filter);
  EXPECT_EQ(replay->find(case_of("c"), 0)->answer->error_message, "it broke");
  ASSERT_EQ(replay->notes().size(), 1U);
  EXPECT_THAT(replay->notes()[0], HasSubstr("not noticed"));
}

TEST_F(ReplayTest, ReadsCsv) {
  const auto replay = file("a.csv",
                           "case,text,repeat,completion_tokens,finish_reason,error\n"
                           "a,\"one, \"\"two\"\"\nthree\",0,5,stop,\n"
                           "a,,1,,,\n"
                           "7,007,,,,\n"
                           "c,,,,,server_error\n");
  EXPECT_EQ(text_of(*replay, case_of("a")), "one, \"two\"\nthree");
  EXPECT_EQ(replay->find(case_of("a"), 0)->answer->completion.usage.completion_tokens, 5);
  EXPECT_EQ(text_of(*replay, case_of("a"), 1), "");
  EXPECT_EQ(text_of(*replay, case_of("7")), "007");
  EXPECT_EQ(replay->find(case_of("c"), 0)->answer->error, backend::FailureKind::server_error);
}

TEST_F(ReplayTest, MistakesOfAFileAreAllShownWithTheirPlaces) {
  const std::string found =
      mistakes("bad.jsonl",
               "{\"case\":\"a\",\"text\":\"x\"}\n"
               "{\"case\":\"a\",\"text\":\"y\"}\n"
               "{\"cse\":\"b\",\"text\":\"y\"}\n"
               "{\"case\":\"c\"}\n"
               "{\"case\":\"d\",\"text\":\"y\",\"repeat\":-1}\n"
               "{\"case\":\"e\",\"text\":\"y\",\"usage\":{\"prompt_tokens\":\"x\"}}\n"
               "not json\n");
  EXPECT_THAT(found, HasSubstr("bad.jsonl:2:9: case 'a' has an answer already, in line 1"));
  EXPECT_THAT(found, HasSubstr("bad.jsonl:3:"));
  EXPECT_THAT(found, HasSubstr("unknown key 'cse'"));
  EXPECT_THAT(found, HasSubstr("bad.jsonl:4:1: an answer needs 'text'"));
  EXPECT_THAT(found, HasSubstr("bad.jsonl:5:"));
  EXPECT_THAT(found, HasSubstr("'repeat' must be from 0 to 9999, found -1"));
  EXPECT_THAT(found, HasSubstr("bad.jsonl:6:"));
  EXPECT_THAT(found, HasSubstr("bad.jsonl:7:"));
  EXPECT_THAT(mistakes("bad.csv", "case,text,repeat\na,x,many\nb,y\n"),
              HasSubstr("bad.csv:2:5: 'repeat' must be"));
  EXPECT_THAT(mistakes("empty.jsonl", ""), HasSubstr("holds no answers"));
  EXPECT_THAT(mistakes("answers.txt", "x"), HasSubstr("end in .jsonl or .csv"));
}

TEST_F(ReplayTest, ALogOfARunIsNoPlainFile) {
  EXPECT_FALSE(is_answers_file("results/x/records.jsonl"));
  EXPECT_TRUE(is_answers_file("answers.JSONL"));
  EXPECT_TRUE(is_answers_file("a.csv"));
  EXPECT_FALSE(is_answers_file("results/x.csv/run"));
}

}  // namespace
}  // namespace faceoff::store
