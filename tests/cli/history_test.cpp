// Runs over time, completions, and the terminal while a run goes on.
#include "history.h"

#include "program.h"
#include "progress_block.h"
#include "terminal.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/base/wrap.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using test::Program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("weak.yaml", "answers: s.yaml\naccuracy: 0.3\nseed: 3\n");
  }
  void run(const std::string& script) const {
    const auto done = program_.run({"run", "s.yaml", "-b", "a=simulate:" + script, "-q"});
    ASSERT_EQ(done.exit, 0) << done.err;
  }
  [[nodiscard]] nlohmann::json trend(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"trend", "sums", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto done = program_.run(words);
    EXPECT_EQ(done.exit, 0) << done.err;
    return nlohmann::json::parse(done.out, nullptr, false);
  }
  [[nodiscard]] std::filesystem::path results() const { return program_.folder() / "results"; }

  Program program_;
};

TEST_F(HistoryTest, ATrendHasEveryRunOfTheSuite) {
  run("good.yaml");
  run("weak.yaml");
  const auto document = trend();
  ASSERT_EQ(document["points"].size(), 2U);
  EXPECT_EQ(document["points"][0]["score"]["value"], 1.0);
  EXPECT_LT(document["points"][1]["score"]["value"], 1.0);
  EXPECT_TRUE(document["points"][1]["simulated"]);
  const auto text = program_.run({"trend"});
  EXPECT_THAT(text.out,
              AllOf(StartsWith("sums: "), HasSubstr("a (simulated)"), HasSubstr("100.0%")));
  EXPECT_THAT(program_.run({"list", "runs"}).out, HasSubstr("a 100.0%"));
  const auto wrong = program_.run({"trend", "sum"});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'sums'?"));
  EXPECT_EQ(trend({"--last", "1"})["points"].size(), 1U);
}

TEST_F(HistoryTest, TheFoldersAreTheTruth) {
  run("good.yaml");
  run("weak.yaml");
  const auto before = trend();
  {
    const auto history = History::open(results());
    ASSERT_TRUE(history);
    EXPECT_EQ((*history)->read(), 0U);  // nothing has changed
  }
  // Made anew from the folders, the index says the same.
  std::filesystem::remove(results() / ".index.sqlite");
  EXPECT_EQ(trend(), before);
  EXPECT_EQ(trend({"--rebuild"}), before);
  // What is no index of ours, or cannot be written, is no loss.
  std::ofstream(results() / ".index.sqlite") << "no database";
  EXPECT_EQ(trend(), before);
  std::filesystem::remove(results() / ".index.sqlite");
  std::filesystem::create_directory(results() / ".index.sqlite");
  EXPECT_EQ(trend(), before);
  std::filesystem::remove(results() / ".index.sqlite");
  // A folder that is gone is forgotten.
  std::filesystem::remove_all(store::list_runs(results()).front());
  EXPECT_EQ(trend()["points"].size(), 1U);
}

TEST_F(HistoryTest, ATrendIsWrittenInEveryForm) {
  run("good.yaml");
  run("weak.yaml");
  ASSERT_EQ(program_.run({"baseline", "set", "main", "latest~1"}).exit, 0);
  const auto done =
      program_.run({"trend", "--format", "html:t.html", "--format", "md:t.md", "--json"});
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, StartsWith("{"));
  EXPECT_THAT(read_file(program_.folder() / "t.html").value_or(""),
              AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("baseline main")));
  EXPECT_THAT(read_file(program_.folder() / "t.md").value_or(""), StartsWith("## `sums`"));
  EXPECT_THAT(program_.run({"trend", "--format", "html:t.html"}).out, StartsWith("sums: "));
  const auto wrong = program_.run({"trend", "--format", "csv"});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err, HasSubstr("choose table, md, html or json"));
}

TEST_F(HistoryTest, AReportShowsTheRunsBeforeItsOwn) {
  run("good.yaml");
  const auto first = store::list_runs(results()).front();
  EXPECT_THAT(read_file(first / "report.html").value_or(""), Not(HasSubstr("id=\"trend\"")));
  ASSERT_EQ(program_.run({"baseline", "set", "main", "latest"}).exit, 0);
  const auto second =
      program_.run({"run", "s.yaml", "-b", "a=simulate:weak.yaml", "-q", "--baseline", "main"});
  ASSERT_LE(second.exit, 1) << second.err;
  const std::string page = read_file(results() / "latest/report.html").value_or("");
  EXPECT_THAT(page, AllOf(HasSubstr(">this run</text>"), HasSubstr(">baseline</text>")));
  // It is a matter of the records alone: whatever the index knows, and whatever ran later.
  run("good.yaml");
  const auto again = [this] {
    EXPECT_EQ(program_.run({"report", "latest~1", "--format", "html:again.html"}).exit, 0);
    return read_file(program_.folder() / "again.html").value_or("");
  };
  const auto shown = [](const std::string& text) {
    return text.substr(0, text.find("<script type=\"application/json\""));
  };
  EXPECT_EQ(shown(again()), shown(page));
  const std::string with_index = again();
  std::filesystem::remove(results() / ".index.sqlite");
  EXPECT_EQ(again(), with_index);
  EXPECT_EQ(again(), with_index);
  EXPECT_TRUE(std::filesystem::exists(results() / ".index.sqlite"));
  // The run of the baseline is gone; the run's own copy of it is not.
  std::filesystem::remove_all(first);
  EXPECT_THAT(again(), HasSubstr(">baseline</text>"));
}

