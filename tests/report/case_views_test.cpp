#include "report/sample.h"
#include "support/temp_folder.h"

#include <faceoff/base/secret.h>
#include <faceoff/report/case_views.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CaseViewsTest : public testing::Test {
 protected:
  std::filesystem::path write_run(const std::string& name,
                                  const std::vector<store::Record>& records,
                                  const std::string& id = "support-20260822T140311Z-7f3a92c1") {
    const auto folder = folder_.path() / name;
    auto manifest = test::sample_manifest({test::gpt(), test::llama()}, 3);
    manifest.id = id;
    auto writer = store::RunWriter::create(folder, manifest);
    EXPECT_TRUE(writer);
    for (const store::Record& record : records) {
      EXPECT_TRUE((*writer)->append(record, TimePoint{}));
    }
    return folder;
  }
  static store::Record answer(const test::SampleBackend& backend,
                              std::size_t item,
                              double value,
                              std::int32_t repeat = 0) {
    store::Record record = test::sample_record(backend, item);
    record.repeat = repeat;
    record.value = value;
    record.messages = {{.role = chat::Role::user, .text = "prompt " + std::to_string(item)}};
    record.targets = {"t"};
    record.completion.text = backend.name + " says " + std::to_string(value);
    return record;
  }
  static std::vector<CaseColumn> both(const std::filesystem::path& folder) {
    return {{.label = "gpt-4o", .backend = "gpt-4o", .folder = folder},
            {.label = "llama-4-scout", .backend = "llama-4-scout", .folder = folder}};
  }

  test::TempFolder folder_;
};

TEST_F(CaseViewsTest, GatherWhatEveryColumnAnswered) {
  const auto folder = write_run("r",
                                {answer(test::gpt(), 0, 1),
                                 answer(test::llama(), 0, 0),
                                 answer(test::gpt(), 1, 0.25),
                                 answer(test::gpt(), 1, 1, 1),
                                 answer(test::llama(), 1, 1)});
  const auto views = CaseViews::open(both(folder));
  ASSERT_TRUE(views) << views.error().message;
  ASSERT_EQ(views->size(), 2U);
  EXPECT_EQ(views->id(1), "case-001");
  EXPECT_THAT(views->tags(1), ElementsAre("math"));
  EXPECT_EQ(views->find("case-001"), 1U);
  EXPECT_EQ(views->find("case-002"), std::nullopt);

  const auto view = views->at(1);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->id, "case-001");
  EXPECT_EQ(view->messages.at(0).text, "prompt 1");
  EXPECT_THAT(view->targets, ElementsAre("t"));
  EXPECT_TRUE(view->same_prompt);
  ASSERT_EQ(view->answers.size(), 2U);
  ASSERT_EQ(view->answers[0].size(), 2U);
  EXPECT_EQ(view->answers[0][1].repeat, 1);
  EXPECT_EQ(view->answers[0][1].completion.text, "gpt-4o says 1.000000");
  ASSERT_EQ(view->answers[1].size(), 1U);

  EXPECT_EQ(views->standing(1, 0).trials, 2U);
  EXPECT_DOUBLE_EQ(*views->standing(1, 0).value, 0.625);
  EXPECT_TRUE(views->flipped(0, 0, 1));
  EXPECT_FALSE(views->flipped(1, 0, 1));
}

TEST_F(CaseViewsTest, CountTheLastRecordOfATrial) {
  store::Record failed = answer(test::gpt(), 0, 1);
  test::fail(failed, backend::FailureKind::server_error, "HTTP 500");
  const auto folder = write_run("r", {failed, answer(test::gpt(), 0, 1)});
  const auto views = CaseViews::open(both(folder));
  ASSERT_TRUE(views);
  EXPECT_EQ(views->standing(0, 0).failed, 0U);
  EXPECT_EQ(views->at(0)->answers[0].at(0).completion.text, "gpt-4o says 1.000000");
}

TEST_F(CaseViewsTest, TellAFailureFromAnAnswerThatWasNeverAskedFor) {
  store::Record failed = answer(test::gpt(), 0, 1);
  test::fail(failed, backend::FailureKind::server_error, "key sk-" + std::string(40, 'x'));
  const auto folder = write_run("r", {failed});
  const auto views = CaseViews::open(both(folder));
  ASSERT_TRUE(views);
  EXPECT_EQ(views->standing(0, 0).outcome, score::Outcome::failed);
  EXPECT_EQ(views->standing(0, 0).passed(), std::nullopt);
  EXPECT_EQ(views->standing(0, 1).trials, 0U);
  EXPECT_FALSE(views->flipped(0, 0, 1));
  const auto view = views->at(0);
  EXPECT_THAT(view->answers[0].at(0).error_message, HasSubstr("[redacted]"));
  EXPECT_THAT(view->answers[1], IsEmpty());
}

TEST_F(CaseViewsTest, LayTwoRunsAndABaselineSideBySide) {
  store::Record changed = answer(test::gpt(), 1, 0);
  changed.digest = "another";
  const auto first = write_run("a", {answer(test::gpt(), 0, 1), answer(test::gpt(), 1, 1)});
  const auto second =
      write_run("b", {answer(test::gpt(), 0, 0), changed}, "support-20260823T140311Z-11112222");
  store::Record bare = answer(test::gpt(), 0, 1);
  bare.messages.clear();
  bare.completion = {};
  const auto baseline =
      std::make_shared<const std::vector<store::Record>>(std::vector<store::Record>{bare});
  const auto views = CaseViews::open(
      {{.label = "gpt-4o@main", .backend = "gpt-4o", .folder = {}, .records = baseline},
       {.label = "gpt-4o@a", .backend = "gpt-4o", .folder = first},
       {.label = "gpt-4o@b", .backend = "gpt-4o", .folder = second}});
  ASSERT_TRUE(views) << views.error().message;
  ASSERT_EQ(views->size(), 2U);
  EXPECT_TRUE(views->flipped(0, 0, 2));
  EXPECT_EQ(views->at(0)->messages.at(0).text, "prompt 0");
  EXPECT_TRUE(views->at(0)->same_prompt);
  EXPECT_FALSE(views->at(1)->same_prompt);
  EXPECT_THAT(views->at(1)->answers[0], IsEmpty());
}

TEST_F(CaseViewsTest, RefuseAFileThatWasChangedMeanwhile) {
  const auto folder = write_run("r", {answer(test::gpt(), 0, 1)});
  const auto views = CaseViews::open(both(folder));
  ASSERT_TRUE(views);
  std::filesystem::resize_file(folder / "records.jsonl", 10);
  const auto view = views->at(0);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().kind, ErrorKind::io);
  EXPECT_THAT(view.error().message, HasSubstr("records.jsonl"));
}

}  // namespace
}  // namespace faceoff::report
