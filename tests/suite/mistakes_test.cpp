#include "suite/suite_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

using testing::ElementsAre;

// A mistake in one line of a suite with one case.
struct Row {
  const char* line;
  const char* mistake;
};

void expect_mistakes(std::string_view before, const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    const Loaded s(std::string(before) + row.line + "\n");
    EXPECT_EQ(s.suite, nullptr) << row.line;
    EXPECT_THAT(s.mistakes(), ElementsAre(row.mistake)) << row.line;
  }
}

TEST(SuiteMistakes, OfTheSuite) {
  expect_mistakes(
      "",
      {{"cases: [{prompt: p}]", "1:1 suite::missing-key: a suite needs the key 'suite'"},
       {"suite: a", "1:1 suite::missing-key: a suite needs 'cases' or 'files'"},
       {"[suite]", "1:1 suite::wrong-type: a suite must be a mapping, found a list"},
       {"{suite: a, cases: {}}", "1:19 suite::wrong-type: 'cases' must be a list, found a mapping"},
       {"{suite: a/b, cases: []}", "1:9 suite::bad-name: 'suite' must not hold a '/': 'a/b'"},
       {"{suite: [a], cases: []}", "1:9 suite::wrong-type: 'suite' must be a text, found a list"},
       {"{suite: a, case: [], cases: []}", "1:12 suite::unknown-key: unknown key 'case'"},
       {"{suite: a, defaults: [], cases: []}",
        "1:22 suite::wrong-type: defaults must be a mapping, found a list"},
       {"{suite: a, defaults: {id: x}, cases: []}", "1:23 suite::unknown-key: unknown key 'id'"},
       {"{suite: a, defaults: {prompt: 'x {{', system: y}, cases: []}",
        "1:34 suite::unclosed-braces: the prompt has '{{' without '}}'"}});
}

TEST(SuiteMistakes, OfACase) {
  expect_mistakes(
      "suite: a\ncases:\n - ",
      {{"text", "3:4 suite::wrong-type: a case must be a mapping, found a text"},
       {"{id: x}", "3:9 suite::missing-prompt: a case needs 'prompt' or 'messages'"},
       {"{prompt: p, messages: []}",
        "3:16 suite::prompt-and-messages: a case has 'prompt' or 'messages', not both"},
       {"{prompt: [p]}", "3:13 suite::wrong-type: 'prompt' must be a text, found a list"},
       {"{prompt: }", "3:13 suite::wrong-type: 'prompt' must be a text, found nothing"},
       {"{messages: []}",
        "3:15 suite::wrong-type: 'messages' must be a list of {role, content}, found an empty one"},
       {"{messages: p}",
        "3:15 suite::wrong-type: 'messages' must be a list of {role, content}, found a text"},
       {"{messages: [{role: user}]}", "3:17 suite::missing-key: a message needs the key 'content'"},
       {"{messages: [{role: usr, content: c}]}",
        "3:23 suite::wrong-value: 'role' must be one of system, developer, user, assistant, tool, "
        "found 'usr'"},
       {"{messages: [{role: user, content: c, name: n}]}",
        "3:41 suite::unknown-key: unknown key 'name'"},
       {"{prompt: p, scorrer: x}", "3:16 suite::unknown-key: unknown key 'scorrer'"},
       {"{prompt: p, target: []}", "3:24 suite::wrong-value: 'target' must not be an empty list"},
       {"{prompt: p, target: ~}", "3:24 suite::wrong-type: 'target' must be a text, found nothing"},
       {"{prompt: p, target: 1, targets: 2}",
        "3:27 suite::target-twice: 'target' and 'targets' are the same key; a case has one of "
        "them"},
       {"{prompt: p, data: local}",
        "3:22 suite::wrong-value: 'data' must be one of local-only, any, found 'local'"},
       {"{prompt: p, on_truncated: one}",
        "3:30 suite::wrong-value: 'on_truncated' must be one of zero, score, found 'one'"},
       {"{prompt: p, repeat: 0}",
        "3:24 suite::out-of-range: 'repeat' must be between 1 and 10000, found 0"},
       {"{prompt: p, repeat: many}",
        "3:24 suite::wrong-type: 'repeat' must be a whole number, found a text"},
       {"{prompt: p, vars: [a]}", "3:22 suite::wrong-type: 'vars' must be a mapping, found a list"},
       {"{prompt: p, vars: {a b: c}}",
        "3:23 suite::bad-variable-name: 'a b' cannot be the name of a variable"},
       {"{prompt: p, vars: {a: [b]}}", "3:26 suite::wrong-type: 'a' must be a text, found a list"},
       {"{prompt: p, tags: [[a]]}", "3:23 suite::wrong-type: 'tags' must be a text, found a list"},
       {"{prompt: p, score: [{a: {}, b: {}}]}",
        "3:24 suite::wrong-value: a scorer is one name with its options, found 2 names"},
       {"{prompt: p, score: [{a: b}]}",
        "3:28 suite::wrong-type: the options of 'a' must be a mapping, found a text"},
       {"{prompt: p, score: [[a]]}",
        "3:24 suite::wrong-type: 'score' must be a text, found a list"}});
}

