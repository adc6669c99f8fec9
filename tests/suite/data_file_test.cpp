#include "suite/suite_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

using chat::Message;
using chat::Role;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kSums =
    "suite: sums\n"
    "defaults: {prompt: \"{{a}} + {{b}}?\", tags: [sum]}\n";

std::vector<std::string> ids(const std::vector<Case>& cases) {
  std::vector<std::string> result;
  for (const auto& item : cases) {
    result.push_back(item.id);
  }
  return result;
}

TEST(DataFiles, FollowTheInlineCasesInTheOrderOfTheirNames) {
  Loaded s;
  s.file("z.jsonl", "{\"id\": \"z1\", \"prompt\": \"p\"}\n\n{\"prompt\": \"q\"}\n");
  s.file("sub/a.csv", "id,prompt\na1,p\n,q\n");
  s.load("suite: a\nfiles: [z.jsonl, sub/a.csv]\ncases: [{id: i, prompt: p}]\n");
  EXPECT_THAT(ids(s.cases()), ElementsAre("i", "z1", "z-2", "a1", "a-2"));
}

TEST(DataFiles, ARowOfJsonLinesHasTheKeysOfACase) {
  Loaded s;
  s.file("rows.jsonl",
         R"({"id": "x", "vars": {"a": 3, "b": "4"}, "target": [7, "seven"], "tags": ["t"], )"
         R"("data": "local-only", "params": {"seed": 1}, "score": ["number"], "repeat": 2})"
         "\n");
  s.load(std::string(kSums) + "files: rows.jsonl\n");
  const Case item = s.only_case();
  EXPECT_THAT(item.messages, ElementsAre(Message{Role::user, "3 + 4?"}));
  EXPECT_THAT(item.targets, ElementsAre("7", "seven"));
  EXPECT_THAT(item.tags, ElementsAre("sum", "t"));
  EXPECT_TRUE(item.local_only);
  EXPECT_EQ(item.params.seed, 1);
  EXPECT_EQ(item.repeat, 2);
  EXPECT_EQ(item.scorers[0]->name, "number");
}

TEST(DataFiles, AColumnOfCsvThatIsNoKeyIsAVariable) {
  Loaded s;
  s.file("rows.csv", "id,a,b,target,tags,cluster\nx,3,\"4, or 5\",7,t;u; ,c\ny,1,,,,\n");
  s.load(std::string(kSums) + "files: rows.csv\n");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].messages[0].text, "3 + 4, or 5?");
  EXPECT_THAT(cases[0].targets, ElementsAre("7"));
  EXPECT_THAT(cases[0].tags, ElementsAre("sum", "t", "u"));
  EXPECT_EQ(cases[0].cluster, "c");
  EXPECT_EQ(cases[1].messages[0].text, "1 + ?");
  EXPECT_THAT(cases[1].targets, IsEmpty());
  EXPECT_THAT(cases[1].tags, ElementsAre("sum"));
}

TEST(DataFiles, AColumnWithTheNameOfAnotherKeyIsAMistake) {
  Loaded s;
  s.file("rows.csv", "id,prompt,data\nx,p,local-only\ny,p,any\n");
  s.load("suite: a\nfiles: rows.csv\n");
  EXPECT_THAT(s.cases(), IsEmpty());
  EXPECT_THAT(s.mistakes(),
              ElementsAre("2:5 suite::csv-column: a CSV file cannot have the column 'data'"));
}

