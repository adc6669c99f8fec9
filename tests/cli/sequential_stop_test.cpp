#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using test::Program;
using testing::HasSubstr;

class StopWhenSure : public testing::Test {
 protected:
  StopWhenSure() {
    std::string suite = "suite: sums\ndefaults: {score: number}\ncases:\n";
    for (int i = 0; i < kCases; ++i) {
      suite += "  - {id: c" + std::to_string(i) + ", prompt: \"What is " + std::to_string(i) +
               " + 1?\", target: \"" + std::to_string(i + 1) + "\"}\n";
    }
    program_.write("s.yaml", suite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("bad.yaml", "default: \"-1\"\n");
  }
  [[nodiscard]] faceoff::test::Finished run(const std::string& second, const std::string& folder) {
    return program_.run({"run",
                         "s.yaml",
                         "-b",
                         "a=simulate:good.yaml",
                         "-b",
                         "b=simulate:" + second,
                         "-j",
                         "1",
                         "--stop-when-sure",
                         "-o",
                         folder});
  }
  static constexpr int kCases = 200;
  Program program_;
};

TEST_F(StopWhenSure, EndsOnceTheOutcomeIsClear) {
  const auto done = run("bad.yaml", "r");
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto records = store::load_records(program_.folder() / "r");
  EXPECT_LT(records->size(), 200U);
  EXPECT_GE(records->size(), 14U);
  const auto manifest = store::open_run(program_.folder() / "r")->manifest;
  EXPECT_EQ(manifest.state, store::RunState::complete);
  EXPECT_EQ(manifest.stop_rule, "e-value");
  EXPECT_EQ(manifest.trials, records->size());
  const auto summary = nlohmann::json::parse(*read_file(program_.folder() / "r" / "summary.json"));
  const auto score = summary["comparisons"][0];
  EXPECT_EQ(score["verdict"], "worse");
  EXPECT_EQ(score["test"]["name"], "e-value");
  EXPECT_LE(score["test"]["p"].get<double>(), 0.05);
  EXPECT_THAT(score["one_line"].get<std::string>(), HasSubstr("anytime-valid"));
  EXPECT_THAT(done.out, HasSubstr("the outcome was clear after"));
}

TEST_F(StopWhenSure, AsksEverythingWhereNothingIsClear) {
  const auto done = run("good.yaml", "r");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(store::load_records(program_.folder() / "r")->size(), 400U);
  const auto summary = nlohmann::json::parse(*read_file(program_.folder() / "r" / "summary.json"));
  EXPECT_EQ(summary["comparisons"][0]["verdict"], "no clear difference");
}

TEST_F(StopWhenSure, AsksInAnOrderDrawnByChance) {
  ASSERT_EQ(run("good.yaml", "r").exit, 0);
  const auto records = store::load_records(program_.folder() / "r");
  EXPECT_FALSE((*records)[0].case_id == "c0" && (*records)[2].case_id == "c1" &&
               (*records)[4].case_id == "c2");
}

TEST_F(StopWhenSure, NeedsTwoBackends) {
  const auto done =
      program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--stop-when-sure"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("needs two backends"));
}

}  // namespace
}  // namespace faceoff::cli
