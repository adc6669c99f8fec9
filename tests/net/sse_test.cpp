#include "net/stream_log.h"

#include <faceoff/net/sse.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Case {
  const char* name;
  std::string stream;
  std::vector<std::string> log;  // as stream_log.h writes it
};

const std::vector<Case>& cases() {
  static const std::vector<Case> table{
      {"LineFeeds", "data: a\n\ndata: b\n\n", {"message|a", "message|b"}},
      {"CrLf", "data: a\r\n\r\ndata: b\r\n\r\n", {"message|a", "message|b"}},
      {"CarriageReturns", "data: a\r\rdata: b\r\r", {"message|a", "message|b"}},
      {"MixedLineEnds",
       "data: a\r\n\ndata: b\n\rdata: c\r\r\n",
       {"message|a", "message|b", "message|c"}},
      {"NoSpaceAfterColon", "data:a\n\n", {"message|a"}},
      {"OnlyOneSpaceIsDropped", "data:  a\n\n", {"message| a"}},
      {"SeveralDataLines", "data: a\ndata: b\ndata:\ndata: c\n\n", {"message|a\nb\n\nc"}},
      {"EmptyDataIsAnEvent", "data:\n\n", {"message|"}},
      {"FieldWithoutColon", "data\n\n", {"message|"}},
      {"NoDataIsNoEvent", "event: ping\n\nid: 4\n\n\n\n", {}},
      {"NamedEvent", "event: delta\ndata: a\n\ndata: b\n\n", {"delta|a", "message|b"}},
      {"LastEventNameWins", "event: x\nevent: y\ndata: a\n\n", {"y|a"}},
      {"NameOfAnEventWithoutDataIsForgotten", "event: x\n\ndata: a\n\n", {"message|a"}},
      {"IdAndRetryAreIgnored", "id: 1\nretry: 3000\ndata: a\n\n", {"message|a"}},
      {"UnknownFieldsAreIgnored", "foo: 1\n data: x\nDATA: y\ndata: a\n\n", {"message|a"}},
      {"Comments",
       ":\n\n: ping\n\n: OPENROUTER PROCESSING\n\ndata: a\n:between\ndata: b\n\n",
       {"#", "#ping", "#OPENROUTER PROCESSING", "#between", "message|a\nb"}},
      {"Bom",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {"message|a"}},
      {"BomOnlyAtTheStart",
       "data: a\n\n\xEF\xBB\xBF"
       "data: b\n\n",
       {"message|a"}},
      {"SecondBomIsText",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: b\n\n",
       {}},
      {"HalfABomIsText",
       "\xEF\xBB"
       "data: a\n\ndata: b\n\n",
       {"message|b"}},
      {"BomAlone", "\xEF\xBB\xBF", {}},
      {"Utf8", "data: h\xC3\xA9 \xF0\x9F\x98\x80\n\n", {"message|h\xC3\xA9 \xF0\x9F\x98\x80"}},
      {"NulIsText", std::string("data: a\0b\n\n", 11), {std::string("message|a\0b", 11)}},
      {"ColonsInData", "data: {\"a\": \"b:c\"}\n\n", {"message|{\"a\": \"b:c\"}"}},
      {"DoneWithoutBlankLine", "data: a\n\ndata: [DONE]\n", {"message|a", "message|[DONE]|end"}},
      {"DoneWithoutLineEnd", "data: a\n\ndata: [DONE]", {"message|a", "message|[DONE]|end"}},
      {"NoDone", "data: a\n\n", {"message|a"}},
      {"CutFrame", "data: a\n\ndata: {\"id\":", {"message|a", "message|{\"id\":|end"}},
      {"CutFieldName", "data: a\n\ndat", {"message|a"}},
      {"CutAfterCr", "data: a\r\n\r", {"message|a"}},
      {"UnframedJsonBody", "{\"error\": {\"message\": \"data: no\"}}\n", {}},
      {"ErrorField", "error: {\"code\":500}\n\n", {"error|{\"code\":500}"}},
      {"ErrorFieldAtTheEnd",
       "data: a\n\nerror: {\"code\":500}",
       {"message|a", "error|{\"code\":500}|end"}},
      {"ErrorFieldAfterDataOfItsBlock", "error: e\ndata: a\n\n", {"message|a", "error|e"}},
      {"ErrorEventThenDone",
       "event: error\ndata: {\"error\":1}\n\ndata: [DONE]\n\n",
       {"error|{\"error\":1}", "message|[DONE]"}},
      {"EmptyBody", "", {}},
      {"OnlyLineEnds", "\n\r\n\r\r\n", {}},
  };
  return table;
}

