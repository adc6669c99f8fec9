#include "suite/suite_samples.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

struct Block {
  std::string language;
  std::string text;
};

std::vector<Block> fenced_blocks() {
  std::ifstream page(std::string(FACEOFF_SOURCE_DIR) + "/docs/suite-format.md");
  std::vector<Block> blocks;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) {
        blocks.push_back({line.substr(3), ""});
      }
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

// The data files that the page shows, under the names that its suite gives them.
void write_data_files(Loaded& s, const std::vector<Block>& blocks) {
  for (const auto& block : blocks) {
    if (block.language == "csv") {
      s.file("more.csv", block.text);
    } else if (block.language == "json" && !block.text.starts_with("{\"suite\"")) {
      s.file("cases.jsonl", block.text);
    }
  }
}

TEST(SuiteFormatPage, EveryExampleIsASoundSuite) {
  const auto blocks = fenced_blocks();
  int suites = 0;
  for (const auto& block : blocks) {
    const bool yaml = block.language == "yaml";
    if (!yaml && !block.text.starts_with("{\"suite\"")) {
      continue;
    }
    EXPECT_TRUE(!yaml || block.text.starts_with("suite:")) << block.text;
    Loaded s;
    write_data_files(s, blocks);
    s.load(block.text, yaml ? "s.yaml" : "s.json");
    ASSERT_NE(s.suite, nullptr) << block.text << render(s.diagnostics, {});
    const auto census = check(*s.suite, s.diagnostics, {});
    ASSERT_TRUE(census) << block.text;
    EXPECT_GT(census->cases, 0U) << block.text;
    EXPECT_TRUE(s.diagnostics.empty()) << block.text << render(s.diagnostics, {});
    ++suites;
  }
  EXPECT_GE(suites, 9);
}

TEST(SuiteFormatPage, ItsVariablesBecomeWhatItSays) {
  for (const auto& block : fenced_blocks()) {
    if (!block.text.starts_with("suite: variables")) {
      continue;
    }
    Loaded s(block.text);
    const auto cases = s.cases();
    ASSERT_EQ(cases.size(), 3U);
    EXPECT_EQ(cases[1].messages[0].text, "What is 300 + 400? Answer in g.");
    EXPECT_EQ(cases[2].messages[0].text, "Say {{hello}} in kg.");
    EXPECT_EQ(cases[2].targets[0], "{{hello}}");
    return;
  }
  FAIL() << "the page has no suite named variables";
}

TEST(SuiteFormatPage, ItsDataFilesHoldTheRowsThatItShows) {
  const auto blocks = fenced_blocks();
  for (const auto& block : blocks) {
    if (!block.text.starts_with("suite: filed")) {
      continue;
    }
    Loaded s;
    write_data_files(s, blocks);
    s.load(block.text);
    const auto cases = s.cases();
    ASSERT_EQ(cases.size(), 3U);
    EXPECT_EQ(cases[0].messages[0].text, "What is 5 + 6?");
    EXPECT_EQ(cases[1].messages[0].text, "What is 7 + 8?");
    EXPECT_THAT(cases[1].tags, testing::ElementsAre("add", "small"));
    return;
  }
  FAIL() << "the page has no suite named filed";
}

}  // namespace
}  // namespace faceoff::suite
