#include "suite/suite_samples.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::suite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(SuiteFaults, SUI_03_DataFilesComeOnlyFromTheFolderOfTheSuite) {
  Loaded s;
  const auto& folder = s.folder.path();
  const test::TempFolder outside;
  outside.write("secret.jsonl", "{\"prompt\": \"secret\"}\n");
  std::filesystem::create_symlink(outside.path() / "secret.jsonl", folder / "out.jsonl");
  std::filesystem::create_directory_symlink(outside.path(), folder / "outside");
  std::filesystem::create_symlink("loop.jsonl", folder / "loop.jsonl");
  std::filesystem::create_symlink("/dev/zero", folder / "zero.jsonl");
  std::filesystem::create_directory(folder / "folder.jsonl");
  ASSERT_EQ(::mkfifo((folder / "pipe.jsonl").c_str(), 0600), 0);
  const std::string names[] = {"../../etc/passwd",
                               "../secret.jsonl",
                               "sub/../../secret.jsonl",
                               "/etc/passwd",
                               "/dev/zero",
                               "/proc/self/environ",
                               "~/secret.jsonl",
                               "out.jsonl",
                               "outside/secret.jsonl",
                               "loop.jsonl",
                               "zero.jsonl",
                               "folder.jsonl",
                               "pipe.jsonl",
                               "missing.jsonl",
                               ""};
  for (const auto& name : names) {
    s.diagnostics = {};
    s.load("suite: a\nfiles: [\"" + name + "\"]\n");
    EXPECT_EQ(s.suite, nullptr) << name;
    ASSERT_THAT(s.mistakes(), SizeIs(1)) << name;
    EXPECT_THAT(s.mistakes().front(), testing::StartsWith("2:9 suite::data-file: ")) << name;
  }
}

TEST(SuiteFaults, SUI_03_ASparseFileOfFiveGigabytesIsRefusedUnread) {
  Loaded s;
  s.file("big.jsonl", "{}\n");
  ASSERT_EQ(::truncate((s.folder.path() / "big.jsonl").c_str(), 5'000'000'000), 0);
  s.load("suite: a\nfiles: big.jsonl\n");
  EXPECT_EQ(s.suite, nullptr);
  EXPECT_THAT(s.mistakes(),
              ElementsAre("2:8 suite::data-file: 'big.jsonl': is larger than 4 GiB; split it"));
}

TEST(SuiteFaults, SUI_03_AFileOfAnotherKindIsRefused) {
  Loaded s;
  s.file("a.txt", "x");
  s.file("a.csv", "prompt\np\n");
  s.load("suite: a\nfiles: [a.txt, a.csv, a.csv]\n");
  EXPECT_THAT(s.mistakes(),
              ElementsAre(HasSubstr("unknown kind of data file 'a.txt'; use .jsonl or .csv"),
                          HasSubstr("the file 'a.csv' is named twice")));
}

TEST(SuiteFaults, SUI_04_ASuiteCannotReadTheEnvironment) {
  const Loaded s(
      "suite: a\ncases:\n"
      " - prompt: \"{{env.OPENAI_API_KEY}}\"\n"
      " - prompt: \"{{OPENAI_API_KEY}}\"\n");
  EXPECT_THAT(s.mistakes(),
              ElementsAre(HasSubstr("3:13 suite::undefined-variable"),
                          HasSubstr("4:13 suite::undefined-variable")));
}

TEST(SuiteFaults, SUI_04_VariablesAreNotExpandedAgain) {
  Loaded s("suite: a\ncases: [{prompt: \"{{a}}\", vars: {a: \"{{b}}\", b: x}}]\n");
  EXPECT_EQ(s.only_case().messages[0].text, "{{b}}");
}

TEST(SuiteFaults, SUI_04_AnExpandedTextIsBounded) {
  std::string text =
      "suite: a\ncases:\n - vars: {a: \"" + std::string(10'000, 'x') + "\"}\n   prompt: \"";
  for (int i = 0; i < 200; ++i) {
    text += "{{a}}";
  }
  const Loaded s(text + "\"\n");
  EXPECT_THAT(
      s.mistakes(),
      ElementsAre("4:12 suite::too-large: the prompt is longer than 1 MiB with its variables"));
}

TEST(SuiteFaults, SUI_05_RepeatsAreBounded) {
  const Loaded s("suite: a\ncases: [{prompt: p, repeat: 1000000000}]\n");
  EXPECT_THAT(s.mistakes(),
              ElementsAre("2:29 suite::out-of-range: 'repeat' must be between 1 and 10000, found "
                          "1000000000"));
}

TEST(SuiteFaults, SUI_07_NamesThatCouldHarmAreRefused) {
  struct Row {
    std::string id;
    const char* problem;
  };
  const Row rows[] = {{"a\\nb", "holds characters that cannot be shown"},
                      {"a\\e[31m", "holds characters that cannot be shown"},
                      {"a\\0", "holds characters that cannot be shown"},
                      {"a\\u202Eb", "holds characters that cannot be shown"},
                      {"a\\u200Bb", "holds characters that cannot be shown"},
                      {"::error::x", "holds characters that cannot be shown"},
                      {"/etc/passwd", "looks like a path that leads elsewhere"},
                      {"..", "looks like a path that leads elsewhere"},
                      {"a/../b", "looks like a path that leads elsewhere"},
                      {" a", "begins or ends with a blank"},
                      {"", "is empty"},
                      {std::string(201, 'x'), "has more than 200 characters"},
                      {std::string(10'000, 'x'), "has more than 200 characters"}};
  for (const auto& row : rows) {
    for (const char* key : {"id", "cluster", "tags"}) {
      const Loaded s("suite: a\ncases: [{prompt: p, " + std::string(key) + ": \"" + row.id +
                     "\"}]\n");
      ASSERT_THAT(s.mistakes(), SizeIs(1)) << row.id;
      EXPECT_THAT(s.mistakes().front(), HasSubstr("'" + std::string(key) + "' " + row.problem))
          << row.id;
      EXPECT_LT(s.mistakes().front().size(), 200U);
    }
  }
}

TEST(SuiteFaults, SUI_07_ReasonableNamesAreTaken) {
  Loaded s(
      "suite: \"a b\"\ncases:\n - {id: math/algebra.1, prompt: p}\n - {id: Q, prompt: p}\n"
      " - {id: q, prompt: p}\n - {id: 日本語 no 1, prompt: p}\n - {id: \"" +
      std::string(200, 'x') + "\", prompt: p}\n - {id: a..b, prompt: p}\n");
  EXPECT_THAT(s.cases(), SizeIs(6));
}

}  // namespace
}  // namespace faceoff::suite
