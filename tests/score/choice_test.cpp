#include "choice_text.h"
#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

struct Found {
  std::string answer;
  std::string letter;  // "-": none
  std::optional<ChoiceRule> rule = {};
};

TEST(ChoiceText, FindsTheLetterAsTheTableSays) {
  using enum ChoiceRule;
  const std::vector<Found> rows{
      {"B", "B", whole},
      {" b \n", "B", whole},
      {"A", "A", whole},
      {"**B**", "B", whole},
      {"(C).", "C", whole},
      {"$\\boxed{\\text{C}}$", "C", whole},
      {"Ｂ", "B", whole},
      {"The answer is (B).", "B", answer_is},
      {"the best answer is: **c**", "C", answer_is},
      {"The correct option is D", "D", answer_is},
      {"The answer is option B because", "B", answer_is},
      {"ANSWER IS (B)", "B", answer_is},
      {"The answer is A because it is", "A", answer_is},
      {"The answer is (A). Wait, no: the answer is (B).", "B", answer_is},
      {"The answer is K", "-"},
      {"The answer is not in the list", "-"},
      {"The answer is a cat", "-"},
      {"The answer is A or B.", "-"},
      {"The answer is (A) and (C).", "-"},
      {"Let me think.\nAnswer: B\n", "B", answer},
      {"**Answer:** B", "B", answer},
      {"**Answer: D**", "D", answer},
      {"Answer: $A$", "A", answer},
      {"Answer:\n\nC", "C", answer},
      {"answer : d", "D", answer},
      {"Answer: A cat sat on the mat", "-"},
      {"Answer: A, B", "-"},
      {"B) Paris, since it is", "B", opening},
      {"b) Paris", "B", opening},
      {"**B.** Paris. London would be A.", "B", opening},
      {"It must be **C** then", "C", bold},
      {"So **B) Paris** it is", "B", bold},
      {"Therefore \\boxed{D} holds", "D", bold},
      {"We choose (C) here", "C", brackets},
      {"(A) is wrong, so it is (B)", "B", brackets},
      {"not f(A) at all", "-"},
      {"I would go with C) Rome", "C", bracket},
      {"It has to be D.", "D", period},
      {"A. red\nB. blue\nso B.", "B", period},
      {"I think option B fits best", "B", option},
      {"Some thoughts first\n\nB", "B", last_line},
      {"Some thoughts first\n\n**c**\n", "C", last_line},
      {"Options A and B both, final: C", "C"},
      {"A is right", "A", last_lone},
      {"the letter fits, C it is", "C", last_lone},
      {"A cat sat", "-"},
      {"A cat sat.\nA dog ran.", "-"},
      {"I think it rains", "-"},
      {"I'd say so", "-"},
      {"Vitamin-B and B-cells, C++ and C#, A/B tests, U.S.A. and D'Artagnan", "-"},
      {"", "-"},
      {"???", "-"},
      {"A) red\nB) blue\nC) green", "-"},
      {"A) red\nB) blue\nC) green\nThe answer is B", "B", answer_is},
      {"caf\xc3\xa9 \xc3\x89"
       "B",
       "-"},
      {"答案是B。", "B"},
      {std::string("B\0", 2), "B"},
      {"\xff"
       "B",
       "B"},
  };
  for (const Found& row : rows) {
    SCOPED_TRACE(row.answer);
    const auto found = find_choice(row.answer, {});
    EXPECT_EQ(found ? std::string(1, found->letter) : "-", row.letter);
    if (found && row.rule) {
      EXPECT_EQ(describe(found->rule), describe(*row.rule));
    }
  }
}

