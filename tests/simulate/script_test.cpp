#include <faceoff/doc/diagnostic.h>
#include <faceoff/simulate/script.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::simulate {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::filesystem::path data(const std::string& name) {
  return std::filesystem::path(FACEOFF_TEST_DATA) / "simulate" / name;
}

Script decoded(const std::filesystem::path& path) {
  doc::Diagnostics diagnostics;
  const auto script = decode_script(path, diagnostics);
  EXPECT_TRUE(script.has_value()) << script.error().message;
  EXPECT_TRUE(script->has_value()) << doc::render(diagnostics, {});
  return script->value_or(Script{});
}

// "line:column message" of every mistake, in order.
std::vector<std::string> mistakes_in(const std::filesystem::path& path) {
  doc::Diagnostics diagnostics;
  const auto script = decode_script(path, diagnostics);
  EXPECT_TRUE(script.has_value()) << script.error().message;
  EXPECT_FALSE(script->has_value());
  std::vector<std::string> lines;
  for (const doc::Diagnostic& one : diagnostics.sorted()) {
    lines.push_back(std::to_string(one.span.begin.line) + ":" +
                    std::to_string(one.span.begin.column) + " " + one.message +
                    (one.label.empty() ? "" : "; " + one.label));
  }
  return lines;
}

std::filesystem::path written(const std::string& name, std::string_view text) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / name;
  std::ofstream(path) << text;
  return path;
}

TEST(Script, ReadsEveryKey) {
  const Script script = decoded(data("full.yaml"));
  EXPECT_EQ(script.name, "everything");
  EXPECT_EQ(script.model, "m-1");
  EXPECT_THAT(script.models, ElementsAre("m", "n"));
  EXPECT_EQ(script.dialect, Dialect::llama_server);
  EXPECT_EQ(script.accuracy, 0.5);
  EXPECT_EQ(script.seed, 99U);
  EXPECT_TRUE(script.echo);
  EXPECT_EQ(script.latency.first_token, milliseconds(300));
  EXPECT_EQ(script.latency.jitter, milliseconds(40));
  EXPECT_EQ(script.latency.per_token, milliseconds(12));
  EXPECT_EQ(script.slots, 4);
  EXPECT_EQ(script.context, 512);
  EXPECT_EQ(script.startup, milliseconds(500));
  EXPECT_THAT(script.keys, ElementsAre("test-key", "other"));
  EXPECT_EQ(script.requests_per_minute, 60);
  EXPECT_EQ(script.tokens_per_minute, 1000);
}

TEST(Script, ReadsTheAnswersOfASuite) {
  const Script script = decoded(data("full.yaml"));
  ASSERT_EQ(script.answers.size(), 2U);
  EXPECT_EQ(script.answers[0].prompt, "What is 1 + 1?");
  EXPECT_THAT(script.answers[0].targets, ElementsAre("2"));
  EXPECT_THAT(script.answers[1].targets, ElementsAre("Mars", "the red planet"));
}

TEST(Script, ReadsRules) {
  const Script script = decoded(data("full.yaml"));
  ASSERT_EQ(script.rules.size(), 5U);
  EXPECT_EQ(script.rules[0].match, "capital");
  EXPECT_EQ(script.rules[0].answer.text, "Paris.");
  ASSERT_NE(script.rules[1].regex, nullptr);
  EXPECT_EQ(script.rules[1].answer.reasoning, "digits only");
  EXPECT_EQ(script.rules[1].answer.finish, chat::Finish::length);
  EXPECT_EQ(script.rules[2].answer.refusal, "No.");
  ASSERT_TRUE(script.rules[3].answer.tool_call.has_value());
  EXPECT_EQ(script.rules[3].answer.tool_call->arguments, R"({"city":"Lyon"})");
  EXPECT_EQ(script.rules[3].answer.finish, chat::Finish::tool_calls);
  EXPECT_EQ(script.rules[4].answer.tool_call->arguments, "{}");
}

TEST(Script, ReadsFaults) {
  const Script script = decoded(data("full.yaml"));
  ASSERT_EQ(script.faults.size(), 5U);
  EXPECT_EQ(script.faults[0].status, 429);
  EXPECT_EQ(script.faults[0].retry_after, "1");
  EXPECT_EQ(script.faults[0].body_type, "quota");
  EXPECT_EQ(script.faults[0].times, 3);
  EXPECT_EQ(to_string(script.faults[1].kind), "reset");
  EXPECT_EQ(script.faults[1].after_tokens, 3);
  EXPECT_EQ(script.faults[1].share, 0.05);
  EXPECT_EQ(script.faults[1].attempts, 2);
  EXPECT_EQ(script.faults[2].duration, std::chrono::seconds(30));
  EXPECT_EQ(script.faults[2].every, 20);
  EXPECT_EQ(script.faults[2].match, "slow");
  EXPECT_EQ(script.faults[3].location, "http://127.0.0.1:9/");
  EXPECT_EQ(script.faults[4].interval, milliseconds(50));
  EXPECT_FALSE(script.faults[4].duration.has_value());
}

