#include "suite/suite_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Check, CountsCasesTrialsAndTags) {
  Loaded s(R"(
suite: a
defaults: {tags: [all], repeat: 2}
cases:
  - {id: a, prompt: p, tags: [x]}
  - {id: b, prompt: p, tags: [y, x], repeat: 5, data: local-only}
  - {id: c, prompt: p}
)");
  ASSERT_NE(s.suite, nullptr);
  std::vector<std::string> seen;
  const auto census =
      check(*s.suite, s.diagnostics, [&](const Case& item) { seen.push_back(item.id); });
  ASSERT_TRUE(census);
  EXPECT_EQ(census->cases, 3U);
  EXPECT_EQ(census->trials, 9U);
  EXPECT_EQ(census->local_only, 1U);
  EXPECT_THAT(census->tags, ElementsAre(Pair("all", 3), Pair("x", 2), Pair("y", 1)));
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
  EXPECT_THAT(s.mistakes(), IsEmpty());
}

TEST(Check, FindsIdsThatAreUsedTwiceOverAllFiles) {
  Loaded s;
  s.file("one.jsonl", "{\"id\": \"a\", \"prompt\": \"p\"}\n{\"id\": \"b\", \"prompt\": \"p\"}\n");
  s.file("two.csv", "id,prompt\nc,p\nb,p\n");
  s.load(
      "suite: s\ncases: [{id: x, prompt: p}, {id: a, prompt: p}]\nfiles: [one.jsonl, two.csv]\n");
  ASSERT_NE(s.suite, nullptr);
  const auto census = check(*s.suite, s.diagnostics, {});
  ASSERT_TRUE(census);
  EXPECT_EQ(census->cases, 4U);
  EXPECT_THAT(s.mistakes(),
              ElementsAre("1:8 suite::duplicate-id: the id 'a' is used twice",
                          "3:1 suite::duplicate-id: the id 'b' is used twice"));
  const auto sorted = s.diagnostics.sorted();
  EXPECT_EQ(sorted[0].label, "first used in " + (s.folder.path() / "s.yaml").string() + ":2");
  EXPECT_EQ(sorted[1].label, "first used in " + (s.folder.path() / "one.jsonl").string() + ":2");
}

TEST(Check, NumberedIdsOfTwoFilesWithOneStemAreTold) {
  Loaded s;
  s.file("a/rows.csv", "prompt\np\n");
  s.file("b/rows.csv", "prompt\np\n");
  s.load("suite: s\nfiles: [a/rows.csv, b/rows.csv]\n");
  ASSERT_NE(s.suite, nullptr);
  ASSERT_TRUE(check(*s.suite, s.diagnostics, {}));
  EXPECT_THAT(s.mistakes(), ElementsAre("2:1 suite::duplicate-id: the id 'rows-1' is used twice"));
}

TEST(Check, ASuiteMayTurnOutToBeEmpty) {
  Loaded s("suite: s\ncases: []\n");
  ASSERT_NE(s.suite, nullptr);
  const auto census = check(*s.suite, s.diagnostics, {});
  ASSERT_TRUE(census);
  EXPECT_EQ(census->cases, 0U);
}

}  // namespace
}  // namespace faceoff::suite
