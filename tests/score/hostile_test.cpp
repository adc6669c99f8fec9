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

// 200,000 bytes of each part, and of what no scorer may trip over.
std::vector<std::string> hostile_texts(const std::vector<std::string>& parts) {
  constexpr std::size_t kSize = 200'000;
  std::vector<std::string> texts{std::string(kSize, '\0')};
  for (const std::string& part : parts) {
    texts.push_back(repeated(part, kSize));
  }
  for (const char* part : {"a", " ", "\n", "\xff", "\u0301"}) {
    texts.push_back(repeated(part, kSize));
  }
  return texts;
}

void survives(std::string_view scorer,
              std::string_view options,
              const std::vector<std::string>& parts) {
  doc::Diagnostics mistakes;
  const auto made = find(scorer)->create(*make_spec(scorer, options), mistakes);
  ASSERT_NE(made, nullptr) << options;
  const suite::Case item = make_case({"1"});
  for (const std::string& text : hostile_texts(parts)) {
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
           {".", "\u3000"});
}

TEST(HostileText, Out10EndsForContains) {
  survives("contains",
           "{any: [aab, '11'], none: [zz], ignore_case: true, whole_words: true}",
           {"aa", "1"});
}

TEST(HostileText, Out10EndsForPatternsThatBacktrack) {
  survives("regex", "pattern: '(a+)+$'", {"aaaaaaaaaaaaaaaaab"});
  survives("regex", "pattern: '((a{100}){100}){2}'", {"b"});
}

TEST(HostileText, Out10EndsForPatternsThatMatchEverywhere) {
  survives("regex", "{pattern: '(?=x)', pick: last}", {"x"});
  survives("regex", "{pattern: 'A|1', pick: all}", {"1"});
}

TEST(HostileText, Out09EndsForNumbers) {
  const std::vector<std::string> parts{"1",
                                       "1,234,",
                                       "1/",
                                       "1 1/2 ",
                                       "-$",
                                       "1e",
                                       "10^",
                                       "1 × ",
                                       "\\boxed{",
                                       "\\boxed{1}",
                                       "\\frac{1}{",
                                       "1_",
                                       "\u00BD",
                                       "²",
                                       "{,}"};
  survives("number", "", parts);
  survives("number", "{decimal: comma, percent: fraction, rel_tol: 0.5, digits: 3}", parts);
}

TEST(HostileText, Out09AMillionDigitsAreNoExtraction) {
  for (const std::string& text :
       {std::string(1'000'000, '9'), "-0." + std::string(1'000'000, '0') + "1"}) {
    const Score score = score_of("number", "", {"9"}, text);
    EXPECT_EQ(score.verdict, Verdict::no_extraction);
    EXPECT_LT(score.reason.size(), 200U);
  }
}

TEST(HostileText, Out10EndsForChoices) {
  const std::vector<std::string> parts{
      "A) ", "(A) ", "**A** ", "answer: ", "answer is ", "option A ", "A.B", "A cat ", "(", "{A"};
  survives("choice", "{letters: ABCD, choices: ['1', aa, 'a a', 'A cat']}", parts);
}

TEST(HostileText, Out09EndsForJson) {
  const std::vector<std::string> parts{
      "{", "[", "{\"a\":", "[1,", "\"", "\\", "```\n", "```json\n{}\n", "{}", "{\"a"};
  survives("json", "", parts);
  survives("json", "{extract: block, keys: [a]}", parts);
}

}  // namespace
}  // namespace faceoff::score
