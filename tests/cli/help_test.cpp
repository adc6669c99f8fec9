#include "command.h"
#include "program.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/files.h>
#include <faceoff/report/reporter.h>
#include <faceoff/score/scorer.h>

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
  EXPECT_THAT(program.run({"--version"}).out, testing::StartsWith("faceoff 0."));
  EXPECT_THAT(program.run({"version", "--json"}).out, HasSubstr("\"version\": \"0."));
}

}  // namespace
}  // namespace faceoff::cli
