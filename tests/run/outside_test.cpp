#include "support/temp_folder.h"

#include <faceoff/base/files.h>
#include <faceoff/run/outside.h>

#include <atomic>
#include <cstdlib>

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace faceoff::run {
namespace {

using ::testing::HasSubstr;

// Answers 'pid PID n' for the n-th line; some words make it misbehave.
constexpr std::string_view kHelper = R"(#!/bin/sh
n=0
while read -r line; do
  n=$((n + 1))
  case $line in
    die) echo 'I give up' >&2; exit 3 ;;
    hang) exec sleep 600 ;;
    twice) printf 'one\ntwo\n' ;;
    flood) yes ;;
    env) env | tr '\n' ' '; echo ;;
    pwd) pwd ;;
    *) echo "pid $$ $n" ;;
  esac
done
)";

class Helpers : public ::testing::Test {
 protected:
  Helpers() {
    const auto program = folder_.write("helper.sh", std::string(kHelper));
    ::chmod(program.c_str(), 0700);
    OutsideSettings settings;
    settings.programs = {{"known", {program.string()}}};
    settings.commands_of_suites = true;
    settings.path = "/usr/bin:/bin";
    settings.log_folder = folder_.path();
    outside_ = make_outside(settings)(cancel_);
  }
  Result<std::string> ask(std::string_view line, Duration time = std::chrono::seconds(60)) {
    return outside_->ask(helper_, line, time);
  }

  test::TempFolder folder_;
  std::atomic<bool> cancel_{false};
  std::unique_ptr<score::Outside> outside_;
  score::Helper helper_{.name = {}, .command = {"./helper.sh"}, .folder = folder_.path()};
};

TEST_F(Helpers, AreAskedAgainAndAgain) {
  const auto first = ask("a");
  const auto second = ask("b");
  ASSERT_TRUE(first && second);
  EXPECT_THAT(*first, HasSubstr(" 1"));
  EXPECT_EQ(first->substr(0, first->rfind(' ')), second->substr(0, second->rfind(' ')));
  EXPECT_THAT(*second, HasSubstr(" 2"));
}

TEST_F(Helpers, AreStartedAgainAfterACrash) {
  EXPECT_TRUE(ask("a"));
  const auto crash = ask("die");
  ASSERT_FALSE(crash);
  EXPECT_THAT(crash.error().message, HasSubstr("without an answer"));
  const auto next = ask("b");
  ASSERT_TRUE(next);
  EXPECT_THAT(*next, HasSubstr(" 1"));
  EXPECT_EQ(read_file(folder_.path() / "exec-helper.log").value_or(""), "I give up\n");
}

TEST_F(Helpers, AreKilledWhenTheyTakeTooLongOrSayTooMuch) {
  const auto hangs = ask("hang", std::chrono::milliseconds(200));
  ASSERT_FALSE(hangs);
  EXPECT_THAT(hangs.error().message, HasSubstr("gave no answer within 0.2 s"));
  const auto twice = ask("twice");
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, HasSubstr("wrote more than one line"));
  EXPECT_FALSE(ask("flood"));
  EXPECT_TRUE(ask("a"));
}

TEST_F(Helpers, AreStartedAgainWhenTheirAnswerMadeNoSense) {
  EXPECT_TRUE(ask("a"));
  outside_->forget(helper_);
  EXPECT_THAT(ask("b").value_or(""), HasSubstr(" 1"));
}

TEST_F(Helpers, TakeLinesLongerThanAPipe) {
  EXPECT_THAT(ask(std::string(300'000, 'x')).value_or(""), HasSubstr(" 1"));
}

TEST_F(Helpers, Key02_SeeNoKeysAndWorkBesideTheSuite) {
  ::setenv("OPENAI_API_KEY", "sentinel-value", 1);
  const auto environment = ask("env");
  ::unsetenv("OPENAI_API_KEY");
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->find("sentinel-value"), std::string::npos);
  EXPECT_EQ(ask("pwd").value_or(""), folder_.path().string());
}

TEST_F(Helpers, EndWithTheRun) {
  cancel_ = true;
  const auto answer = ask("hang");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
}

TEST_F(Helpers, OfTheUsersConfigurationAreKnownByName) {
  const score::Helper known{.name = "known", .command = {}, .folder = folder_.path()};
  EXPECT_TRUE(outside_->ask(known, "a", std::chrono::seconds(60)));
  const score::Helper unknown{.name = "unknown", .command = {}, .folder = folder_.path()};
  const auto answer = outside_->ask(unknown, "a", std::chrono::seconds(60));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("no program 'unknown' under 'exec'"));
}

TEST_F(Helpers, OfASuiteAreNotStartedUnlessAllowed) {
  OutsideSettings settings;
  settings.path = "/usr/bin:/bin";
  const auto refused = helper_command(settings, helper_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("--allow-exec"));
  settings.commands_of_suites = true;
  EXPECT_TRUE(helper_command(settings, helper_));
  const auto missing = helper_command(
      settings, {.name = {}, .command = {"no-such-program"}, .folder = folder_.path()});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot find the program 'no-such-program'");
}

TEST_F(Helpers, CodeIsNotRunWithoutASandbox) {
  const auto ran = outside_->run({.language = "python",
                                  .source = "print(1)",
                                  .time = std::chrono::seconds(1),
                                  .memory_mib = 64});
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().message, HasSubstr("--allow-code-execution"));
}

}  // namespace
}  // namespace faceoff::run
