#include "response_head.h"

#include <initializer_list>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::ElementsAre;
using testing::Pair;
using Line = ResponseHead::Line;

Line add_all(ResponseHead& head, std::initializer_list<const char*> lines) {
  Line last = Line::more;
  for (const char* line : lines) {
    last = head.add(line);
  }
  return last;
}

TEST(ResponseHead, CollectsStatusAndTrimmedHeaders) {
  ResponseHead head;
  EXPECT_EQ(head.add("HTTP/1.1 429 Too Many Requests\r\n"), Line::begins);
  EXPECT_EQ(head.add("Retry-After:  2 \r\n"), Line::more);
  EXPECT_EQ(head.add("X-A:b:c\r\n"), Line::more);
  EXPECT_EQ(head.add("\r\n"), Line::complete);
  const Headers headers = head.take();
  EXPECT_EQ(headers.status, 429);
  EXPECT_THAT(headers.headers, ElementsAre(Pair("Retry-After", "2"), Pair("X-A", "b:c")));
}

TEST(ResponseHead, SkipsInterimResponses) {
  ResponseHead head;
  EXPECT_EQ(add_all(head, {"HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n"}), Line::interim);
  EXPECT_EQ(head.add("HTTP/2 200 \r\n"), Line::begins);
  EXPECT_EQ(add_all(head, {"a: b\r\n", "\r\n"}), Line::complete);
  const Headers headers = head.take();
  EXPECT_EQ(headers.status, 200);
  EXPECT_THAT(headers.headers, ElementsAre(Pair("a", "b")));
}

TEST(ResponseHead, LeavesTrailersOut) {
  ResponseHead head;
  add_all(head, {"HTTP/1.1 200 OK\r\n", "\r\n"});
  EXPECT_EQ(head.add("X-Checksum: 1\r\n"), Line::trailer);
  EXPECT_THAT(head.take().headers, ElementsAre());
}

TEST(ResponseHead, JoinsFoldedLines) {
  ResponseHead head;
  add_all(head, {"HTTP/1.1 200 OK\r\n", "A: one\r\n", "\ttwo\r\n", "\r\n"});
  EXPECT_THAT(head.take().headers, ElementsAre(Pair("A", "one two")));
}

TEST(ResponseHead, FindsContentLengthsThatDiffer) {
  ResponseHead twice;
  EXPECT_EQ(
      add_all(twice,
              {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "content-length: 6\r\n", "\r\n"}),
      Line::conflict);
  ResponseHead list;
  EXPECT_EQ(add_all(list, {"HTTP/1.1 200 OK\r\n", "Content-Length: 5, 6\r\n", "\r\n"}),
            Line::conflict);
  ResponseHead same;
  EXPECT_EQ(
      add_all(same,
              {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Content-Length: 5\r\n", "\r\n"}),
      Line::complete);
}

TEST(ResponseHead, StartsAfreshWhenCleared) {
  ResponseHead head;
  add_all(head, {"HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n"});
  head.clear();
  EXPECT_FALSE(head.complete());
  EXPECT_EQ(head.add("HTTP/1.1 500 no\r\n"), Line::begins);
}

}  // namespace
}  // namespace faceoff::net