TEST_F(HistoryTest, ARunKnowsItsFiguresInTheIndexAtOnce) {
  run("good.yaml");
  run("weak.yaml");
  const auto history = History::open(results());
  ASSERT_TRUE(history);
  EXPECT_EQ((*history)->read(), 0U);
}

TEST_F(HistoryTest, Tty01ColourFollowsFlagAndEnvironment) {
  run("good.yaml");
  const auto has_escapes = [this](std::vector<std::string> more = {}) {
    std::vector<std::string> words{"report", "latest"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.run(words).out.find('\x1b') != std::string::npos;
  };
  EXPECT_FALSE(has_escapes());
  EXPECT_TRUE(has_escapes({"--color", "always"}));
  program_.set("CLICOLOR_FORCE", "1");
  EXPECT_TRUE(has_escapes());
  EXPECT_FALSE(has_escapes({"--color", "never"}));
  program_.set("NO_COLOR", "1");
  EXPECT_FALSE(has_escapes());
  EXPECT_TRUE(has_escapes({"--color", "always"}));
  program_.set("FACEOFF_COLOR", "never");
  program_.set("NO_COLOR", "");
  EXPECT_FALSE(has_escapes());
}

ProgressView sample_view() {
  ProgressView view;
  view.elapsed = std::chrono::seconds(45);
  view.saved = std::chrono::milliseconds(400);
  LaneView gpt;
  gpt.name = "gpt-4o";
  gpt.planned = 200;
  gpt.done = 141;
  gpt.in_flight = 6;
  gpt.rate = 3.1;
  gpt.left = std::chrono::seconds(19);
  gpt.wait = "gpt-4o waits 4 s: HTTP 429 (api.openai.com asks to wait), 3 retries so far";
  gpt.scored = 141;
  gpt.score = 0.844;
  gpt.half_width = 0.06;
  gpt.ttft = 0.41;
  gpt.e2e = 1.92;
  gpt.tokens_per_second = 78;
  gpt.spent = Money{180'000'000'000};
  LaneView llama;
  llama.name = "llama-4-scout-世界";
  llama.planned = 200;
  llama.done = 80;
  llama.in_flight = 8;
  llama.rate = 1.8;
  llama.left = std::chrono::seconds(67);
  llama.scored = 80;
  llama.score = 0.75;
  llama.half_width = 0.095;
  llama.ttft = 0.09;
  llama.e2e = 4.37;
  llama.tokens_per_second = 32;
  view.lanes = {gpt, llama};
  return view;
}

TEST(ProgressBlock, Tty01FitsAnyWidthAndHeight) {
  for (const bool unicode : {true, false}) {
    for (const bool colour : {true, false}) {
      for (std::size_t width = 20; width <= 200; width += 3) {
        for (const std::size_t rows : {0U, 2U, 5U, 12U}) {
          const Style style{.tty = true, .colour = colour, .unicode = unicode, .width = width};
          const auto lines = progress_lines(sample_view(), style, rows);
          EXPECT_TRUE(rows == 0 || lines.size() <= rows);
          for (const std::string& line : lines) {
            EXPECT_LT(visible_width(line), width) << line;
            EXPECT_TRUE(colour || line.find('\x1b') == std::string::npos) << line;
          }
        }
      }
    }
  }
}

TEST(ProgressBlock, ShowsWhatIsKnownAtEachWidth) {
  std::string text;
  for (const std::size_t width : {40U, 80U, 120U, 200U}) {
    for (const auto& line : progress_lines(
             sample_view(), {.tty = true, .colour = false, .unicode = true, .width = width})) {
      text += line + "\n";
    }
    text += "--\n";
  }
  for (const auto& line : progress_lines(
           sample_view(), {.tty = true, .colour = false, .unicode = false, .width = 80})) {
    text += line + "\n";
  }
  EXPECT_THAT(text, HasSubstr("84.4% ±6.0"));
  EXPECT_THAT(text, HasSubstr("84.4% +-6.0"));
  const std::string expected =
      read_file(std::string(FACEOFF_SOURCE_DIR) + "/tests/data/cli/progress.txt").value_or("");
  if (std::getenv("FACEOFF_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::string(FACEOFF_SOURCE_DIR) + "/tests/data/cli");
    std::ofstream(std::string(FACEOFF_SOURCE_DIR) + "/tests/data/cli/progress.txt") << text;
  } else {
    EXPECT_EQ(text, expected);
  }
}

}  // namespace
}  // namespace faceoff::cli
