#include "http_request.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::simulate {
namespace {

using State = RequestParser::State;

State parse_all(RequestParser& parser, std::string_view bytes) {
  std::string buffer(bytes);
  return parser.parse(buffer);
}

TEST(RequestParser, GivesTheSameRequestForEverySplit) {
  const std::string bytes =
      "POST /v1/chat/completions?a=b HTTP/1.1\r\nHost: x\r\nAuthorization:  Bearer k \r\n"
      "Content-Length: 5\r\n\r\nhello";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    RequestParser parser;
    std::string buffer = bytes.substr(0, cut);
    State state = parser.parse(buffer);
    if (cut < bytes.size()) {
      ASSERT_EQ(state, State::more) << cut;
      buffer += bytes.substr(cut);
      state = parser.parse(buffer);
    }
    ASSERT_EQ(state, State::ready) << cut;
    const HttpRequest request = parser.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/v1/chat/completions");
    EXPECT_EQ(request.query, "a=b");
    EXPECT_EQ(request.header("authorization"), "Bearer k");
    EXPECT_EQ(request.body, "hello");
    EXPECT_TRUE(request.keep_alive);
    EXPECT_TRUE(buffer.empty());
  }
}

TEST(RequestParser, ReadsChunkedBodiesByteByByte) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
  RequestParser parser;
  std::string buffer;
  State state = State::more;
  for (const char c : bytes) {
    ASSERT_EQ(state, State::more);
    buffer += c;
    state = parser.parse(buffer);
  }
  ASSERT_EQ(state, State::ready);
  EXPECT_EQ(parser.take().body, "abc0123456789");
}

TEST(RequestParser, LeavesPipelinedRequestsInTheBuffer) {
  RequestParser parser;
  std::string buffer = "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.0\r\n\r\nGET /c";
  ASSERT_EQ(parser.parse(buffer), State::ready);
  EXPECT_EQ(parser.take().path, "/a");
  ASSERT_EQ(parser.parse(buffer), State::ready);
  const HttpRequest second = parser.take();
  EXPECT_EQ(second.path, "/b");
  EXPECT_FALSE(second.keep_alive);
  EXPECT_EQ(parser.parse(buffer), State::more);
}

TEST(RequestParser, SaysOnceThatTheClientWaitsForContinue) {
  RequestParser parser;
  std::string buffer = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  ASSERT_EQ(parser.parse(buffer), State::more);
  EXPECT_TRUE(parser.take_continue());
  EXPECT_FALSE(parser.take_continue());
  buffer += "ok";
  EXPECT_EQ(parser.parse(buffer), State::ready);
}

struct BadRequest {
  std::string_view name;
  std::string_view bytes;
  int status;
};

class RequestParserRefuses : public ::testing::TestWithParam<BadRequest> {};

TEST_P(RequestParserRefuses, WithItsStatus) {
  RequestParser parser;
  ASSERT_EQ(parse_all(parser, GetParam().bytes), State::bad);
  EXPECT_EQ(parser.bad_status(), GetParam().status);
  EXPECT_FALSE(parser.bad_reason().empty());
  EXPECT_EQ(parse_all(parser, "GET / HTTP/1.1\r\n\r\n"), State::bad);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs,
    RequestParserRefuses,
    ::testing::Values(
        BadRequest{"TlsHello", "\x16\x03\x01\x02", 400},
        BadRequest{"NoVersion", "GET /\r\n\r\n", 400},
        BadRequest{"Version2", "GET / HTTP/2.0\r\n\r\n", 505},
        BadRequest{"NoColon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400},
        BadRequest{"BlankInName", "GET / HTTP/1.1\r\nHo st: x\r\n\r\n", 400},
        BadRequest{"Folded", "GET / HTTP/1.1\r\nA: b\r\n c: d\r\n\r\n", 400},
        BadRequest{"BareNewline", "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", 400},
        BadRequest{"LengthNoNumber", "POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n", 400},
        BadRequest{"NegativeLength", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
        BadRequest{
            "TwoLengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
        BadRequest{"LengthAndChunks",
                   "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                   400},
        BadRequest{"Gzip", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        BadRequest{"HugeLength", "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413},
        BadRequest{"HugeChunk",
                   "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
                   413},
        BadRequest{
            "ChunkNoNumber", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        BadRequest{"ChunkWithoutEnd",
                   "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
                   400}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(RequestParser, RefusesAHeadLargerThan64KiB) {
  RequestParser parser;
  EXPECT_EQ(parse_all(parser, "GET / HTTP/1.1\r\nA: " + std::string(kMaxHeadBytes, 'a')),
            State::bad);
  EXPECT_EQ(parser.bad_status(), 431);
}

TEST(RequestParser, RefusesMoreThan200Headers) {
  std::string bytes = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 201; ++i) {
    bytes += "a: b\r\n";
  }
  RequestParser parser;
  EXPECT_EQ(parse_all(parser, bytes + "\r\n"), State::bad);
  EXPECT_EQ(parser.bad_status(), 431);
}

}  // namespace
}  // namespace faceoff::simulate
