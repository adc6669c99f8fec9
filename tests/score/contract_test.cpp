#include "scoring.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <cctype>
#include <set>

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

// What a scorer needs at least to be made, and a target that every scorer can read.
std::string minimal_options(std::string_view scorer) {
  return scorer == "regex"          ? "pattern: '.'"
         : scorer == "ifeval"       ? "instructions: [{id: 'punctuation:no_comma'}]"
         : scorer == "json/schema"  ? "schema: {type: object}"
         : scorer == "tool_calls"   ? "calls: [{name: look}]"
         : scorer == "latency"      ? "max: 1s"
         : scorer == "tokens"       ? "max: 100"
         : scorer == "cost"         ? "max: $1"
         : scorer == "exec"         ? "program: grade"
         : scorer == "judge/rubric" ? "rubric: be right"
         : scorer == "judge/class"  ? "question: which, classes: {a: 1, b: 0}"
                                    : "";
}
constexpr const char* kTarget = "1";

std::vector<std::string> option_names(const Info& info) {
  std::vector<std::string> names;
  for (const auto name : split(info.options, ',')) {
    if (!trim(name).empty()) {
      names.emplace_back(trim(name));
    }
  }
  return names;
}

class ScorerContract : public ::testing::TestWithParam<std::string> {
 protected:
  const Info& info() const { return *find(GetParam()); }
  std::unique_ptr<Scorer> make() const {
    doc::Diagnostics mistakes;
    const std::string options = minimal_options(GetParam());
    return info().create(*make_spec(GetParam(), options.empty() ? "" : "{" + options + "}"),
                         mistakes);
  }
};

TEST_P(ScorerContract, IsDescribed) {
  EXPECT_FALSE(info().summary.empty());
  EXPECT_GE(info().version, 1U);
  ASSERT_NE(make(), nullptr);
}

TEST_P(ScorerContract, RefusesUnknownOptions) {
  EXPECT_THAT(mistakes_in(GetParam(), "{qqqqqqqq: 1, " + minimal_options(GetParam()) + "}"),
              ::testing::HasSubstr("options.yaml:1:2: unknown key 'qqqqqqqq'"));
}

TEST_P(ScorerContract, KnowsExactlyTheOptionsItNames) {
  std::set<std::string> distinct;
  for (const std::string& name : option_names(info())) {
    EXPECT_TRUE(distinct.insert(name).second) << name;
    const std::string mistakes = mistakes_in(GetParam(), name + ": {surprising: mapping}");
    EXPECT_THAT(mistakes, ::testing::Not(::testing::HasSubstr("unknown key '" + name + "'")))
        << name;
    EXPECT_NE(mistakes, "") << name << " takes anything";
  }
  doc::Diagnostics mistakes;
  static_cast<void>(info().create(*make_spec(GetParam(), "qqqqqqqq: 1"), mistakes));
  const std::string help = mistakes.sorted().back().help;
  if (!distinct.empty()) {
    const auto listed = split(std::string_view(help).substr(help.find(": ") + 2), ',');
    EXPECT_EQ(listed.size(), distinct.size()) << help;
  }
}

TEST_P(ScorerContract, RefusesOptionsThatAreNoMapping) {
  EXPECT_NE(mistakes_in(GetParam(), "[1]"), "");
}

TEST_P(ScorerContract, GivesTheSameScoreTwice) {
  const auto first = make();
  const auto second = make();
  const suite::Case item = make_case({kTarget});
  for (const char* text : {"1", "the answer is 1", "{\"a\": [1]}", "(B)"}) {
    const chat::Completion answer = make_answer(text);
    const Score a = first->score({item, answer});
    const Score again = first->score({item, answer});
    const Score b = second->score({item, answer});
    for (const Score& other : {again, b}) {
      EXPECT_EQ(a.verdict, other.verdict);
      EXPECT_EQ(a.value, other.value);
      EXPECT_EQ(a.answer, other.answer);
      EXPECT_EQ(a.reason, other.reason);
    }
  }
}

TEST_P(ScorerContract, Out13SurvivesEmptyAndBrokenText) {
  const auto scorer = make();
  const suite::Case item = make_case({kTarget});
  const std::vector<std::string> texts{"",
                                       " \n\t",
                                       std::string("\0", 1),
                                       std::string("1\0{}\0A", 6),
                                       "\xff\xfe\xfd",
                                       "\xed\xa0\x80",
                                       "1 \xe4\xb8",
                                       "\xf4\x90\x80\x80 (A)",
                                       "{\"a\": \"\xff\"}",
                                       "\\",
                                       "\\boxed{",
                                       "```json\n",
                                       "A",
                                       "-",
                                       "1/",
                                       "1e",
                                       "10^",
                                       "\u200B\u202E\uFEFF"};
  for (const std::string& text : texts) {
    const Score score = scorer->score({item, make_answer(text)});
    EXPECT_EQ(score.scorer, GetParam());
    EXPECT_GE(score.value, 0.0);
    EXPECT_LE(score.value, 1.0);
    EXPECT_FALSE(score.reason.empty());
    EXPECT_TRUE(is_valid_utf8(score.reason));
    EXPECT_TRUE(is_valid_utf8(score.answer.value_or("")));
  }
}

// Every scorer meets what no scorer may trip over; those of patterns have tests of their own.
TEST_P(ScorerContract, Out10EndsForHostileText) {
  const auto scorer = make();
  const suite::Case item = make_case({"1 2 3", "the {\"a\": 1} \\frac{1}{2}"});
  for (const char* part : {"a",
                           " ",
                           "\n",
                           "\xff",
                           "a b ",
                           "{\"a\":",
                           "[",
                           "\\sqrt{",
                           "(1+",
                           "1 2 3\n",
                           "*",
                           "```\n",
                           "\u0301"}) {
    std::string text;
    while (text.size() < 200'000) {
      text += part;
    }
    const Score score = scorer->score({item, make_answer(text)});
    EXPECT_GE(score.value, 0.0) << part;
    EXPECT_LE(score.value, 1.0) << part;
    EXPECT_LT(score.reason.size(), 2000U);
    EXPECT_LT(score.answer.value_or("").size(), 2000U);
    EXPECT_TRUE(is_valid_utf8(score.reason));
  }
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const Info& info : all()) {
    found.emplace_back(info.name);
  }
  return found;
}

INSTANTIATE_TEST_SUITE_P(All, ScorerContract, ::testing::ValuesIn(names()), [](const auto& row) {
  std::string name = row.param;
  std::ranges::replace_if(
      name, [](char c) { return c != '_' && !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(ScorerTable, FindsByNameAndNamesNoneTwice) {
  const auto found = names();
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
  EXPECT_GE(found.size(), 37U);
  EXPECT_EQ(find("number")->name, "number");
  EXPECT_EQ(find("nope"), nullptr);
}

}  // namespace
}  // namespace faceoff::score