TEST(SuiteMistakes, OfParameters) {
  expect_mistakes(
      "suite: a\ncases:\n - prompt: p\n   params: ",
      {{"{temprature: 1}", "4:13 suite::unknown-key: unknown key 'temprature'"},
       {"{temperature: -1}", "4:26 suite::out-of-range: 'temperature' must be 0 or more, found -1"},
       {"{temperature: '1'}",
        "4:26 suite::wrong-type: 'temperature' must be a number, found a text"},
       {"{top_p: 1.5}", "4:20 suite::out-of-range: 'top_p' must be between 0 and 1, found 1.5"},
       {"{presence_penalty: 3}",
        "4:31 suite::out-of-range: 'presence_penalty' must be between -2 and 2, found 3"},
       {"{max_tokens: 0}", "4:25 suite::out-of-range: 'max_tokens' must be 1 or more, found 0"},
       {"{max_tokens: 1.5}",
        "4:25 suite::wrong-type: 'max_tokens' must be a whole number, found '1.5'"},
       {"{stop: ['']}", "4:19 suite::wrong-value: 'stop' must not hold an empty text"},
       {"{stop: {}}",
        "4:19 suite::wrong-type: 'stop' must be a text or a list of texts, found a mapping"},
       {"{response_format: xml}",
        "4:30 suite::wrong-value: 'response_format' must be json or a JSON Schema as a mapping"},
       {"[]", "4:12 suite::wrong-type: params must be a mapping, found a list"}});
}

TEST(SuiteMistakes, SuggestsTheKeyThatWasMeant) {
  const Loaded s("suite: a\ncases:\n - {promt: p}\n");
  const auto sorted = s.diagnostics.sorted();
  ASSERT_EQ(sorted.size(), 1U);
  EXPECT_EQ(sorted[0].label, "did you mean 'prompt'?");
}

TEST(SuiteMistakes, AnUndefinedVariableIsShownInsideItsText) {
  const Loaded s(R"(suite: a
defaults:
  vars: {country: Germany}
cases:
  - id: plain
    prompt: Rules for {{contry}}?
  - id: double
    prompt: "Ünë for {{contry}}?"
  - id: single
    prompt: 'It''s for {{contry}}?'
  - id: block
    prompt: |
      Hello.
      \{{x}} and {{country}}, {{contry}}
  - id: folded
    prompt: >-
      Many words
      before {{contry}} and
      after
  - id: lines
    prompt: "one
      {{contry}}"
  - id: escaped
    prompt: "\x7b{country}} {{contry}}"
  - id: target
    prompt: p
    target: [x, "{{contry}}"]
)");
  const std::string message =
      " suite::undefined-variable: the prompt uses {{contry}}, which is not defined";
  EXPECT_THAT(
      s.mistakes(),
      ElementsAre(
          "6:23" + message,
          "8:22" + message,
          "10:24" + message,
          "14:31" + message,
          "18:14" + message,
          "22:7" + message,
          "24:13" + message,
          "27:18 suite::undefined-variable: the target uses {{contry}}, which is not defined"));
  const auto first = s.diagnostics.sorted().front();
  EXPECT_EQ(first.span.end, (doc::Mark{6, 33}));
  EXPECT_EQ(first.label, "did you mean '{{country}}' (line 3)?");
  EXPECT_EQ(first.help, "variables of this case: country");
}

TEST(SuiteMistakes, ACaseThatLacksAVariableOfTheDefaultPromptIsNamed) {
  const Loaded s(R"(suite: a
defaults: {prompt: "{{a}} + {{b}}", system: "in {{unit}}", vars: {unit: kg}}
cases:
  - {id: sound, vars: {a: 1, b: 2}}
  - {id: lacks, vars: {a: 1, B: 2}}
)");
  EXPECT_THAT(s.mistakes(),
              ElementsAre("5:10 suite::undefined-variable: this case does not define {{b}}, which "
                          "the prompt of the defaults uses"));
  const auto mistake = s.diagnostics.sorted().front();
  ASSERT_EQ(mistake.notes.size(), 1U);
  EXPECT_EQ(mistake.notes[0].span.begin, (doc::Mark{2, 29}));
}

