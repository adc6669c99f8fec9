#include "json.h"
#include "sample.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/secret.h>
#include <faceoff/store/record.h>

#include <gtest/gtest.h>

namespace faceoff::store {
namespace {

TEST(Record, ReadsBackWhatItWrote) {
  const Record before = test::full_record();
  const std::string line = to_line(before);
  const auto after = from_line(line);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(to_line(*after), line);
  EXPECT_EQ(after->completion.text, before.completion.text);
  EXPECT_EQ(after->completion.usage, before.completion.usage);
  EXPECT_EQ(after->timing.ttft, before.timing.ttft);
  EXPECT_EQ(after->timing.source, before.timing.source);
  EXPECT_EQ(after->params, before.params);
  EXPECT_EQ(after->messages, before.messages);
  EXPECT_EQ(after->attempts.size(), 2U);
  EXPECT_EQ(after->attempts[1].waited, before.attempts[1].waited);
  EXPECT_EQ(after->attempts[0].resent, 0);
  EXPECT_EQ(after->attempts[1].resent, 1);
  EXPECT_EQ(after->scores[0].answer, "42");
  EXPECT_EQ(key_of(*after), key_of(before));
}

// The writer builds no tree; its text must be the tree's all the same.
TEST(Record, IsWrittenAsTheTreeWouldBe) {
  Record record = test::full_record();
  record.completion.text = "\x01\x1f\x7f\b\f\n\r\t\"\\/ \u00e9\u2028 \xff\xc3(";
  record.timing.events_ms = {0.0, 1.0, 0.001, 123456.789, 1e-7, 1e9, 33.333};
  record.timing.other_ms = {5.0};
  record.timing.events = "rcccccccX";
  record.timing.event_tokens = {1, 2};
  record.timing.characters_per_second = 1e22;
  for (const Record& each : {record, test::small_record("x", score::Outcome::failed)}) {
    const std::string line = to_line(each);
    EXPECT_EQ(dump(Json::parse(line)), line);
    const auto back = from_line(line);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->completion.text, each.completion.text);
    EXPECT_EQ(back->timing.events, each.timing.events);
    EXPECT_EQ(back->timing.other_ms, each.timing.other_ms);
    EXPECT_EQ(back->timing.event_tokens, each.timing.event_tokens);
  }
}

TEST(Record, ReadsBackWhatJudgesSaid) {
  Record before = test::small_record("x");
  score::Score score{.scorer = "judge/pairwise",
                     .verdict = score::Verdict::scored,
                     .value = 1.0,
                     .answer = "win",
                     .reason = "r"};
  score.weight = 2.0;
  score.threshold = 0.5;
  score.graded = 0.75;
  score.judged = score::Judged{.prompt = "pairwise/1 abc"};
  score.judged->asked = {{.backend = "j",
                          .purpose = "j, a first",
                          .model = "m",
                          .digest = "d",
                          .answer = "first",
                          .verdict = "first",
                          .usage = {.prompt_tokens = 5,
                                    .completion_tokens = 1,
                                    .cached_tokens = std::nullopt,
                                    .reasoning_tokens = std::nullopt,
                                    .source = "usage"},
                          .cost = Money{325'000'000},
                          .simulated = true},
                         {.backend = "j", .purpose = "again", .failure = "gone"}};
  score.judged->duels = {{.opponent = "a",
                          .outcome = score::Preferred::self,
                          .note = "n",
                          .verdicts = {{.judge = "j",
                                        .shown_first = score::Preferred::self,
                                        .shown_second = score::Preferred::nothing}}}};
  score.judged->canaries = {{.judge = "j", .held = true}};
  score.judged->human = "win";
  score.judged->menu = {"win", "tie", "loss"};
  before.scores = {score, score};
  before.combined = suite::Combine::mean;
  before.graded = 0.5;
  before.threshold = 0.25;
  before.awaits = true;
  before.asked_for =
      AskedFor{.backend = "b", .opponent = "a", .scorer = "judge/pairwise", .purpose = "p"};
  const auto after = from_line(to_line(before));
  ASSERT_TRUE(after) << after.error().message;
  ASSERT_EQ(after->scores.size(), 2U);
  EXPECT_EQ(after->scores[0].judged, score.judged);
  EXPECT_EQ(after->scores[0].weight, 2.0);
  EXPECT_EQ(after->scores[0].threshold, 0.5);
  EXPECT_EQ(after->scores[0].graded, 0.75);
  EXPECT_EQ(after->combined, suite::Combine::mean);
  EXPECT_EQ(after->graded, 0.5);
  EXPECT_EQ(after->threshold, 0.25);
  EXPECT_TRUE(after->awaits);
  EXPECT_EQ(after->asked_for, before.asked_for);
}

TEST(Record, IsOneLineOfAscendingSchema) {
  const std::string line = to_line(test::full_record());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(line.starts_with("{\"schema\":1,\"suite\":\"arithmetic\",\"case\":\"add-1\""));
}

TEST(Record, KeepsAFailureWithItsCause) {
  const auto after = from_line(to_line(test::small_record("x", score::Outcome::failed)));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->outcome, score::Outcome::failed);
  EXPECT_EQ(after->value, std::nullopt);
  EXPECT_EQ(after->error, backend::FailureKind::server_error);
  EXPECT_EQ(after->error_message, "HTTP 500");
}

TEST(Record, OUT_07_KeepsBytesThatAreNoUtf8) {
  Record record = test::small_record("x");
  record.completion.text = std::string("cut \xE2\x82 and \0 nul", 15);
  const auto after = from_line(to_line(record));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->completion.text, record.completion.text);
}

TEST(Record, CRS_03_AnyChangedByteIsFound) {
  const std::string line = to_line(test::full_record());
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string damaged = line;
    damaged[i] = damaged[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(from_line(damaged)) << "byte " << i;
  }
}

TEST(Record, CRS_02_AnyCutIsFound) {
  const std::string line = to_line(test::full_record());
  for (std::size_t i = 0; i < line.size(); ++i) {
    EXPECT_FALSE(from_line(std::string_view(line).substr(0, i))) << "length " << i;
  }
}

TEST(Record, KEY_01_HoldsNoSecret) {
  const std::string sentinel = std::string("record-sentinel") + "-0123456789";
  redactor().add(Secret(sentinel));
  Record record = test::full_record();
  record.completion.text = "your key is " + sentinel;
  record.error_message = "bad key " + to_base64(sentinel);
  record.error = backend::FailureKind::auth;
  record.attempts[0].message = "Bearer " + sentinel;
  const std::string line = to_line(record);
  EXPECT_EQ(line.find("sentinel"), std::string::npos);
  EXPECT_TRUE(from_line(line));
}

}  // namespace
}  // namespace faceoff::store
