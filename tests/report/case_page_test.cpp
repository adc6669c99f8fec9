#include "report/hostile.h"
#include "report/sample.h"
#include "support/golden.h"
#include "terminal_text.h"

#include <faceoff/base/text.h>
#include <faceoff/report/case_page.h>

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

using test::expect_golden;
using test::payloads;
using ::testing::HasSubstr;

store::Record answer(const std::string& backend, const std::string& text, double value) {
  store::Record record = test::sample_record(backend == "gpt-4o" ? test::gpt() : test::llama(), 1);
  record.backend = backend;
  record.messages = {{.role = chat::Role::system, .text = "Answer in one sentence."},
                     {.role = chat::Role::user,
                      .text = "When may a customer return a pair of shoes that was worn once?"}};
  record.targets = {"within 30 days"};
  record.completion.text = text;
  record.value = value;
  record.scores = {
      {.scorer = "contains",
       .value = value,
       .answer = text,
       .reason = value > 0.5 ? "'within 30 days' is there" : "'within 30 days' is missing",
       .trace = {{.step = "last line", .taken = text}}}};
  return record;
}

CaseViews open(std::vector<store::Record> records, const std::vector<std::string>& backends) {
  const auto all = std::make_shared<const std::vector<store::Record>>(std::move(records));
  std::vector<CaseColumn> columns;
  for (const std::string& backend : backends) {
    columns.push_back({.label = backend, .backend = backend, .folder = {}, .records = all});
  }
  auto views = CaseViews::open(std::move(columns));
  EXPECT_TRUE(views);
  return *std::move(views);
}

CaseViews sample_views() {
  return open({answer("gpt-4o", "Shoes may be returned within 30 days, worn once or not.", 1),
               answer("llama-4-scout",
                      "Shoes may be returned within two weeks, but only when they were not worn.\n"
                      "Ask the shop.",
                      0)},
              {"gpt-4o", "llama-4-scout"});
}

TEST(CasePage, SetsAnswersSideBySideWithTheirDifferences) {
  const auto views = sample_views();
  const auto item = views.at(0);
  ASSERT_TRUE(item);
  std::string all;
  for (const std::size_t width : {0U, 40U, 80U, 120U}) {
    all += "=== " + std::to_string(width) + "\n" +
           write_case(*item, views.columns(), {.width = width});
  }
  all += "=== 80, ASCII\n" + write_case(*item, views.columns(), {.width = 80, .unicode = false});
  all += "=== 80, colour\n" + write_case(*item, views.columns(), {.width = 80, .colour = true});
  expect_golden("report/case.txt", all);
}

TEST(CasePage, Tty01KeepsEveryLineWithinTheWidth) {
  const auto views = sample_views();
  const auto item = views.at(0);
  for (std::size_t width = 20; width <= 200; width += 7) {
    for (const bool unicode : {true, false}) {
      const std::string text =
          write_case(*item, views.columns(), {.width = width, .unicode = unicode});
      for (const auto line : split(text, '\n')) {
        EXPECT_LE(display_width(line), width) << line;
      }
    }
  }
}

TEST(CasePage, Out01HostileTextStaysBehindItsBar) {
  for (const std::string& payload : payloads()) {
    store::Record first = answer("gpt-4o", payload + " x " + payload, 1);
    store::Record second = answer("llama-4-scout", "other\n" + payload, 0);
    for (store::Record* record : {&first, &second}) {
      record->case_id = payload;
      record->tags = {payload};
      record->cluster = payload;
      record->targets = {payload};
      record->messages = {{.role = chat::Role::user, .text = payload}};
      record->scores[0].reason = payload;
      record->scores[0].trace[0].taken = payload;
      record->warnings = {payload};
      record->attempts[0].failure = backend::FailureKind::server_error;
      record->attempts[0].message = payload;
    }
    const auto views = open({first, second}, {"gpt-4o", "llama-4-scout"});
    const auto item = views.at(0);
    ASSERT_TRUE(item);
    std::vector<std::size_t> items(views.size());
    std::iota(items.begin(), items.end(), 0);
    for (const std::size_t width : {0U, 30U, 80U, 120U}) {
      for (const std::string& text :
           {write_case(*item, views.columns(), {.width = width}),
            write_case_list("1 of 1 cases", views, items, {.width = width}),
            *write_failures(views, items, {.width = width})}) {
        EXPECT_EQ(display_text(text, Lines::keep), text) << display_text(payload);
        for (const auto line : split(text, '\n')) {
          EXPECT_TRUE(width == 0 || display_width(line) <= width) << line;
        }
      }
    }
  }
}

TEST(CasePage, Out08ALongAnswerIsShownAndNotCompared) {
  std::string longer;
  for (int i = 0; i < 20'000; ++i) {
    longer += "word" + std::to_string(i) + " ";
  }
  const auto views = open({answer("gpt-4o", longer, 1), answer("llama-4-scout", longer + "x", 0)},
                          {"gpt-4o", "llama-4-scout"});
  EXPECT_THAT(write_case(*views.at(0), views.columns(), {.width = 100}),
              HasSubstr("too long to be compared word by word"));
}

TEST(WordDiff, MarksWhatOnlyOneSideHas) {
  auto a = words_of("the quick brown fox");
  auto b = words_of("the slow brown fox jumps");
  ASSERT_TRUE(mark_differences(a, b));
  const auto marked = [](const std::vector<DiffWord>& words) {
    std::string out;
    for (const DiffWord& word : words) {
      out += word.differs ? '1' : '0';
    }
    return out;
  };
  EXPECT_EQ(marked(a), "0100");
  EXPECT_EQ(marked(b), "01001");
}

TEST(WordDiff, KeepsLinesAndIndentation) {
  const auto words = words_of("def f():\n    return 1\n\nend");
  std::string out;
  for (const DiffWord& word : words) {
    out += (word.begins_line ? "|" : " ") + word.text;
  }
  EXPECT_EQ(out, "|def f():|    return 1||end");
}

}  // namespace
}  // namespace faceoff::report