TEST(SuiteMistakes, ADefaultIsBlamedOnceForItsOwnSyntax) {
  const Loaded s("suite: a\ndefaults: {system: \"{{a b}}\"}\ncases: []\n");
  EXPECT_THAT(
      s.mistakes(),
      ElementsAre("2:21 suite::bad-variable-name: 'a b' in the system message cannot be the "
                  "name of a variable"));
}

TEST(SuiteMistakes, AnIdThatIsUsedTwiceShowsBothPlaces) {
  const Loaded s(
      "suite: a\ncases:\n - {id: x, prompt: p}\n - {id: y, prompt: p}\n - {id: x, prompt: p}\n");
  EXPECT_THAT(s.mistakes(), ElementsAre("5:9 suite::duplicate-id: the id 'x' is used twice"));
  const auto mistake = s.diagnostics.sorted().front();
  ASSERT_EQ(mistake.notes.size(), 1U);
  EXPECT_EQ(mistake.notes[0].span.begin, (doc::Mark{3, 9}));
  EXPECT_EQ(mistake.notes[0].message, "first used here");
}

TEST(SuiteMistakes, AnIdThatIsUsedTwiceIsSeenInACaseWithAnotherMistake) {
  const Loaded s("suite: a\ncases:\n - {id: case-2}\n - {prompt: p, repeat: 0}\n");
  EXPECT_THAT(
      s.mistakes(),
      ElementsAre("3:9 suite::missing-prompt: a case needs 'prompt' or 'messages'",
                  "4:4 suite::duplicate-id: the id 'case-2' is used twice",
                  "4:24 suite::out-of-range: 'repeat' must be between 1 and 10000, found 0"));
}

TEST(SuiteMistakes, EveryMissingVariableOfATextIsReported) {
  const Loaded s("suite: a\ncases:\n - prompt: \"{{x}} {{y}} {{x}} {{z}} {{a\"\n");
  EXPECT_THAT(
      s.mistakes(),
      ElementsAre("3:13 suite::undefined-variable: the prompt uses {{x}}, which is not defined",
                  "3:19 suite::undefined-variable: the prompt uses {{y}}, which is not defined",
                  "3:31 suite::undefined-variable: the prompt uses {{z}}, which is not defined",
                  "3:37 suite::unclosed-braces: the prompt has '{{' without '}}'"));
}

TEST(SuiteFaults, SUI_02_AllOf25MistakesAreReportedInOrder) {
  std::string text = "suite: a\ncases:\n";
  for (int i = 0; i < 5; ++i) {
    text += "  - id: case" + std::to_string(i) +
            "\n"
            "    promt: x\n"
            "    prompt: \"{{nope}}\"\n"
            "    repeat: 0\n"
            "    tags: [\"\"]\n"
            "    params: {seed: x}\n";
  }
  const Loaded s(text);
  EXPECT_EQ(s.suite, nullptr);
  ASSERT_EQ(s.diagnostics.size(), 25U);
  const auto sorted = s.diagnostics.sorted();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    EXPECT_EQ(sorted[i].span.begin.line, 4 + i + i / 5) << i;
  }
  const std::string shown = render(s.diagnostics, {});
  EXPECT_THAT(shown, testing::HasSubstr("… 5 more\n"));
  EXPECT_THAT(shown, testing::HasSubstr("25 errors; nothing was sent."));
}

TEST(SuiteMistakes, EveryPrefixOfASuiteIsReadWithoutACrash) {
  const std::string text = R"(suite: arithmetic
description: Ünïcode 😀
defaults:
  system: "Answer in {{unit}}."
  params: {temperature: 0, stop: ["\n"]}
  score: [number, {contains: {all: ["30 days"]}}]
  vars: {unit: kg}
cases:
  - {id: add-1, prompt: "What is 17 + 25?", target: 42, tags: [add]}
  - id: add-2
    messages:
      - {role: user, content: "What is {{a}} + {{b}}?"}
    vars: {a: 3, b: &b 4}
    target: [7, seven, {x: *b}]
)";
  const test::TempFolder folder;
  for (std::size_t n = 0; n <= text.size(); ++n) {
    doc::Diagnostics diagnostics;
    const auto suite = load(folder.write("s.yaml", text.substr(0, n)), diagnostics);
    ASSERT_TRUE(suite) << n;
    EXPECT_NE(*suite != nullptr, !diagnostics.empty()) << n;
    EXPECT_EQ(render(diagnostics, {}).empty(), diagnostics.empty()) << n;
  }
}

}  // namespace
}  // namespace faceoff::suite
