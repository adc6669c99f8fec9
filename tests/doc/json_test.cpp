#include "doc/doc_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

using testing::ElementsAre;

TEST(Json, KeepsStyleAndPlaceOfEveryValue) {
  const auto parsed = json("{\n  \"ключ\": [1, \"zwei 😀\", null],\n  \"b\": {}\n}\n");
  ASSERT_TRUE(parsed.root);
  const Member& list = parsed.root->members[0];
  EXPECT_EQ(list.key_span, (Span{{2, 3}, {2, 9}}));
  EXPECT_EQ(list.value.span, (Span{{2, 11}, {2, 30}}));
  EXPECT_EQ(list.value.items[0].style, Style::plain);
  EXPECT_EQ(list.value.items[0].span, (Span{{2, 12}, {2, 13}}));
  EXPECT_EQ(list.value.items[1].style, Style::quoted);
  EXPECT_EQ(list.value.items[1].span, (Span{{2, 15}, {2, 23}}));
  EXPECT_TRUE(list.value.items[2].is_null());
  EXPECT_EQ(parsed.root->find("b")->span, (Span{{3, 8}, {3, 10}}));
  EXPECT_EQ(parsed.root->span, (Span{{1, 1}, {4, 2}}));
}

TEST(Json, ReadsEscapes) {
  const auto parsed = json(R"(["\"\\\/\b\f\n\r\t", "\u00e4\u20AC", "\ud83d\ude00", "\u0000"])");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->items[0].text, "\"\\/\b\f\n\r\t");
  EXPECT_EQ(parsed.root->items[1].text, "ä€");
  EXPECT_EQ(parsed.root->items[2].text, "😀");
  EXPECT_EQ(parsed.root->items[3].text, std::string(1, '\0'));
}

TEST(Json, KeepsNumbersAsTheyWereWritten) {
  const auto parsed = json("[0, -0, 1.10, 1e5, 1E+5, 12345678901234567890]");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(to_json(*parsed.root), "[0,-0,1.10,1e5,1E+5,12345678901234567890]");
}

TEST(Json, SaysWhatIsWrongAndWhere) {
  struct Row {
    std::string text;
    const char* place;
    const char* message;
  };
  const Row rows[] = {
      {"", "1:1 json::empty", "the file is empty"},
      {" \n", "2:1 json::empty", "the file is empty"},
      {"{\"a\": 1,}", "1:8 json::syntax", "a comma must not stand before '}'"},
      {"[1,\n 2,\n]", "2:3 json::syntax", "a comma must not stand before ']'"},
      {"[1 2]", "1:4 json::syntax", "expected ',' or ']', found '2'"},
      {"{\"a\" 1}", "1:6 json::syntax", "expected ':' after the key, found '1'"},
      {"{a: 1}", "1:2 json::syntax", "expected a key in double quotes, found 'a'"},
      {"{'a': 1}", "1:2 json::syntax", "expected a key in double quotes, found '''"},
      {"[1, // one\n2]", "1:5 json::syntax", "expected a value, found '//'"},
      {"[True]", "1:2 json::syntax", "expected a value, found 'True'"},
      {"[NaN]", "1:2 json::syntax", "expected a value, found 'NaN'"},
      {"[01]", "1:2 json::syntax", "expected a value, found '01'"},
      {"[+1]", "1:2 json::syntax", "expected a value, found '+1'"},
      {"[.5]", "1:2 json::syntax", "expected a value, found '.5'"},
      {"[5.]", "1:2 json::syntax", "expected a value, found '5.'"},
      {"[0x10]", "1:2 json::syntax", "expected a value, found '0x10'"},
      {"[1", "1:3 json::syntax", "expected ',' or ']', found the end of the file"},
      {"{\"a\":", "1:6 json::syntax", "expected a value, found the end of the file"},
      {"1 2", "1:3 json::syntax", "expected the end after the value, found '2'"},
      {"[\"a\nb\"]", "1:4 json::syntax", "a text in quotes must end in its line"},
      {"[\"a\tb\"]",
       "1:4 json::syntax",
       "the control character U+0009 must be written as an escape"},
      {"[\"a", "1:4 json::syntax", "a quoted text has no closing quote"},
      {R"(["a\x41"])", "1:4 json::syntax", "unknown escape in a text"},
      {R"(["\u12g4"])", "1:3 json::syntax", "'\\u' needs four hexadecimal digits"},
      {R"(["\u12)", "1:3 json::syntax", "'\\u' needs four hexadecimal digits"},
      {"{\"a\": 1, \"b\": 2, \"a\": 3}", "1:18 json::duplicate-key", "the key 'a' is given twice"},
      {"[\"\xC3\x28\"]", "1:3 file::invalid-utf-8", "the byte 0xC3 is not valid UTF-8"},
  };
  for (const auto& row : rows) {
    const auto parsed = json(row.text);
    EXPECT_FALSE(parsed.root) << row.text;
    ASSERT_THAT(parsed.places(), ElementsAre(row.place)) << row.text;
    EXPECT_EQ(parsed.message(), row.message) << row.text;
  }
}

TEST(JsonFaults, OUT_07_HalvesOfSurrogatePairsAreRefused) {
  for (const char* text : {R"(["\ud800"])",
                           R"(["\udc00"])",
                           R"(["\ud800\u0041"])",
                           R"(["\ud83dx"])",
                           R"(["\ud83d\ud83d"])",
                           R"(["\ud83d\"])"}) {
    const auto parsed = json(text);
    EXPECT_FALSE(parsed.root) << text;
    EXPECT_THAT(parsed.message(), testing::HasSubstr("half of a surrogate pair")) << text;
  }
}

TEST(JsonFaults, OUT_07_ANulInATextIsKept) {
  const auto parsed = json(R"({"a": "x\u0000y"})");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("a")->text, std::string("x\0y", 3));
  EXPECT_EQ(to_json(*parsed.root), R"({"a":"x\u0000y"})");
}

TEST(Json, DepthOf64IsAllowedAndNoMore) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(json(nested(64)).root);
  EXPECT_THAT(json(nested(65)).places(), ElementsAre("1:65 json::too-deep"));
  EXPECT_THAT(json(std::string(1'000'000, '[')).places(), ElementsAre("1:65 json::too-deep"));
}

TEST(Json, EveryPrefixIsReadWithoutACrash) {
  const std::string text = R"( {"a": [1, -2.5e+3, "\u00e4\ud83d\ude00 ü"], "b": {"c": null}} )";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const auto parsed = json(text.substr(0, n));
    EXPECT_NE(parsed.root.has_value(), !parsed.diagnostics.empty()) << n;
  }
}

TEST(Json, EveryBrokenByteIsReadWithoutACrash) {
  const std::string text = R"({"a": [1, "\u00e4"], "b": true})";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string broken = text;
      broken[i] = static_cast<char>(byte);
      const auto parsed = json(broken);
      EXPECT_NE(parsed.root.has_value(), !parsed.diagnostics.empty()) << i << " " << byte;
    }
  }
}

}  // namespace
}  // namespace faceoff::doc
