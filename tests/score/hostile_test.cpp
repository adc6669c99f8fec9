#include "scoring.h"

#include <faceoff/base/text.h>

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

std::string repeated(std::string_view part, std::size_t size) {
  std::string text;
  text.reserve(size + part.size());
  while (text.size() < size) {
    text += part;
  }
  return text;
}

// Texts that make a careless scan quadratic, deep or wrong.
std::vector<std::string> hostile_texts() {
  constexpr std::size_t kSize = 200'000;
  std::vector<std::string> texts;
  for (const char* part :
       {"a",       "1",        "x",          " ",          "\n",        "A) ",
        "(A) ",    "**A** ",   "answer: ",   "answer is ", "option A ", "1,234,",
        "1/",      "1 1/2 ",   "-",          "$-",         "1e",        "10^",
        "1 × ",    "\\boxed{", "\\boxed{1}", "\\frac{1}{", "{",         "[",
        "{\"a\":", "[1,",      "\"",         "\\",         "```\n",     "```json\n{}\n",
        "a.",      "A.B",      "_1",         "1_",         "\u00BD",    "\u0301",
        "\xff",    "²",        "{,}",        "A cat ",     "\u3000"}) {
    texts.push_back(repeated(part, kSize));
  }
  texts.push_back(std::string(100'000, '{') + std::string(100'000, '}'));
  texts.push_back(std::string(200'000, '[') + std::string(200'000, ']'));
  texts.push_back(std::string(1'000'000, '9'));
  texts.push_back("-0." + std::string(1'000'000, '0') + "1");
  texts.push_back(std::string(200'000, '\0'));
  texts.push_back("answer: " + std::string(200'000, '(') + "A");
  texts.push_back("answer: A" + std::string(200'000, ' ') + "cat");
  return texts;
}

void survives(std::string_view scorer, std::string_view options, std::vector<std::string> targets) {
  doc::Diagnostics mistakes;
  const auto made = find(scorer)->create(*make_spec(scorer, options), mistakes);
  ASSERT_NE(made, nullptr) << options;
  const suite::Case item = make_case(std::move(targets));
  for (const std::string& text : hostile_texts()) {
    const Score score = made->score({item, make_answer(text)});
    EXPECT_TRUE(score.verdict != Verdict::scored || score.value == 0.0 || score.value == 1.0);
    EXPECT_LT(score.reason.size(), 2000U);
    EXPECT_LT(score.answer.value_or("").size(), 2000U);
    EXPECT_TRUE(is_valid_utf8(score.reason));
  }
}

TEST(HostileText, Out10EndsForExact) {
  survives("exact",
           "{ignore_case: true, ignore_punctuation: true, collapse_space: true, "
           "ignore_final_period: true}",
           {"x"});
}

TEST(HostileText, Out10EndsForContains) {
  survives("contains", "{any: [aab, '11'], none: [zz], ignore_case: true, whole_words: true}", {});
}

TEST(HostileText, Out10EndsForPatternsThatBacktrack) {
  survives("regex", "pattern: '(a+)+$'", {"a"});
  survives("regex", "pattern: '((a{100}){100}){2}'", {"a"});
  survives("regex", "{pattern: '(a|b|ab)*c', dot_all: true}", {"a"});
}

TEST(HostileText, Out10EndsForPatternsThatMatchEverywhere) {
  survives("regex", "{pattern: '(?=x)', pick: last}", {"x"});
  survives("regex", "{pattern: 'A|1', pick: all}", {"1"});
}

TEST(HostileText, Out09EndsForNumbers) {
  survives("number", "", {"1"});
  survives("number", "{decimal: comma, percent: fraction, rel_tol: 0.5, digits: 3}", {"1"});
}

TEST(HostileText, Out09AMillionDigitsAreNoExtraction) {
  const Score score = score_of("number", "", {"9"}, std::string(1'000'000, '9'));
  EXPECT_EQ(score.verdict, Verdict::no_extraction);
  EXPECT_LT(score.reason.size(), 200U);
}

TEST(HostileText, Out10EndsForChoices) {
  survives("choice", "", {"A"});
  survives("choice", "choices: [a, aa, 'a a', 'A cat']", {"A"});
}

TEST(HostileText, Out09EndsForJson) {
  survives("json", "", {"{}"});
  survives("json", "{extract: block, keys: [a]}", {});
}

}  // namespace
}  // namespace faceoff::score
