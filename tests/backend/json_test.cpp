#include "json.h"

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

TEST(UntrustedJson, IsRefusedBeyond64Levels) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_untrusted(nested(64)));
  EXPECT_FALSE(parse_untrusted(nested(65)));
  EXPECT_FALSE(parse_untrusted(std::string(1000000, '[')));
  EXPECT_TRUE(
      parse_untrusted("\"" + std::string(100, '[') + "\\\"" + std::string(100, '{') + "\""));
}

TEST(UntrustedJson, IsRefusedWhenMalformed) {
  for (const char* text : {"", "{", "{\"a\":}", "[1,]", "nul", "\"a", "\"\\x\"", "1e999", "\xFF"}) {
    EXPECT_FALSE(parse_untrusted(text)) << text;
  }
}

TEST(UntrustedJson, Out07KeepsInvalidBytesAndLoneSurrogates) {
  const auto value = parse_untrusted("{\"a\":\"x\xFFy\xC3\",\"b\":[\"\\ud800\\u00e9\\udc00\"]}");
  ASSERT_TRUE(value);
  EXPECT_EQ(text_of(*value, "a"), "x\xFFy\xC3");
  EXPECT_EQ(value->at("b").at(0).get<std::string>(), "\xED\xA0\x80\xC3\xA9\xED\xB0\x80");
  EXPECT_EQ(dump_json(value->at("a")), "\"x\xEF\xBF\xBDy\xEF\xBF\xBD\"");
}

TEST(UntrustedJson, KeepsSurrogatePairsAndEscapedBackslashes) {
  const auto value = parse_untrusted(R"(["\ud83d\ude00","\\ud800","\ud800\n"])");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->at(0).get<std::string>(), "\xF0\x9F\x98\x80");
  EXPECT_EQ(value->at(1).get<std::string>(), "\\ud800");
  EXPECT_EQ(value->at(2).get<std::string>(), "\xED\xA0\x80\n");
}

TEST(JsonAccess, GivesNothingForForeignTypes) {
  const auto value = parse_untrusted(R"({"t":"x","n":null,"d":1.5,"i":7,"neg":-1,"big":1e300})");
  ASSERT_TRUE(value);
  EXPECT_EQ(text_of(*value, "t"), "x");
  EXPECT_EQ(text_of(*value, "i"), "");
  EXPECT_EQ(member(*value, "n"), nullptr);
  EXPECT_EQ(member(Json(7), "n"), nullptr);
  EXPECT_EQ(number_of(*value, "d"), 1.5);
  EXPECT_EQ(number_of(*value, "t"), std::nullopt);
  EXPECT_EQ(count_of(*value, "i"), 7);
  EXPECT_EQ(count_of(*value, "neg"), std::nullopt);
  EXPECT_EQ(count_of(*value, "big"), std::nullopt);
}

}  // namespace
}  // namespace faceoff::backend
