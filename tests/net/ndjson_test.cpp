#include "net/stream_log.h"

#include <faceoff/net/ndjson.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::ElementsAre;

TEST(NdjsonParser, DeliversLinesHoweverTheyAreCut) {
  const std::string stream = "{\"a\":1}\n\r\n  \n{\"b\":\"\xC3\xA9\"}\r\n{\"c\":3}";
  const std::vector<std::string> lines{"{\"a\":1}", "{\"b\":\"\xC3\xA9\"}", "{\"c\":3}"};
  EXPECT_EQ(ndjson_log({stream}), lines);
  EXPECT_EQ(ndjson_log(single_bytes(stream)), lines);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EXPECT_EQ(ndjson_log({stream.substr(0, cut), stream.substr(cut)}), lines) << cut;
  }
}

TEST(NdjsonParser, DeliversTheLastLineOnlyAtTheEnd) {
  std::vector<std::string> lines;
  NdjsonParser parser([&](std::string_view line) { lines.emplace_back(line); });
  ASSERT_TRUE(parser.feed("{\"a\":1}\n{\"b\""));
  EXPECT_THAT(lines, ElementsAre("{\"a\":1}"));
  ASSERT_TRUE(parser.finish());
  EXPECT_THAT(lines, ElementsAre("{\"a\":1}", "{\"b\""));
}

TEST(NdjsonParser, GivesUpOnALineAboveEightMebibytes) {
  constexpr std::size_t kLimit = 8UL * 1024 * 1024;
  std::size_t seen = 0;
  NdjsonParser parser([&](std::string_view line) { seen += line.size(); });
  ASSERT_TRUE(parser.feed(std::string(kLimit, 'x') + "\n"));
  EXPECT_EQ(seen, kLimit);
  ASSERT_TRUE(parser.feed(std::string(kLimit, 'x')));
  const Status status = parser.feed("x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::protocol);
  EXPECT_FALSE(parser.feed("\n"));
  EXPECT_FALSE(parser.finish());
  EXPECT_EQ(seen, kLimit);
}

}  // namespace
}  // namespace faceoff::net
