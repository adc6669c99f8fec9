#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/score/scorer.h>

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

// The part of the page under the heading of `scorer`.
std::string section(const std::string& page, std::string_view scorer) {
  const std::string heading = "\n## " + std::string(scorer) + "\n";
  const auto begin = page.find(heading);
  return begin == std::string::npos ? std::string()
                                    : page.substr(begin, page.find("\n## ", begin + 1) - begin);
}

TEST(ScorersPage, NamesEveryScorerAndEachOfItsOptions) {
  const auto page = read_file(FACEOFF_SOURCE_DIR "/docs/scorers.md");
  ASSERT_TRUE(page.has_value()) << page.error().message;
  for (const Info& info : all()) {
    const std::string text = section(*page, info.name);
    EXPECT_NE(text, "") << "docs/scorers.md has no section '" << info.name << "'";
    for (const auto option : split(info.options, ',')) {
      if (trim(option).empty()) {
        continue;
      }
      EXPECT_NE(text.find("`" + std::string(trim(option)) + "`"), std::string::npos)
          << "docs/scorers.md does not name the option '" << trim(option) << "' of '" << info.name
          << "'";
    }
  }
}

}  // namespace
}  // namespace faceoff::score
