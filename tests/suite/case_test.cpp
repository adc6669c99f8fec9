#include "suite/suite_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

using chat::Message;
using chat::Role;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Suite, KnowsItsNameDescriptionAndPath) {
  Loaded s("suite: arithmetic\ndescription: One-step sums.\ncases: [{prompt: x}]\n");
  ASSERT_NE(s.suite, nullptr);
  EXPECT_EQ(s.suite->name(), "arithmetic");
  EXPECT_EQ(s.suite->description(), "One-step sums.");
  EXPECT_EQ(s.suite->path(), s.folder.path() / "s.yaml");
  EXPECT_EQ(s.suite->digest().size(), 64U);
}

TEST(Suite, ReadsTheSameTreeFromJson) {
  Loaded s(R"({"suite": "a", "cases": [{"id": "😀", "prompt": "\ud83d\ude00", "target": 42}]})",
           "s.json");
  const Case item = s.only_case();
  EXPECT_EQ(item.id, "😀");
  EXPECT_THAT(item.messages, ElementsAre(Message{Role::user, "😀"}));
  EXPECT_THAT(item.targets, ElementsAre("42"));
}

TEST(Suite, ACaseHasItsOwnValuesOrThoseOfTheDefaults) {
  Loaded s(R"(
suite: a
defaults:
  system: Be brief.
  params: {temperature: 0, max_tokens: 16, seed: 7, stop: ["\n"]}
  score: [number]
  tags: [x, y]
  repeat: 3
  data: local-only
  on_truncated: score
cases:
  - {id: plain, prompt: p}
  - id: own
    prompt: p
    system: Be long.
    params: {temperature: 0.5, top_p: 0.9}
    score: [exact, {contains: {all: [a]}}]
    tags: [y, z]
    repeat: 1
    data: any
    on_truncated: zero
    cluster: c
)");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 2U);
  const Case& plain = cases[0];
  EXPECT_THAT(plain.messages,
              ElementsAre(Message{Role::system, "Be brief."}, Message{Role::user, "p"}));
  EXPECT_EQ(plain.params.temperature, 0);
  EXPECT_EQ(plain.params.max_tokens, 16);
  EXPECT_EQ(plain.params.seed, 7);
  EXPECT_THAT(plain.params.stop, ElementsAre("\n"));
  ASSERT_EQ(plain.scorers.size(), 1U);
  EXPECT_EQ(plain.scorers[0]->name, "number");
  EXPECT_TRUE(plain.scorers[0]->options.is_null());
  EXPECT_THAT(plain.tags, ElementsAre("x", "y"));
  EXPECT_EQ(plain.repeat, 3);
  EXPECT_TRUE(plain.local_only);
  EXPECT_EQ(plain.on_truncated, OnTruncated::score);
  EXPECT_EQ(plain.cluster, "");

  const Case& own = cases[1];
  EXPECT_EQ(own.messages.front().text, "Be long.");
  EXPECT_EQ(own.params.temperature, 0.5);
  EXPECT_EQ(own.params.top_p, 0.9);
  EXPECT_EQ(own.params.max_tokens, 16);
  ASSERT_EQ(own.scorers.size(), 2U);
  EXPECT_EQ(own.scorers[0]->name, "exact");
  EXPECT_EQ(own.scorers[1]->name, "contains");
  EXPECT_EQ(doc::to_json(own.scorers[1]->options), R"({"all":["a"]})");
  EXPECT_EQ(own.scorers[1]->span.begin.line, 17U);
  EXPECT_THAT(own.tags, ElementsAre("x", "y", "z"));
  EXPECT_EQ(own.repeat, 1);
  EXPECT_FALSE(own.local_only);
  EXPECT_EQ(own.on_truncated, OnTruncated::zero);
  EXPECT_EQ(own.cluster, "c");
}

TEST(Suite, ScorersOfTheDefaultsAreShared) {
  Loaded s("suite: a\ndefaults: {score: [number]}\ncases: [{prompt: p}, {prompt: q}]\n");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].scorers[0], cases[1].scorers[0]);
}

TEST(Suite, ScoreIsANameAMappingOrAList) {
  Loaded s(R"(
suite: a
cases:
  - {prompt: p, score: exact}
  - {prompt: p, score: {number: {abs_tol: 0.5}}}
  - {prompt: p, score: [exact: , "f1/squad"]}
  - {prompt: p}
)");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 4U);
  EXPECT_EQ(cases[0].scorers[0]->name, "exact");
  EXPECT_EQ(cases[1].scorers[0]->options.find("abs_tol")->text, "0.5");
  EXPECT_EQ(cases[2].scorers.size(), 2U);
  EXPECT_THAT(cases[3].scorers, IsEmpty());
}

TEST(Suite, TheSystemMessageStandsInFrontUnlessThereIsOne) {
  Loaded s(R"(
suite: a
defaults: {system: default}
cases:
  - messages: [{role: user, content: u}, {role: assistant, content: v}]
  - messages: [{role: system, content: own}, {role: user, content: u}]
  - messages: [{role: developer, content: own}, {role: user, content: u}]
  - {prompt: u, system: ""}
)");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 4U);
  EXPECT_THAT(cases[0].messages,
              ElementsAre(Message{Role::system, "default"},
                          Message{Role::user, "u"},
                          Message{Role::assistant, "v"}));
  EXPECT_THAT(cases[1].messages,
              ElementsAre(Message{Role::system, "own"}, Message{Role::user, "u"}));
  EXPECT_THAT(cases[2].messages,
              ElementsAre(Message{Role::developer, "own"}, Message{Role::user, "u"}));
  EXPECT_THAT(cases[3].messages, ElementsAre(Message{Role::user, "u"}));
}

