#include "command.h"
#include "parse.h"
#include "program.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/report/reporter.h>
#include <faceoff/score/scorer.h>

#include <filesystem>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::cli {
namespace {

using testing::HasSubstr;

std::string document(const std::string& name) {
  const auto text = read_file(std::string(FACEOFF_SOURCE_DIR) + "/" + name);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

TEST(Help, NamesEveryCommandAndFlag) {
  const test::Program program;
  const auto overview = program.run({"--help"});
  EXPECT_EQ(overview.exit, 0);
  for (const Command* command : commands()) {
    EXPECT_THAT(overview.out, HasSubstr(std::string(command->name)));
    const auto page = program.run({std::string(command->name), "--help"});
    EXPECT_EQ(page.exit, 0);
    EXPECT_EQ(page.out, program.run({"help", std::string(command->name)}).out);
    EXPECT_FALSE(command->examples.empty());
    for (const auto& flag : command->flags) {
      EXPECT_THAT(page.out, HasSubstr("--" + std::string(flag.name)));
      EXPECT_FALSE(flag.help.empty());
    }
  }
}

// The words of a line as a shell would split it; quotes only.
std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words(1);
  char quote = '\0';
  for (const char c : line) {
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        words.back() += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

TEST(Help, NamesEveryCodeOfAMistake) {
  const std::string page = test::Program().run({"help", "errors"}).out;
  const std::regex whole("\"[a-z]+::([a-z]+(-[a-z]+)*)\"");
  const std::regex slug("(->|\\.)error\\([^\"]{1,80}\"([a-z]+(-[a-z]+)+)\"");
  std::size_t found = 0;
  for (const char* module : {"doc", "suite", "score", "backend", "store", "simulate", "compare"}) {
    const auto folder = std::filesystem::path(FACEOFF_SOURCE_DIR) / "src" / module;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string text =
          file.path().extension() == ".cpp" ? read_file(file.path()).value_or("") : "";
      for (const auto& [pattern, group] : {std::pair(&whole, 1U), std::pair(&slug, 2U)}) {
        for (std::sregex_iterator at(text.begin(), text.end(), *pattern), end; at != end; ++at) {
          ++found;
          EXPECT_THAT(page, HasSubstr((*at)[group].str())) << file.path();
        }
      }
    }
  }
  EXPECT_GT(found, 40U);
}

TEST(Help, EveryCommandHasExamplesThatParse) {
  const auto no_environment = [](std::string_view) { return std::optional<std::string>(); };
  for (const Command* command : commands()) {
    bool own = false;
    for (const auto line : split(command->examples, '\n')) {
      auto words = shell_words(line);
      ASSERT_GE(words.size(), 2U) << line;
      EXPECT_EQ(words[0], "faceoff") << line;
      own = own || words[1] == command->name;
      words.erase(words.begin());
      const auto parsed = parse_command_line(words, no_environment);
      EXPECT_TRUE(parsed) << line << ": " << parsed.error().message;
    }
    EXPECT_TRUE(own) << command->name << " has no example of its own";
  }
}

TEST(Help, UnknownWordsGetASuggestion) {
  const test::Program program;
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"rnu", "x"}, "did you mean 'run'?"},
      {{"run", "s.yaml", "--concurency", "3"}, "did you mean '--concurrency'?"},
      {{"report", "--format", "juint"}, "did you mean 'junit'?"},
      {{"list", "scoers"}, "did you mean 'scorers'?"},
      {{"help", "shwo"}, "did you mean 'show'?"},
      {{"man", "shwo"}, "did you mean 'show'?"},
      {{"schema", "event"}, "did you mean 'events'?"}};
  for (const auto& [words, suggestion] : mistakes) {
    const auto done = program.run(words);
    EXPECT_EQ(done.exit, 2) << words[0];
    EXPECT_THAT(done.err, HasSubstr(suggestion)) << words[0];
  }
}

TEST(Help, AnUnknownTagGetsASuggestion) {
  const test::Program program;
  program.write("s.yaml", test::kSuite);
  program.write("good.yaml", "answers: s.yaml\n");
  const auto done =
      program.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--filter", "tag:esay"});
  EXPECT_EQ(done.exit, 5);
  EXPECT_THAT(done.err, HasSubstr("no case has the tag 'esay', did you mean 'easy'?"));
}

TEST(Man, EveryPageIsSoundRoff) {
  const test::Program program;
  ASSERT_EQ(program.run({"man", "--folder", "."}).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(program.folder() / "faceoff.1"));
  for (const Command* command : commands()) {
    const auto page = program.folder() / ("faceoff-" + std::string(command->name) + ".1");
    const auto done = faceoff::test::Process(
                          {"/usr/bin/groff", "-man", "-Tutf8", "-P-cbou", "-ww", page.string()},
                          {.environment = {{"PATH", "/usr/bin:/bin"}}, .folder = {}})
                          .wait();
    ASSERT_NE(done.exit, 127) << "groff is missing: apt-get install groff-base";
    EXPECT_EQ(done.exit, 0);
    EXPECT_EQ(done.err, "") << command->name;
    EXPECT_NE(done.out.find("EXAMPLES"), std::string::npos) << command->name;
    for (const auto& flag : command->flags) {
      EXPECT_NE(done.out.find("--" + std::string(flag.name)), std::string::npos) << flag.name;
    }
  }
}

TEST(Help, NoFlagTakesAKey) {
  for (const Command* command : commands()) {
    for (const auto& flag : command->flags) {
      // Its file may be named; `ps` and shell histories show nothing of what is in it.
      const bool names_key = flag.name.find("key") != std::string_view::npos;
      EXPECT_TRUE(!names_key || flag.name.ends_with("-file")) << flag.name;
    }
  }
}

TEST(Help, ExitCodesAreThoseOfTheGuide) {
  const test::Program program;
  const std::string page = program.run({"help", "exit-codes"}).out;
  const std::string guide = document("docs/guide.md");
  for (const auto* name : {"gate failed",
                           "usage",
                           "inconclusive",
                           "backend",
                           "nothing to do",
                           "io",
                           "budget",
                           "internal",
                           "interrupted"}) {
    EXPECT_THAT(page, HasSubstr(name));
    EXPECT_THAT(guide, HasSubstr(name));
  }
}

TEST(Docs, NameEveryCommandAdapterScorerAndFormat) {
  const std::string guide = document("docs/guide.md");
  for (const Command* command : commands()) {
    EXPECT_THAT(guide, HasSubstr("`" + std::string(command->name)));
  }
  const std::string backends = document("docs/backends.md");
  for (const auto& info : backend::all()) {
    EXPECT_THAT(backends, HasSubstr(std::string(info.id)));
  }
  const std::string scorers = document("docs/scorers.md");
  for (const auto& info : score::all()) {
    EXPECT_THAT(scorers, HasSubstr(std::string(info.name)));
  }
  for (const auto& reporter : report::all()) {
    EXPECT_THAT(guide, HasSubstr(std::string(reporter.name)));
  }
}

TEST(Version, IsPrintedByFlagAndCommand) {
  const test::Program program;
  EXPECT_THAT(program.run({"--version"}).out, testing::MatchesRegex("faceoff 0\\.[0-9.]+\n"));
  EXPECT_THAT(program.run({"version"}).out, HasSubstr("\nlibcurl/"));
  EXPECT_THAT(program.run({"version", "--json"}).out, HasSubstr("\"version\": \"0."));
}

}  // namespace
}  // namespace faceoff::cli