class SseStreams : public testing::TestWithParam<Case> {};

TEST_P(SseStreams, GivesTheseEventsWhole) {
  EXPECT_EQ(sse_log({GetParam().stream}), GetParam().log);
}

// NET-13.
TEST_P(SseStreams, Net13GivesTheSameEventsByteByByte) {
  EXPECT_EQ(sse_log(single_bytes(GetParam().stream)), GetParam().log);
}

TEST_P(SseStreams, Net13GivesTheSameEventsCutAnywhere) {
  const std::string& stream = GetParam().stream;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EXPECT_EQ(sse_log({stream.substr(0, cut), stream.substr(cut)}), GetParam().log) << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Checklist, SseStreams, testing::ValuesIn(cases()), [](const auto& row) {
  return std::string(row.param.name);
});

TEST(SseParser, GivesUpOnALineAboveOneMebibyte) {
  constexpr std::size_t kMebibyte = 1024UL * 1024;
  const std::string longest = "data: " + std::string(kMebibyte - 6, 'x');
  std::size_t seen = 0;
  SseParser parser([&](const SseEvent& event) { seen += event.data.size(); }, nullptr);
  ASSERT_TRUE(parser.feed(longest + "\n\n"));
  EXPECT_EQ(seen, kMebibyte - 6);

  const Status too_long = parser.feed(longest + "x\n\n");
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().kind, ErrorKind::protocol);
  EXPECT_EQ(seen, kMebibyte - 6);
}

TEST(SseParser, GivesUpOnALongLineThatNeverEnds) {
  SseParser parser(nullptr, nullptr);
  const std::string block(64UL * 1024, 'x');
  Status status;
  std::size_t fed = 0;
  while (status && fed < 4UL * 1024 * 1024) {
    status = parser.feed(block);
    fed += block.size();
  }
  EXPECT_FALSE(status);
  EXPECT_EQ(fed, 1024UL * 1024 + block.size());
}

TEST(SseParser, GivesUpOnAnEventAboveFourMebibytes) {
  SseParser parser(nullptr, nullptr);
  const std::string line = "data: " + std::string(1024UL * 1024 - 7, 'x') + "\n";
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(parser.feed(line));
  }
  const Status fifth = parser.feed(line);
  ASSERT_FALSE(fifth);
  EXPECT_EQ(fifth.error().kind, ErrorKind::protocol);
}

TEST(SseParser, StaysFailed) {
  std::vector<std::string> log;
  SseParser parser([&](const SseEvent& event) { log.emplace_back(event.data); }, nullptr);
  ASSERT_FALSE(parser.feed(std::string(2UL * 1024 * 1024, 'x')));
  EXPECT_FALSE(parser.feed("\n\ndata: a\n\n"));
  EXPECT_FALSE(parser.finish());
  EXPECT_THAT(log, IsEmpty());
}

TEST(SseParser, MarksOnlyWhatTheEndOfTheStreamCloses) {
  std::vector<bool> at_end;
  SseParser parser([&](const SseEvent& event) { at_end.push_back(event.at_end); }, nullptr);
  ASSERT_TRUE(parser.feed("data: a\n\ndata: b"));
  ASSERT_TRUE(parser.finish());
  EXPECT_THAT(at_end, ElementsAre(false, true));
}

}  // namespace
}  // namespace faceoff::net