TEST(Suite, FillsInPromptMessagesSystemAndTargets) {
  Loaded s(R"(
suite: a
defaults:
  system: "Answer in {{unit}}."
  prompt: "{{a}} + {{b}}?"
  vars: {unit: kg, a: 1}
cases:
  - {vars: {b: 2.50}, target: ["{{b}} {{unit}}", [1, "{{unit}}"], {k: "{{a}}", n: 3}]}
  - {vars: {b: "{{a}}", unit: g}, messages: [{role: user, content: "{{a}}{{b}}"}]}
)");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_THAT(
      cases[0].messages,
      ElementsAre(Message{Role::system, "Answer in kg."}, Message{Role::user, "1 + 2.50?"}));
  EXPECT_THAT(cases[0].targets, ElementsAre("2.50 kg", R"([1,"kg"])", R"({"k":"1","n":3})"));
  EXPECT_THAT(cases[1].messages,
              ElementsAre(Message{Role::system, "Answer in g."}, Message{Role::user, "1{{a}}"}));
}

TEST(Suite, TargetsKeepTheirText) {
  Loaded s(R"(
suite: a
cases:
  - {prompt: p, target: 42}
  - {prompt: p, target: 1.10}
  - {prompt: p, target: yes}
  - {prompt: p, targets: [007, "x ", true]}
  - {prompt: p, target: {b: [1]}}
  - {prompt: p}
)");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 6U);
  EXPECT_THAT(cases[0].targets, ElementsAre("42"));
  EXPECT_THAT(cases[1].targets, ElementsAre("1.10"));
  EXPECT_THAT(cases[2].targets, ElementsAre("yes"));
  EXPECT_THAT(cases[3].targets, ElementsAre("007", "x ", "true"));
  EXPECT_THAT(cases[4].targets, ElementsAre(R"({"b":[1]})"));
  EXPECT_THAT(cases[5].targets, IsEmpty());
}

TEST(Suite, ReadsEveryParameter) {
  Loaded s(R"(
suite: a
cases:
  - prompt: p
    params:
      temperature: 0.7
      top_p: 0.9
      top_k: 40
      min_p: 0.05
      repeat_penalty: 1.1
      presence_penalty: -0.5
      frequency_penalty: 0.5
      max_tokens: 128
      seed: 0
      stop: END
      reasoning_effort: low
      response_format: json
)");
  const chat::Params params = s.only_case().params;
  chat::Params expected;
  expected.temperature = 0.7;
  expected.top_p = 0.9;
  expected.top_k = 40;
  expected.min_p = 0.05;
  expected.repeat_penalty = 1.1;
  expected.presence_penalty = -0.5;
  expected.frequency_penalty = 0.5;
  expected.max_tokens = 128;
  expected.seed = 0;
  expected.stop = {"END"};
  expected.reasoning_effort = "low";
  expected.response_format = "json";
  EXPECT_EQ(params, expected);
}

TEST(Suite, AJsonSchemaBecomesItsText) {
  Loaded s("suite: a\ncases: [{prompt: p, params: {response_format: {type: object}}}]\n");
  EXPECT_EQ(s.only_case().params.response_format, R"({"type":"object"})");
}

TEST(Suite, CasesWithoutAnIdAreNumbered) {
  Loaded s("suite: a\ncases: [{prompt: p}, {id: x, prompt: p}, {prompt: p}]\n");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_EQ(cases[0].id, "case-1");
  EXPECT_EQ(cases[1].id, "x");
  EXPECT_EQ(cases[1].span, (doc::Span{{2, 27}, {2, 28}}));
  EXPECT_EQ(cases[2].id, "case-3");
}

TEST(Suite, ThePromptDigestIsThatOfMessagesAndParams) {
  Loaded s(R"(
suite: a
cases:
  - {id: a, prompt: p, params: {seed: 1}}
  - {id: b, messages: [{role: user, content: p}], params: {seed: 1}, target: t, tags: [x]}
  - {id: c, prompt: q, params: {seed: 1}}
  - {id: d, prompt: p, params: {seed: 2}}
  - {id: e, prompt: p, params: {top_k: 1}}
  - {id: f, messages: [{role: system, content: p}], params: {seed: 1}}
  - {id: g, prompt: p, params: {stop: [a, b]}}
  - {id: h, prompt: p, params: {stop: ["a\nstop 1 b"]}}
)");
  const auto cases = s.cases();
  ASSERT_EQ(cases.size(), 8U);
  EXPECT_EQ(cases[0].digest, cases[1].digest);
  for (std::size_t i = 1; i < cases.size(); ++i) {
    for (std::size_t j = i + 1; j < cases.size(); ++j) {
      EXPECT_NE(cases[i].digest, cases[j].digest) << cases[i].id << cases[j].id;
    }
  }
}

TEST(Suite, SourcesAreIndependentAndOutliveTheSuite) {
  Loaded s("suite: a\ncases: [{id: x, prompt: p}, {id: y, prompt: p}]\n");
  ASSERT_NE(s.suite, nullptr);
  const auto first = s.suite->open();
  const auto second = s.suite->open();
  s.suite.reset();
  EXPECT_EQ((*first->next(s.diagnostics))->id, "x");
  EXPECT_EQ((*first->next(s.diagnostics))->id, "y");
  EXPECT_EQ((*second->next(s.diagnostics))->id, "x");
  EXPECT_FALSE(*first->next(s.diagnostics));
  EXPECT_FALSE(*first->next(s.diagnostics));
}

}  // namespace
}  // namespace faceoff::suite
