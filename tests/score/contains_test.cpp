#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

TEST(Contains, LooksForTextsAsTheTableSays) {
  const std::vector<Row> rows{
      {"the capital is Paris.", {"Paris"}, "1"},
      {"the capital is paris.", {"Paris"}, "0"},
      {"the capital is paris.", {"Paris"}, "1", "ignore_case: true"},
      {"STRASSE", {"straße"}, "1", "ignore_case: true"},
      {"London", {"Paris", "London"}, "1"},
      {"Rome", {"Paris", "London"}, "0"},
      {"cafe\u0301 au lait", {"caf\u00E9"}, "1"},
      {"red and blue", {}, "1", "any: [red, green]"},
      {"blue", {}, "0", "any: [red, green]"},
      {"red and blue", {}, "1", "all: [red, blue]"},
      {"red", {}, "0", "all: [red, blue]"},
      {"red", {"blue"}, "1", "any: red"},
      {"red and blue", {}, "1", "{any: [red], all: [blue]}"},
      {"blue", {}, "0", "{any: [red], all: [blue]}"},
      {"fine", {}, "1", "none: [sorry, cannot]"},
      {"I cannot say", {}, "0", "none: [sorry, cannot]"},
      {"Paris, sorry", {"Paris"}, "0", "none: [sorry]"},
      {"Paris", {"Paris"}, "1", "none: [sorry]"},
      {"London", {"Paris"}, "0", "none: [sorry]"},
      {"concatenate", {"cat"}, "1"},
      {"concatenate", {"cat"}, "0", "whole_words: true"},
      {"a cat.", {"cat"}, "1", "whole_words: true"},
      {"cat", {"cat"}, "1", "whole_words: true"},
      {"concat a cat", {"cat"}, "1", "whole_words: true"},
      {"about 30% of it", {"30%"}, "1", "whole_words: true"},
      {"about 130% of it", {"30%"}, "0", "whole_words: true"},
      {"el niño", {"ni"}, "0", "whole_words: true"},
      {"«cat»", {"cat"}, "1", "whole_words: true"},
      {"aaab", {"aab"}, "1"},
      {"x\xff cat", {"cat"}, "1", "whole_words: true"},
      {"", {"cat"}, "0"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("contains", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(Contains, NamesWhatIsMissingAndWhatIsForbidden) {
  EXPECT_EQ(score_of("contains", "all: [red, blue]", {}, "red").reason, "the answer lacks 'blue'");
  EXPECT_EQ(score_of("contains", "none: [sorry]", {}, "sorry!").reason,
            "the answer holds the forbidden 'sorry'");
  EXPECT_EQ(score_of("contains", "any: [x, y]", {}, "y").answer, "y");
}

TEST(Contains, RefusesEmptyTextsAndLists) {
  EXPECT_THAT(mistakes_in("contains", "any: []"), ::testing::HasSubstr("at least one text"));
  EXPECT_THAT(mistakes_in("contains", "none: [a, '']"), ::testing::HasSubstr("none may be empty"));
}

TEST(Contains, NeedsATargetOrAList) {
  doc::Diagnostics mistakes;
  const auto bare = find("contains")->create(*make_spec("contains", ""), mistakes);
  const auto listed = find("contains")->create(*make_spec("contains", "none: x"), mistakes);
  EXPECT_TRUE(bare->objection(make_case({})).has_value());
  EXPECT_TRUE(bare->objection(make_case({""})).has_value());
  EXPECT_FALSE(bare->objection(make_case({"x"})).has_value());
  EXPECT_FALSE(listed->objection(make_case({})).has_value());
}

}  // namespace
}  // namespace faceoff::score
