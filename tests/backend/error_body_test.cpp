#include "error_body.h"

#include <faceoff/base/text.h>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

TEST(ErrorBody, IsReadFromEveryShape) {
  EXPECT_EQ(read_error_body(R"({"error":{"message":"m","type":"t","code":"c","param":"p"}})").code,
            "c");
  EXPECT_EQ(read_error_body(R"({"error":{"message":"m","code":400}})").code, "400");
  EXPECT_EQ(read_error_body(R"({"error":"m"})").message, "m");
  EXPECT_EQ(read_error_body(R"({"object":"error","message":"m"})").message, "m");
  EXPECT_EQ(read_error_body(R"({"detail":"m"})").message, "m");
  EXPECT_EQ(read_error_body(R"({"detail":[{"loc":["body"],"msg":"m"}]})").message, "m");
  EXPECT_EQ(read_error_body(R"([{"error":{"message":"m"}}])").message, "m");
  EXPECT_EQ(read_error_body("<html><TITLE> m </TITLE>").message, "m");
  EXPECT_EQ(read_error_body("<p>x").message, "a web page");
  EXPECT_EQ(read_error_body("  m\nsecond line").message, "m");
  EXPECT_EQ(read_error_body(R"({"error":{"innererror":{"code":"i"}}})").inner, "i");
  EXPECT_EQ(read_error_body(R"({"error":{"details":{"error_code":"i"}}})").inner, "i");
}

TEST(ErrorBody, SurvivesForeignTypes) {
  for (const char* body : {"",
                           "[]",
                           "[[]]",
                           "{}",
                           "7",
                           "null",
                           R"({"error":7})",
                           R"({"error":{"message":7,"code":{},"param":[]}})",
                           R"({"detail":[7]})",
                           "{\"error\":"}) {
    EXPECT_LE(read_error_body(body).message.size(), 32U) << body;
  }
}

TEST(Message, IsAtMost300CodePointsAndKeepsHeadAndRemedy) {
  const std::string said(1000, 'x');
  const std::string message = compose_message("head", said, "remedy");
  EXPECT_EQ(count_code_points(message), kMaxMessage);
  EXPECT_TRUE(message.starts_with("head: 'xxx"));
  EXPECT_TRUE(message.ends_with("x…'; remedy"));
  EXPECT_EQ(compose_message("head", "", "remedy"), "head; remedy");
  EXPECT_EQ(compose_message("head", "said", ""), "head: 'said'");
  EXPECT_LE(count_code_points(compose_message(said, said, "remedy")), kMaxMessage);
}

TEST(Message, MasksEchoedKeysButNotWords) {
  EXPECT_EQ(compose_message("h", "key sk-ab***yz.", ""), "h: 'key [redacted]'");
  EXPECT_EQ(compose_message("h", "a task-force", ""), "h: 'a task-force'");
}

}  // namespace
}  // namespace faceoff::backend