TEST(DataFiles, MistakesInRowsHaveTheirPlaceAndReadingGoesOn) {
  Loaded s;
  s.file("rows.jsonl",
         "{\"id\": \"x\", \"vars\": {\"a\": 1, \"b\": 2}}\n"
         "{\"id\": \"y\", \"a\": 1}\n"
         "{oops\n"
         "{\"id\": \"z\", \"prompt\": \"{{aa}}\", \"vars\": {\"a\": 1}}\n"
         "{\"id\": \"w\", \"vars\": {\"a\": 1, \"b\": 2}}\n");
  s.load(std::string(kSums) + "files: rows.jsonl\n");
  EXPECT_THAT(ids(s.cases()), ElementsAre("x", "w"));
  const std::string uses =
      ", which the prompt of the defaults (" + (s.folder.path() / "s.yaml").string() + ":2) uses";
  EXPECT_THAT(s.mistakes(),
              ElementsAre("2:8 suite::undefined-variable: this case does not define {{a}}" + uses,
                          "2:8 suite::undefined-variable: this case does not define {{b}}" + uses,
                          "2:13 suite::unknown-key: unknown key 'a'",
                          "3:2 json::syntax: expected a key in double quotes, found 'oops'",
                          "4:24 suite::undefined-variable: the prompt uses {{aa}}, which is not "
                          "defined"));
}

TEST(DataFiles, OneHundredThousandRowsAreYieldedOneByOne) {
  Loaded s;
  std::string rows;
  for (int i = 0; i < 100'000; ++i) {
    const auto n = std::to_string(i);
    rows +=
        "{\"vars\": {\"a\": " + n + ", \"b\": 1}, \"target\": \"" + std::to_string(i + 1) + "\"}\n";
  }
  // A mistake behind all of them: it must not be seen before its turn.
  rows += "{broken\n";
  s.file("rows.jsonl", rows);
  s.load(std::string(kSums) + "files: rows.jsonl\n");
  ASSERT_NE(s.suite, nullptr);
  const auto source = s.suite->open();
  for (int i = 0; i < 100'000; ++i) {
    const auto item = source->next(s.diagnostics);
    ASSERT_TRUE(item && *item) << i;
    ASSERT_EQ((*item)->id, "rows-" + std::to_string(i + 1));
    ASSERT_EQ((*item)->targets.front(), std::to_string(i + 1));
    ASSERT_EQ((*item)->source->first_line, static_cast<std::uint32_t>(i + 1));
    ASSERT_TRUE(s.diagnostics.empty()) << i;
  }
  EXPECT_FALSE(*source->next(s.diagnostics));
  EXPECT_THAT(
      s.mistakes(),
      ElementsAre("100001:2 json::syntax: expected a key in double quotes, found 'broken'"));
}

TEST(DataFiles, TheDigestOfTheSuiteCoversThem) {
  Loaded s;
  const std::string suite = std::string(kSums) + "files: rows.csv\n";
  s.file("rows.csv", "a,b\n1,2\n");
  s.load(suite);
  ASSERT_NE(s.suite, nullptr);
  const std::string first = s.suite->digest();
  s.load(suite);
  EXPECT_EQ(s.suite->digest(), first);
  s.file("rows.csv", "a,b\n1,3\n");
  s.load(suite);
  EXPECT_NE(s.suite->digest(), first);
  s.file("rows.csv", "a,b\n1,2\n");
  s.load(suite + "# comment\n");
  EXPECT_NE(s.suite->digest(), first);
}

TEST(DataFiles, ADigestSeesEveryMebibyte) {
  Loaded s;
  std::string rows = "a,b\n1,2\n" + std::string(3 * 1024 * 1024, '\n');
  s.file("rows.csv", rows);
  s.load(std::string(kSums) + "files: rows.csv\n");
  const std::string first = s.suite->digest();
  rows[rows.size() / 2] = ' ';
  s.file("rows.csv", rows);
  s.load(std::string(kSums) + "files: rows.csv\n");
  EXPECT_NE(s.suite->digest(), first);
}

TEST(DataFiles, AFileThatVanishedIsAnErrorOfTheRun) {
  Loaded s;
  s.file("rows.csv", "a,b\n1,2\n");
  s.load(std::string(kSums) + "files: rows.csv\n");
  ASSERT_NE(s.suite, nullptr);
  std::filesystem::remove(s.folder.path() / "rows.csv");
  const auto item = s.suite->open()->next(s.diagnostics);
  ASSERT_FALSE(item);
  EXPECT_EQ(item.error().kind, ErrorKind::io);
  EXPECT_THAT(item.error().message, testing::HasSubstr("rows.csv"));
}

}  // namespace
}  // namespace faceoff::suite
