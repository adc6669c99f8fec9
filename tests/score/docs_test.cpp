#include "scoring.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/score/pages.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

const std::string kFile = FACEOFF_SOURCE_DIR "/docs/scorers.md";

// The part of the page under the heading of `scorer`.
std::string section(const std::string& page, std::string_view scorer) {
  const std::string heading = "\n## " + std::string(scorer) + "\n";
  const auto begin = page.find(heading);
  return begin == std::string::npos ? std::string()
                                    : page.substr(begin + 1, page.find("\n## ", begin + 1) - begin);
}

std::vector<std::string> option_names(std::string_view list) {
  std::vector<std::string> names;
  for (const auto name : split(list, ',')) {
    if (!trim(name).empty()) {
      names.emplace_back(trim(name));
    }
  }
  return names;
}

std::string shown(const Score& score) {
  if (score.verdict != Verdict::scored) {
    return score.verdict == Verdict::unscored ? "unscored" : "no_extraction";
  }
  std::string text = fmt::format("{:.3f}", score.value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

TEST(ScorersPage, NamesEveryScorerAndEachOfItsOptions) {
  const auto page = read_file(kFile);
  ASSERT_TRUE(page.has_value()) << page.error().message;
  for (const Info& info : all()) {
    const std::string text = section(*page, info.name);
    EXPECT_NE(text, "") << "docs/scorers.md has no section '" << info.name << "'";
    for (const auto& option : option_names(info.options)) {
      EXPECT_NE(text.find("`" + option + "`"), std::string::npos)
          << "docs/scorers.md does not name the option '" << option << "' of '" << info.name << "'";
    }
  }
}

TEST(ScorersPage, HasTheOptionsOfTheTable) {
  for (const Info& info : all()) {
    const Page* page = page_of(info.name);
    if (page == nullptr) {
      continue;
    }
    std::vector<std::string> described;
    for (const OptionPage& option : page->options) {
      described.emplace_back(option.name);
    }
    auto known = option_names(info.options);
    std::ranges::sort(described);
    std::ranges::sort(known);
    EXPECT_EQ(described, known) << info.name;
  }
}

// With FACEOFF_WRITE_DOCS set the file is brought up to date instead.
TEST(ScorersPage, IsWrittenFromTheTable) {
  const auto file = read_file(kFile);
  ASSERT_TRUE(file.has_value());
  std::string wanted = *file;
  for (const Info& info : all()) {
    const Page* page = page_of(info.name);
    const std::string there = section(wanted, info.name);
    if (page == nullptr) {
      continue;
    }
    const bool last = !there.empty() && wanted.ends_with(there);
    const std::string text = markdown(*page) + (last ? "" : "\n");
    if (there.empty()) {
      wanted += "\n" + markdown(*page);
    } else {
      wanted.replace(wanted.find("\n" + there) + 1, there.size(), text);
    }
  }
  if (std::getenv("FACEOFF_WRITE_DOCS") != nullptr) {
    ASSERT_TRUE(write_file_atomic(kFile, wanted, 0644));
    return;
  }
  EXPECT_EQ(*file, wanted) << "run score_tests with FACEOFF_WRITE_DOCS=1";
}

TEST(ScorersPage, EveryExampleGivesTheScoreThatItShows) {
  std::size_t count = 0;
  for (const Info& info : all()) {
    const Page* page = page_of(info.name);
    if (page == nullptr) {
      continue;
    }
    for (const ExamplePage& example : page->examples) {
      const auto targets = example.target.empty()
                               ? std::vector<std::string>()
                               : std::vector<std::string>{std::string(example.target)};
      const Score score =
          score_of(info.name, example.options, targets, std::string(example.answer));
      EXPECT_EQ(shown(score), example.value) << info.name << ": '" << example.answer << "' for '"
                                             << example.target << "': " << score.reason;
      ++count;
    }
  }
  EXPECT_GT(count, 80U);
}

}  // namespace
}  // namespace faceoff::score