TEST(Script, ReadsWhenAFaultStrikes) {
  const Script script =
      decoded(written("conditions.yaml",
                      "faults:\n"
                      "  - {kind: outage, for: 5s, from_request: 20, times: 1}\n"
                      "  - {kind: no_length, done: false, case: \"math-*\"}\n"
                      "  - {kind: drip, interval: 5ms, match_regex: \"^a\"}\n"
                      "  - {kind: redirect, status: 302, location: \"/x\"}\n"
                      "  - {kind: status, from: 1s, until: 2s, to_request: 9}\n"));
  ASSERT_EQ(script.faults.size(), 5U);
  EXPECT_EQ(script.faults[0].duration, std::chrono::seconds(5));
  EXPECT_EQ(script.faults[0].from_request, 20);
  EXPECT_FALSE(script.faults[1].done);
  EXPECT_EQ(script.faults[1].case_pattern, "math-*");
  EXPECT_EQ(script.faults[2].interval, milliseconds(5));
  EXPECT_NE(script.faults[2].regex, nullptr);
  EXPECT_EQ(script.faults[3].status, 302);
  EXPECT_EQ(script.faults[4].from, std::chrono::seconds(1));
  EXPECT_EQ(script.faults[4].until, std::chrono::seconds(2));
  EXPECT_EQ(script.faults[4].to_request, 9);
}

TEST(Script, SaysWhatAnOutageAndAPatternNeed) {
  EXPECT_THAT(mistakes_in(written("wrong_conditions.yaml",
                                  "faults:\n"
                                  "  - {kind: outage}\n"
                                  "  - {kind: redirect, status: 500, location: \"/x\"}\n"
                                  "  - {kind: empty, match_regex: \"(\"}\n"
                                  "  - {kind: no_length, done: perhaps}\n")),
              ElementsAre(HasSubstr("a fault needs the key 'for'"),
                          HasSubstr("'status' must lie between 300 and 399"),
                          HasSubstr("4:32 missing closing"),
                          HasSubstr("'done'")));
}

TEST(Script, MayBeEmpty) {
  const Script script = decoded(written("empty_script.yaml", "{}\n"));
  EXPECT_EQ(script.fallback.text, "I do not know.");
  EXPECT_TRUE(script.faults.empty());
}

TEST(Script, ReportsEveryMistakeAtItsPlace) {
  EXPECT_THAT(mistakes_in(data("mistakes.yaml")),
              ElementsAre("1:1 unknown key 'modle'; did you mean 'model'?",
                          "2:10 unknown dialect 'opnai'; did you mean 'openai'?",
                          "3:11 'accuracy' must lie between 0 and 1, found 1.5",
                          HasSubstr("4:7 'seed' must lie between 0 and"),
                          "6:5 a rule needs either 'match' or 'match_regex'; neither is here",
                          "7:5 a rule needs either 'match' or 'match_regex'; both are here",
                          HasSubstr("8:19 "),
                          "9:26 unknown finish 'stopp'; did you mean 'stop'?",
                          HasSubstr("a tool call needs the key 'name'"),
                          "11:50 'arguments' must be a JSON object, found '[1]'",
                          HasSubstr("12:24 'first_token': '300' is not a time"),
                          HasSubstr("13:8 'slots' must lie between 1 and"),
                          HasSubstr("14:10 unknown key 'request_per_minute'"),
                          HasSubstr("16:12 unknown kind 'stat'"),
                          "17:28 'status' must lie between 400 and 599, found 200",
                          HasSubstr("18:20 unknown key 'after_tokens'"),
                          "19:33 'retry_after' must not hold control characters",
                          HasSubstr("a fault needs the key 'location'"),
                          HasSubstr("a fault needs the key 'kind'"),
                          "22:31 unknown body_type 'rate_limt'; did you mean 'rate_limit'?",
                          "23:26 'share' must lie between 0 and 1, found 2",
                          HasSubstr("24:10 'default' must be a text")));
}

TEST(Script, KeepsAnswersBeneathItsFolder) {
  for (const std::string name : {"../quiz.yaml", "/etc/hosts.yaml", "no-such-file.yaml"}) {
    const auto lines = mistakes_in(written("outside.yaml", "answers: " + name + "\n"));
    ASSERT_EQ(lines.size(), 1U) << name;
    EXPECT_THAT(lines[0], HasSubstr("1:10 "));
  }
}

TEST(Script, SaysThatAFileIsMissing) {
  doc::Diagnostics diagnostics;
  const auto script = decode_script(data("no-such.yaml"), diagnostics);
  ASSERT_FALSE(script.has_value());
  EXPECT_EQ(script.error().kind, ErrorKind::io);
}

// The scripts that users start from; they answer a suite of the same folder.
TEST(ShippedScripts, AreSound) {
  const std::filesystem::path prompts = std::filesystem::path(FACEOFF_SOURCE_DIR) / "prompts";
  for (const std::string name : {"quickstart.gpt-4o.simulate.yaml", "rehearsal.simulate.yaml"}) {
    const Script script = decoded(prompts / name);
    EXPECT_GT(script.answers.size(), 20U) << name;
    EXPECT_EQ(script.model, "gpt-4o-2024-11-20");
  }
}

}  // namespace
}  // namespace faceoff::simulate
