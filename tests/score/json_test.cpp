#include "json_value.h"
#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

using ::testing::HasSubstr;

TEST(JsonScorer, JudgesAsTheTableSays) {
  const std::string ada = R"({"name": "Ada", "age": 36, "items": [{"price": 9.5}], "ok": true})";
  const std::vector<Row> rows{
      {R"({"a": 1})", {}, "1"},
      {R"({"a": 1)", {}, "0"},
      {"hello", {}, "none"},
      {"42", {"42"}, "1"},
      {R"({"a": 1, "b": 2})", {R"({"b":2,"a":1})"}, "1"},
      {R"({"a": [1, 2]})", {R"({"a": [2, 1]})"}, "0"},
      {R"({"a": 1.0})", {R"({"a": 1})"}, "1"},
      {R"({"a": 1e2})", {R"({"a": 100})"}, "1"},
      {R"({"a": "1"})", {R"({"a": 1})"}, "0"},
      {R"({"a": 12345678901234567890123})", {R"({"a": 12345678901234567890124})"}, "0"},
      {R"({"a": 1})", {R"({"b": 1})", R"({"a": 1})"}, "1"},
      {R"({"a": 1})", {R"({"a": 1, "b": 2})"}, "0"},
      {R"({"a": null})", {R"({"a": false})"}, "0"},
      {R"({"a": NaN})", {}, "0"},
      {R"({"a": 1,})", {}, "0"},
      {R"({'a': 1})", {}, "0"},
      {R"({"a": 1} // c)", {}, "0", "extract: whole"},
      {R"({"a": 01})", {}, "0"},
      {"Sure!\n```json\n{\"a\": 1}\n```\nDone.", {R"({"a": 1})"}, "1"},
      {"```python\nx\n```\n```json\n[2]\n```", {"[2]"}, "1"},
      {"```\n{\"a\": 1}\n```", {R"({"a": 1})"}, "1", "extract: block"},
      {R"(no block: {"a": 1})", {R"({"a": 1})"}, "none", "extract: block"},
      {R"(It is {"a": "}{\"\\"} I think [1].)", {R"({"a": "}{\"\\"})"}, "1"},
      {R"(see [1]: {"a": 1})", {R"({"a": 1})"}, "1"},
      {R"(use {x} as in {"a": 1})", {R"({"a": 1})"}, "1"},
      {"the list is [1, 2]", {"[1, 2]"}, "1"},
      {R"(text {"a": 1})", {R"({"a": 1})"}, "0", "extract: whole"},
      {ada, {}, "1", "keys: [name, items]"},
      {ada, {}, "0", "keys: [name, email]"},
      {ada, {}, "1", R"(pointers: {"/name": Ada, "/items/0/price": 9.5, "/ok": true})"},
      {ada, {}, "0", R"(pointers: {"/age": "36"})"},
      {ada, {}, "1", R"(pointers: {"/age": 36.0})"},
      {ada, {}, "0", R"(pointers: {"/items/1/price": 9.5})"},
      {ada, {}, "0", R"(pointers: {"/items/00/price": 9.5})"},
      {ada, {}, "1", R"(pointers: {"/items": [{price: 9.5}]})"},
      {ada, {}, "1", R"({pointers: {"/age": 37}, tolerance: 1})"},
      {ada, {}, "0", R"({pointers: {"/age": 37}, tolerance: 0.9})"},
      {R"({"a/b": {"~": 1}})", {}, "1", R"(pointers: {"/a~1b/~0": 1})"},
      {"[1]", {}, "1", R"(pointers: {"": [1]})"},
      {R"({"a": 1})", {R"({"a": 2})"}, "1", "valid: true"},
      {R"({"a": 1})", {R"({"a": 2})"}, "0", "{valid: true, equals: target}"},
      {R"({"a": 1, "a": 1})", {}, "0"},
      {"\"\xff\"", {}, "0", "extract: whole"},
      {std::string("{}\0x", 4), {}, "0", "extract: whole"},
      {"", {}, "none"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer + " | " + row.options);
    EXPECT_EQ(verdict_of(score_of("json", row.options, row.targets, row.answer)), row.expected);
  }
}

TEST(JsonScorer, SaysWhatIsWrong) {
  EXPECT_EQ(score_of("json", R"(pointers: {"/a": Ada})", {}, R"({"a": 9.5})").reason,
            "'/a' is 9.5, not 'Ada'");
  EXPECT_EQ(score_of("json", "keys: [b]", {}, R"({"a": 1})").reason, "key 'b' is missing");
  EXPECT_EQ(score_of("json", "", {}, R"({"a": tru})").reason, "not valid JSON at byte 10");
}

TEST(JsonScorer, Out09RefusesKeysThatStandTwice) {
  const Score score = score_of("json", "", {}, R"({"b": 0, "a": 1, "c": 2, "a": 1})");
  EXPECT_EQ(score.value, 0.0);
  EXPECT_EQ(score.reason, "key 'a' stands twice in one object");
}

TEST(JsonScorer, Out09RefusesNumbersBeyondADouble) {
  EXPECT_THAT(score_of("json", "", {}, R"({"a": 1e999})").reason, HasSubstr("out of range"));
  EXPECT_THAT(score_of("json", "", {}, "[" + std::string(1'000'000, '9') + "]").reason,
              HasSubstr("out of range"));
}

TEST(JsonScorer, Out09RefusesWhatIsNestedTooDeep) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(score_of("json", "", {}, nested(kMaxJsonDepth)).value, 1.0);
  EXPECT_EQ(score_of("json", "", {}, nested(kMaxJsonDepth + 1)).reason,
            "nested deeper than 64 levels");
  EXPECT_EQ(score_of("json", "", {}, nested(200'000)).value, 0.0);
  EXPECT_EQ(score_of("json", "", {}, std::string(200'000, '[')).value, 0.0);
}

TEST(JsonScorer, ObjectsToATargetThatIsNoJson) {
  doc::Diagnostics mistakes;
  const auto plain = find("json")->create(*make_spec("json", ""), mistakes);
  const auto valid = find("json")->create(*make_spec("json", "valid: true"), mistakes);
  const auto equals = find("json")->create(*make_spec("json", "equals: target"), mistakes);
  EXPECT_TRUE(plain->objection(make_case({"Ada"})).has_value());
  EXPECT_FALSE(plain->objection(make_case({})).has_value());
  EXPECT_FALSE(valid->objection(make_case({"Ada"})).has_value());
  EXPECT_TRUE(equals->objection(make_case({})).has_value());
}

TEST(JsonScorer, ReportsWrongOptionsAtTheirPlaces) {
  EXPECT_THAT(mistakes_in("json", "pointers: {name: Ada}"),
              HasSubstr("1:12: 'name' is no JSON pointer"));
  EXPECT_THAT(mistakes_in("json", "pointers: {\"/a~2\": 1}"), HasSubstr("is no JSON pointer"));
  EXPECT_THAT(mistakes_in("json", "pointers: [a]"), HasSubstr("found a list"));
  EXPECT_THAT(mistakes_in("json", "extract: al"), HasSubstr("any, whole, block"));
  EXPECT_THAT(mistakes_in("json", "pointer: {}"), HasSubstr("did you mean 'pointers'?"));
}

}  // namespace
}  // namespace faceoff::score
