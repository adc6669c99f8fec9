#include "scoring.h"

#include <faceoff/base/text.h>
#include <faceoff/score/outside.h>

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

// Says what a test wants to hear, and keeps what it was given.
class FakeOutside final : public Outside {
 public:
  Result<Ran> run(const Program& program) override {
    programs.push_back(program);
    Ran ran = next;
    if (passes) {
      const auto at = program.source.rfind("passed-");
      ran.out += "\n" + program.source.substr(at, std::string("passed-").size() + 16) + "\n";
    }
    return ran;
  }
  Result<std::string> ask(const Helper&, std::string_view line, Duration) override {
    lines.emplace_back(line);
    return answer;
  }
  void forget(const Helper&) override { ++forgotten; }

  Ran next{};
  bool passes = false;
  std::vector<Program> programs{};
  Result<std::string> answer = std::string(R"({"value": 0.25, "reason": "fair"})");
  std::vector<std::string> lines{};
  int forgotten = 0;
};

Score score_outside(std::string_view scorer,
                    std::string_view options,
                    std::vector<std::string> targets,
                    std::string answer,
                    FakeOutside& outside) {
  doc::Diagnostics mistakes;
  const auto made = find(scorer)->create(*make_spec(scorer, options), mistakes);
  EXPECT_NE(made, nullptr) << mistakes_in(scorer, options);
  const suite::Case item = make_case(std::move(targets));
  const chat::Completion completion = make_answer(std::move(answer));
  return made->score({item, completion, &outside});
}

constexpr std::string_view kAnswer =
    "Here it is:\n```python\ndef add(a, b):\n    return a + b\n```\nTry `add(1, 2)`.";

TEST(CodeScorer, RunsTheCodeBlockWithTheTestsBehindIt) {
  FakeOutside outside;
  outside.passes = true;
  const Score score = score_outside("code/python",
                                    "{before: 'import math', seconds: 3, memory_mib: 64}",
                                    {"assert add(1, 2) == 3"},
                                    std::string(kAnswer),
                                    outside);
  EXPECT_EQ(verdict_of(score), "1");
  EXPECT_EQ(score.reason, "the tests pass");
  ASSERT_EQ(outside.programs.size(), 1U);
  const Program& program = outside.programs.front();
  EXPECT_THAT(program.source,
              ::testing::StartsWith("import math\ndef add(a, b):\n    return a + b\n"));
  EXPECT_THAT(program.source, HasSubstr("\nassert add(1, 2) == 3\nprint('\\npassed-"));
  EXPECT_EQ(program.language, "python");
  EXPECT_EQ(program.time, std::chrono::seconds(3));
  EXPECT_EQ(program.memory_mib, 64U);
}

TEST(CodeScorer, IsWrongUnlessTheTestsCameToTheirEnd) {
  FakeOutside outside;
  const auto reason = [&](Ran ran) {
    outside.next = std::move(ran);
    const Score score =
        score_outside("code/python", "tests: 'assert 1'", {}, std::string(kAnswer), outside);
    EXPECT_EQ(verdict_of(score), "0");
    return score.reason;
  };
  EXPECT_EQ(reason({.end = End::exited, .status = 0, .out = "passed", .err = {}}),
            "the program ended before the tests did");
  EXPECT_EQ(reason({.end = End::exited, .status = 1, .out = {}, .err = "a\nAssertionError\n"}),
            "the tests fail: AssertionError");
  EXPECT_EQ(reason({.end = End::exited, .status = 7, .out = {}, .err = {}}),
            "the tests fail (exit 7)");
  EXPECT_EQ(reason({.end = End::time, .status = 0, .out = {}, .err = {}}),
            "still running after 10 s; killed");
  EXPECT_EQ(reason({.end = End::memory, .status = 0, .out = {}, .err = {}}),
            "took more than 512 MiB of memory; killed");
  EXPECT_EQ(reason({.end = End::killed, .status = 11, .out = {}, .err = {}}),
            "killed by signal 11");
}