TEST(ChoiceScorer, JudgesAsTheTableSays) {
  const std::string cities = "choices: [Paris, York, New York]";
  const std::vector<Row> rows{
      {"The answer is (B)", {"B"}, "1"},
      {"The answer is (B)", {"b"}, "1"},
      {"The answer is (B)", {"(B)"}, "1"},
      {"The answer is (B)", {"C"}, "0"},
      {"The answer is (E)", {"B"}, "none", "letters: ABCD"},
      {"The answer is (Z)", {"Z"}, "1", "letters: XYZ"},
      {"A cat sat", {"A"}, "none"},
      {"A", {"A"}, "1"},
      {"Paris", {"A"}, "1", cities},
      {"paris.", {"A"}, "1", cities},
      {"A", {"Paris"}, "1", cities},
      {"It is New York, of course", {"C"}, "1", cities},
      {"It is York, of course", {"B"}, "1", cities},
      {"Not New York but Paris", {"A"}, "none", cities},
      {"The answer is (D)", {"A"}, "none", cities},
      {"It is Parisian", {"A"}, "none", cities},
      {"(A) Paris", {"A"}, "1", cities},
      {"Answer: New York", {"New York"}, "1", cities},
      {"B", {"A", "B"}, "1"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("choice", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(ChoiceScorer, SaysWhichRuleTookTheLetter) {
  const Score score = score_of("choice", "", {"C"}, "The answer is (B).");
  EXPECT_EQ(score.answer, "B");
  EXPECT_EQ(score.reason, "B (after 'answer is') is not 'C'");
}

TEST(ChoiceScorer, ObjectsToATargetThatIsNoChoice) {
  doc::Diagnostics mistakes;
  const auto letters = find("choice")->create(*make_spec("choice", "letters: ABCD"), mistakes);
  const auto texts = find("choice")->create(*make_spec("choice", "choices: [red, blue]"), mistakes);
  EXPECT_TRUE(letters->objection(make_case({"E"})).has_value());
  EXPECT_FALSE(letters->objection(make_case({"D"})).has_value());
  EXPECT_TRUE(texts->objection(make_case({"C"})).has_value());
  EXPECT_FALSE(texts->objection(make_case({"Blue"})).has_value());
}

TEST(ChoiceScorer, ReportsWrongOptionsAtTheirPlaces) {
  for (const char* letters : {"abcd", "A", "AAB", "A1", "''"}) {
    EXPECT_THAT(mistakes_in("choice", std::string("letters: ") + letters),
                HasSubstr("1:10: 'letters' must be"))
        << letters;
  }
  EXPECT_THAT(mistakes_in("choice", "{letters: AB, choices: [x, y, z]}"),
              HasSubstr("there are 3 choices for 2 letters"));
  EXPECT_THAT(mistakes_in("choice", "choices: [x, X]"), HasSubstr("stands twice"));
}

Score by_logprob(std::string_view options,
                 const std::vector<chat::TokenChance>& chances,
                 std::string target = "B") {
  doc::Diagnostics mistakes;
  const auto made = find("choice/logprob")->create(*make_spec("choice/logprob", options), mistakes);
  const suite::Case item = make_case({std::move(target)});
  chat::Completion answer = make_answer("The");
  answer.first_token = chances;
  return made->score({item, answer});
}

TEST(ChoiceLogprobScorer, TakesTheLetterWithTheGreatestProbability) {
  const std::vector<chat::TokenChance> chances{
      {"The", -0.2}, {" A", -3.0}, {"B", -3.1}, {" B", -3.2}, {"Z", -1.0}};
  const Score score = by_logprob("letters: ABCD", chances);
  EXPECT_EQ(verdict_of(score), "1");  // the two ways to write B together outweigh A
  EXPECT_EQ(score.answer, "B");
  EXPECT_THAT(score.reason, HasSubstr("B has 63% of the letters' probability"));
  EXPECT_EQ(verdict_of(by_logprob("letters: ABCD", chances, "A")), "0");
  EXPECT_EQ(verdict_of(by_logprob("choices: [London, Paris]", chances, "Paris")), "1");
}

TEST(ChoiceLogprobScorer, SaysWhatIsMissing) {
  EXPECT_THAT(verdict_of(by_logprob("", {})), HasSubstr("unscored: the server sent no"));
  EXPECT_EQ(verdict_of(by_logprob("", {{"The", -0.1}})), "none");
  doc::Diagnostics mistakes;
  const auto made = find("choice/logprob")->create(*make_spec("choice/logprob", ""), mistakes);
  suite::Case item = make_case({"B"});
  EXPECT_THAT(made->objection(item).value_or(""), HasSubstr("needs 'top_logprobs' in the params"));
  item.params.top_logprobs = 5;
  EXPECT_EQ(made->objection(item), std::nullopt);
}

}  // namespace
}  // namespace faceoff::score
