#include "json_schema.h"

#include "scoring.h"

#include <gmock/gmock.h>

namespace faceoff::score {
namespace {

std::string check(std::string_view schema, std::string_view json) {
  const auto compiled = JsonSchema::compile(schema);
  if (!compiled) {
    return "refused: " + compiled.error().message;
  }
  const auto mistake = compiled->mistake(*parse_json_value(json));
  return !mistake ? "limit" : mistake->value_or("");
}

TEST(JsonSchema, ChecksItsKeywords) {
  EXPECT_EQ(
      check(
          R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 1}}})",
          R"({"a": 2.0})"),
      "");
  EXPECT_EQ(check(R"({"properties": {"a": {"maximum": 1}}})", R"({"a": 1.5})"),
            "'/a': 1.5 is out of bounds");
  EXPECT_EQ(check(R"({"additionalProperties": false})", R"({"b": 1})"), "'/b': is a key too many");
  EXPECT_NE(check(R"({"items": {"type": "string"}, "uniqueItems": true})", R"(["a", "a"])"), "");
  EXPECT_EQ(check(R"({"$ref": "#/$defs/x", "$defs": {"x": {"enum": [1, null]}}})", "null"), "");
  EXPECT_NE(check(R"({"oneOf": [{"type": "number"}, {"minimum": 1}]})", "2"), "");
  EXPECT_NE(check(R"({"pattern": "^a+$"})", R"("b")"), "");
}

TEST(JsonSchema, RefusesKeywordsThatItDoesNotCheck) {
  EXPECT_THAT(check(R"({"unevaluatedProperties": false})", "{}"),
              ::testing::HasSubstr("#/unevaluatedProperties is a keyword that is not checked"));
  EXPECT_THAT(mistakes_in("json/schema", "schema: {dependentRequired: {}}"),
              ::testing::HasSubstr("not checked"));
}

TEST(JsonSchema, Out10EndsForSchemasThatNameThemselves) {
  EXPECT_EQ(check(R"({"$ref": "#"})", "1"), "limit");
  EXPECT_EQ(check(R"({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]})", "1"), "limit");
}

}  // namespace
}  // namespace faceoff::score