TEST(CodeScorer, ChoosesTheBlockOfItsLanguage) {
  FakeOutside outside;
  const auto code = [&](std::string_view options, std::string answer) {
    outside.programs.clear();
    const Score score =
        score_outside("code/javascript", options, {"test()"}, std::move(answer), outside);
    return outside.programs.empty() ? verdict_of(score) : outside.programs.front().source;
  };
  EXPECT_THAT(code("", "```sh\nnpm i\n```\n```js\nf()\n```\n```js\ng()\n```"),
              ::testing::StartsWith("f()\n"));
  EXPECT_THAT(code("pick: last", "```js\nf()\n```\n```js\ng()\n```"),
              ::testing::StartsWith("g()\n"));
  EXPECT_THAT(code("", "```\nf()\n```"), ::testing::StartsWith("f()\n"));
  EXPECT_THAT(code("", "f()"), ::testing::StartsWith("f()\n"));
  EXPECT_EQ(code("", "```python\nf()\n```"), "none");
}

TEST(CodeScorer, LeavesTheAnswerUnscoredWhenNothingMayRun) {
  const Score score = score_of("code/python", "tests: 'pass'", {}, std::string(kAnswer));
  EXPECT_EQ(verdict_of(score), "unscored: no code may be run here");
  FakeOutside outside;
  outside.next.end = End::cancelled;
  EXPECT_THAT(
      verdict_of(score_outside("code/shell", "tests: 'true'", {}, "```sh\nls\n```", outside)),
      HasSubstr("unscored: stopped before"));
}

TEST(CodeScorer, SaysWhatItNeeds) {
  doc::Diagnostics mistakes;
  const auto made = find("code/shell")->create(*make_spec("code/shell", "via: [strip]"), mistakes);
  const auto plain = find("code/shell")->create(*make_spec("code/shell", ""), mistakes);
  EXPECT_EQ(made, nullptr);  // `via` is the compiler's
  Needs needs;
  plain->add_needs(needs);
  EXPECT_TRUE(needs.languages.contains("shell"));
  EXPECT_TRUE(plain->objection(make_case({})).has_value());
  EXPECT_FALSE(plain->objection(make_case({"true"})).has_value());
}

TEST(ExecScorer, AsksInOneLineAndReadsTheAnswer) {
  FakeOutside outside;
  const Score score = score_outside(
      "exec", "{command: [./grade.py], options: {strict: true}}", {"a\nb"}, "x \"y\"", outside);
  EXPECT_EQ(score.value, 0.25);
  EXPECT_EQ(score.reason, "fair");
  ASSERT_EQ(outside.lines.size(), 1U);
  EXPECT_EQ(outside.lines.front(),
            R"({"version":1,"case":"case-1","answer":"x \"y\"","targets":["a\nb"],"messages":[],)"
            R"("tags":[],"finish_reason":"stop","options":{"strict":true}})");
}

TEST(ExecScorer, LeavesUnscoredWhatIsNoAnswer) {
  FakeOutside outside;
  const auto verdict = [&](Result<std::string> answer) {
    outside.answer = std::move(answer);
    return verdict_of(score_outside("exec", "program: grade", {}, "x", outside));
  };
  EXPECT_THAT(verdict(fail(ErrorKind::protocol, "it crashed")), "unscored: it crashed");
  EXPECT_EQ(outside.forgotten, 0);
  for (const char* garbage : {"", "hello", "[1]", "{}", R"({"value": 1.5})", R"({"value": "1"})"}) {
    EXPECT_THAT(verdict(std::string(garbage)), HasSubstr("unscored: the program answered"));
  }
  EXPECT_EQ(outside.forgotten, 6);
  EXPECT_EQ(verdict(std::string(R"({"no_extraction": true})")), "none");
  EXPECT_EQ(verdict(std::string(R"({"unscored": true, "reason": "no idea"})")),
            "unscored: no idea");
}

TEST(ExecScorer, TakesACommandOrAName) {
  EXPECT_THAT(mistakes_in("exec", ""), HasSubstr("command"));
  EXPECT_THAT(mistakes_in("exec", "{command: [a], program: b}"), HasSubstr("exclude each other"));
  EXPECT_EQ(mistakes_in("exec", "program: b"), "");
  doc::Diagnostics mistakes;
  const auto made = find("exec")->create(*make_spec("exec", "{command: [a, b]}"), mistakes);
  Needs needs;
  made->add_needs(needs);
  ASSERT_EQ(needs.helpers.size(), 1U);
  EXPECT_EQ(needs.helpers.begin()->command, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace faceoff::score
