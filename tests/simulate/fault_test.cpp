// What each fault does on the wire, and which requests it strikes.
#include "client.h"
#include "fault_picker.h"
#include "faults.h"
#include "support.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::simulate::testing {
namespace {

using Ended = Client::Ended;

constexpr std::string_view kStreamed = R"(,"stream":true)";

Script with(Fault fault) {
  Script script;
  script.fallback.text = "aaaabbbbccccdddd";
  script.faults.push_back(std::move(fault));
  return script;
}

// What a client sees: all bytes until the connection ends or the answer is whole.
struct Seen {
  std::string bytes;
  Ended ended = Ended::enough;
  HttpAnswer answer;
};

Seen see(Script script, std::string_view more = kStreamed) {
  const RunningServer server(std::move(script));
  Client client = server.connect();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x", more)));
  Seen seen;
  seen.ended = client.read_until("0\r\n\r\n");
  if (seen.ended == Ended::enough && !parse_answer(client.bytes()).whole) {
    seen.ended = client.read_to_end();
  }
  seen.bytes = client.bytes();
  seen.answer = parse_answer(seen.bytes);
  return seen;
}

Seen see_whole(Script script) {
  script.fallback.text = "aaaa";
  const RunningServer server(std::move(script));
  Client client = server.connect();
  client.send(
      request_bytes("POST", "/v1/chat/completions", chat_body("x"), "Connection: close\r\n"));
  Seen seen;
  seen.ended = client.read_to_end();
  seen.bytes = client.bytes();
  seen.answer = parse_answer(seen.bytes);
  return seen;
}

TEST(Fault, StatusSendsTheDialectsErrorAndRetryAfter) {
  const HttpAnswer limited = ask(with({.status = 429, .retry_after = "1"}),
                                 request("POST", "/v1/chat/completions", chat_body("x")));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("retry-after"), "1");
  EXPECT_EQ(shape_of(limited.body), shape_of(data_file("wire/openai-err-429-rpm.json")));
  EXPECT_NE(limited.body.find(R"("type":"requests","param":null,"code":"rate_limit_exceeded")"),
            std::string::npos);
  const HttpAnswer quota = ask(with({.status = 429, .body_type = "quota"}),
                               request("POST", "/v1/chat/completions", chat_body("x")));
  EXPECT_NE(quota.body.find(R"("type":"insufficient_quota")"), std::string::npos);
  EXPECT_EQ(quota.header("retry-after"), "");
  Script llama = with({.status = 500});
  llama.dialect = Dialect::llama_server;
  EXPECT_NE(ask(llama, request("POST", "/v1/chat/completions", chat_body("x")))
                .body.find(R"("type":"server_error")"),
            std::string::npos);
}

TEST(Fault, EchoKeyRepeatsTheKeyInSeveralEncodings) {
  const HttpAnswer answer = ask(
      with({.status = 429, .body_type = "echo_key"}),
      request("POST", "/v1/chat/completions", chat_body("x"), "Authorization: Bearer ab/c\r\n"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.body.find("raw=ab/c authorization=Bearer ab/c percent=ab%2Fc "
                             "percent-all=%61%62%2F%63 base64=YWIvYw== "
                             "authorization-base64=QmVhcmVyIGFiL2M= json=ab\\\\/c"),
            std::string::npos)
      << answer.body;
  EXPECT_EQ(answer.header("x-echo-raw"), "ab/c");
  EXPECT_EQ(answer.header("x-echo-authorization"), "Bearer ab/c");
  EXPECT_EQ(answer.header("x-echo-percent"), "ab%2Fc");
  EXPECT_EQ(answer.header("x-echo-base64"), "YWIvYw==");
  EXPECT_EQ(answer.header("x-echo-json"), "ab\\/c");
}

TEST(Fault, RedirectNamesAnotherPlace) {
  const Seen seen = see_whole(
      with({.kind = FaultKind::redirect, .location = "http://127.0.0.1:9/v1/chat/completions"}));
  EXPECT_EQ(seen.answer.status, 307);
  EXPECT_EQ(seen.answer.header("location"), "http://127.0.0.1:9/v1/chat/completions");
}

TEST(Fault, ResetBeforeSendsNothingButAReset) {
  const Seen seen = see(with({.kind = FaultKind::reset_before}));
  EXPECT_EQ(seen.ended, Ended::reset);
  EXPECT_EQ(seen.bytes, "");
}

TEST(Fault, EmptySendsNothingButAnEnd) {
  const Seen seen = see(with({.kind = FaultKind::empty}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_EQ(seen.bytes, "");
}

TEST(Fault, ResetComesAfterItsTokens) {
  const Seen seen = see(with({.kind = FaultKind::reset, .after_tokens = 3}));
  EXPECT_EQ(seen.ended, Ended::reset);
  EXPECT_NE(seen.bytes.find("cccc"), std::string::npos);
  EXPECT_EQ(seen.bytes.find("dddd"), std::string::npos);
}

TEST(Fault, CloseEndsInsideTheChunkedBody) {
  const Seen seen = see(with({.kind = FaultKind::close, .after_tokens = 2}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_FALSE(seen.answer.whole);
  EXPECT_NE(seen.bytes.find("bbbb"), std::string::npos);
  EXPECT_EQ(seen.bytes.find("cccc"), std::string::npos);
  const Seen beyond = see(with({.kind = FaultKind::close, .after_tokens = 99}));
  EXPECT_EQ(beyond.ended, Ended::fin);
  EXPECT_NE(beyond.bytes.find("dddd"), std::string::npos);
  EXPECT_EQ(beyond.bytes.find(R"("finish_reason":"stop")"), std::string::npos);
}

TEST(Fault, CloseOfAWholeAnswerEndsBeforeItsLength) {
  const Seen seen = see_whole(with({.kind = FaultKind::close}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_EQ(seen.answer.status, 200);
  EXPECT_FALSE(seen.answer.whole);
}

TEST(Fault, StallKeepsTheConnectionWithoutAByte) {
  const RunningServer server(with({.kind = FaultKind::stall, .after_tokens = 2}));
  Client client = server.connect();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x", kStreamed)));
  EXPECT_EQ(client.read_until("bbbb"), Ended::enough);
  // The loop has turned for another client, so this one's silence is not a matter of waiting.
  Client other = server.connect();
  other.send(request_bytes("GET", "/health", ""));
  EXPECT_EQ(parse_answer(other.read_answer()).status, 200);
  EXPECT_FALSE(client.readable());
  EXPECT_EQ(client.bytes().find("cccc"), std::string::npos);
}

TEST(Fault, StreamErrorSendsAnErrorFrameAndThenDone) {
  const Seen seen = see(with({.kind = FaultKind::stream_error, .after_tokens = 2}));
  EXPECT_TRUE(seen.answer.whole);
  const auto frames = sse_data(seen.answer.body);
  ASSERT_EQ(frames.size(), 5U);
  const auto recorded = sse_data(data_file("wire/openai-chat-stream-midstream-error.sse"));
  EXPECT_EQ(shape_of(frames[3]), shape_of(recorded.back()));
  EXPECT_EQ(frames[4], "[DONE]");
  EXPECT_EQ(see_whole(with({.kind = FaultKind::stream_error})).answer.status, 500);
}

TEST(Fault, NoDoneLeavesOnlyTheMarkerOut) {
  const Seen seen = see(with({.kind = FaultKind::no_done}));
  EXPECT_TRUE(seen.answer.whole);
  EXPECT_NE(seen.answer.body.find(R"("finish_reason":"stop")"), std::string::npos);
  EXPECT_EQ(seen.answer.body.find("[DONE]"), std::string::npos);
}

TEST(Fault, NoFinishLeavesOnlyTheReasonOut) {
  const Seen seen = see(with({.kind = FaultKind::no_finish}));
  EXPECT_TRUE(seen.answer.whole);
  EXPECT_NE(seen.answer.body.find("dddd"), std::string::npos);
  EXPECT_EQ(seen.answer.body.find(R"("finish_reason":"stop")"), std::string::npos);
  EXPECT_NE(seen.answer.body.find("[DONE]"), std::string::npos);
}

TEST(Fault, NoLengthEndsTheBodyWithTheConnection) {
  const Seen seen = see(with({.kind = FaultKind::no_length}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_EQ(seen.answer.header("transfer-encoding"), "");
  EXPECT_EQ(seen.answer.header("connection"), "close");
  EXPECT_TRUE(seen.answer.body.ends_with("data: [DONE]\n\n"));
  const Seen cut = see(with({.kind = FaultKind::no_length, .after_tokens = 1}));
  EXPECT_EQ(cut.ended, Ended::fin);
  EXPECT_EQ(cut.answer.body.find("bbbb"), std::string::npos);
}

TEST(Fault, HtmlIsALoginPageWithStatus200) {
  const Seen seen = see_whole(with({.kind = FaultKind::html}));
  EXPECT_EQ(seen.answer.status, 200);
  EXPECT_TRUE(seen.answer.header("content-type").starts_with("text/html"));
  EXPECT_NE(seen.answer.body.find("<title>Sign in"), std::string::npos);
}

TEST(Fault, NotJsonBreaksFramesAndBodies) {
  const auto frames = sse_data(see(with({.kind = FaultKind::not_json})).answer.body);
  ASSERT_GE(frames.size(), 2U);
  EXPECT_EQ(shape_of(frames[1]), frames[1]);
  const Seen whole = see_whole(with({.kind = FaultKind::not_json}));
  EXPECT_EQ(whole.answer.status, 200);
  EXPECT_EQ(shape_of(whole.answer.body), whole.answer.body);
}

TEST(Fault, GarbageIsNoHttp) {
  const Seen seen = see(with({.kind = FaultKind::garbage}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_EQ(seen.answer.status, 0);
  EXPECT_NE(seen.bytes.find("no HTTP at all"), std::string::npos);
}

TEST(Fault, BadChunkHasASizeThatIsNoNumber) {
  const Seen seen = see(with({.kind = FaultKind::bad_chunk, .after_tokens = 1}));
  EXPECT_FALSE(seen.answer.whole);
  EXPECT_NE(seen.bytes.find("\r\nzz\r\n"), std::string::npos);
  EXPECT_NE(see_whole(with({.kind = FaultKind::bad_chunk})).bytes.find("\r\nzz\r\n"),
            std::string::npos);
}

TEST(Fault, BrokenHeadsAreBrokenAsTheySay) {
  EXPECT_NE(see_whole(with({.kind = FaultKind::nul_header})).bytes.find('\0'), std::string::npos);
  EXPECT_GT(see_whole(with({.kind = FaultKind::big_header})).bytes.size(), 2'000'000U);
  EXPECT_NE(see_whole(with({.kind = FaultKind::many_headers})).bytes.find("\r\nx-filler-99999: "),
            std::string::npos);
  const Seen lengths = see_whole(with({.kind = FaultKind::two_lengths}));
  EXPECT_NE(lengths.bytes.find("content-length: 2\r\ncontent-length: 5\r\n"), std::string::npos);
}

TEST(Fault, EndlessBodiesGoOnUntilTheClientLeaves) {
  const RunningServer server(with({.kind = FaultKind::endless}));
  Client client = server.connect();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x", kStreamed)));
  EXPECT_EQ(client.read_until(std::string(4'000'000, 'x')), Ended::enough);
}

TEST(Fault, CommentsStandBetweenTheTokens) {
  const Seen seen = see(with({.kind = FaultKind::keepalive_comments}));
  EXPECT_TRUE(seen.answer.whole);
  std::size_t comments = 0;
  for (std::size_t at = seen.answer.body.find(": keep-alive\n\n"); at != std::string::npos;
       at = seen.answer.body.find(": keep-alive\n\n", at + 1)) {
    ++comments;
  }
  EXPECT_EQ(comments, 4U);
}

TEST(Fault, RedirectTakesTheStatusThatIsAskedFor) {
  const Seen seen = see_whole(
      with({.kind = FaultKind::redirect, .status = 308, .location = "http://127.0.0.1:9/"}));
  EXPECT_EQ(seen.answer.status, 308);
}

TEST(Fault, NoLengthCanLeaveTheMarkerOutToo) {
  const Seen seen = see(with({.kind = FaultKind::no_length, .done = false}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_NE(seen.answer.body.find(R"("finish_reason":"stop")"), std::string::npos);
  EXPECT_EQ(seen.answer.body.find("[DONE]"), std::string::npos);
}

TEST(Fault, ShortLengthEndsHalfWayAlsoWhenAStreamWasAskedFor) {
  const Seen seen = see(with({.kind = FaultKind::short_length}));
  EXPECT_EQ(seen.ended, Ended::fin);
  EXPECT_NE(seen.answer.header("content-length"), "");
  EXPECT_FALSE(seen.answer.whole);
}

TEST(Fault, NoContentHasNeitherBodyNorLength) {
  const Seen seen = see_whole(with({.kind = FaultKind::no_content}));
  EXPECT_EQ(seen.answer.status, 204);
  EXPECT_EQ(seen.answer.header("content-length"), "");
  EXPECT_TRUE(seen.bytes.ends_with("\r\n\r\n"));
}

TEST(Fault, WholeJsonIsOneBodyThoughAStreamWasAskedFor) {
  const RunningServer server(with({.kind = FaultKind::whole_json}));
  Client client = server.connect();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x", kStreamed)));
  const HttpAnswer answer = parse_answer(client.read_answer());
  EXPECT_TRUE(answer.whole);
  EXPECT_TRUE(answer.header("content-type").starts_with("application/json"));
  EXPECT_NE(answer.body.find("chat.completion\""), std::string::npos) << answer.body;
}

TEST(Fault, Http09HasNoStatusLineAndTlsBytesAreAnAlert) {
  EXPECT_EQ(see(with({.kind = FaultKind::http09})).bytes, "The answer is 42.\n");
  EXPECT_EQ(see(with({.kind = FaultKind::tls_bytes})).bytes.substr(0, 2), "\x15\x03");
}

TEST(Fault, GzipBombIsSmallOnTheWire) {
  const RunningServer server(with({.kind = FaultKind::gzip_bomb}));
  Client client = server.connect();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x")));
  const HttpAnswer answer = parse_answer(client.read_answer());
  EXPECT_EQ(answer.header("content-encoding"), "gzip");
  EXPECT_EQ(answer.body.substr(0, 2), "\x1f\x8b");
  EXPECT_LT(answer.body.size(), 400'000U);
  // The length of what it unpacks to stands in the last four bytes.
  EXPECT_EQ(answer.body.substr(answer.body.size() - 4), std::string("\x00\x00\x80\x0c", 4));
}

TEST(Fault, DripSendsTheBodyByteByByte) {
  Script script = with({.kind = FaultKind::drip, .interval = std::chrono::milliseconds(7)});
  Service service(std::move(script), TimePoint{});
  Reply reply = service.handle(request("POST", "/v1/chat/completions", chat_body("x", kStreamed)),
                               {.now = TimePoint{}, .utc = UtcTime{}});
  const std::vector<Step> steps = steps_of(reply);
  ASSERT_GT(steps.size(), 100U);
  EXPECT_TRUE(steps[0].bytes.ends_with("\r\n\r\n"));
  for (std::size_t i = 1; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].bytes.size(), 1U);
    EXPECT_EQ(steps[i].at, static_cast<int>(i) * std::chrono::milliseconds(7));
  }
}

TEST(Fault, DropKeepAliveEndsAConnectionThatWasAnnouncedAsKept) {
  const RunningServer server(with({.kind = FaultKind::drop_keep_alive}));
  Client client = server.connect();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x")));
  EXPECT_EQ(client.read_to_end(), Ended::fin);
  const HttpAnswer answer = parse_answer(client.bytes());
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.header("connection"), "keep-alive");
}

// --- Which requests ---

std::string struck(FaultPicker& picker, const std::vector<std::string>& prompts) {
  std::string marks;
  for (const std::string& prompt : prompts) {
    marks += picker.pick({.prompt = prompt}) != nullptr ? 'X' : '.';
  }
  return marks;
}

TEST(FaultPicker, TimesLimitsTheStrikesInAll) {
  const Script script = with({.times = 2});
  FaultPicker picker(script);
  EXPECT_EQ(struck(picker, {"a", "b", "c", "d"}), "XX..");
}

TEST(FaultPicker, EveryCountsTheRequestsThatMeetTheRest) {
  const Script script = with({.every = 2, .match = "a"});
  FaultPicker picker(script);
  EXPECT_EQ(struck(picker, {"a", "b", "a", "b", "b", "ba", "a"}), "..X...X");
}

TEST(FaultPicker, AttemptsLetRetriesOfThePromptSucceed) {
  const Script script = with({.attempts = 2});
  FaultPicker picker(script);
  EXPECT_EQ(struck(picker, {"a", "b", "a", "a", "b", "b", "c"}), "XXX.X.X");
}

TEST(FaultPicker, ShareStrikesTheSamePromptsInAnyOrder) {
  const Script script = with({.share = 0.25});
  FaultPicker forwards(script);
  FaultPicker backwards(script);
  std::string marks;
  std::string reversed;
  constexpr int kPrompts = 2000;
  for (int i = 0; i < kPrompts; ++i) {
    marks += forwards.pick({.prompt = fmt::format("prompt {}", i)}) != nullptr ? 'X' : '.';
    reversed += backwards.pick({.prompt = fmt::format("prompt {}", kPrompts - 1 - i)}) != nullptr
                    ? 'X'
                    : '.';
  }
  EXPECT_EQ(marks, std::string(reversed.rbegin(), reversed.rend()));
  EXPECT_NEAR(static_cast<double>(std::count(marks.begin(), marks.end(), 'X')), 500.0, 60.0);
}

TEST(FaultPicker, RequestNumbersAndTimesLimitWhenItStrikes) {
  const Script numbered = with({.from_request = 2, .to_request = 3});
  FaultPicker by_number(numbered);
  EXPECT_EQ(struck(by_number, {"a", "b", "c", "d"}), ".XX.");
  const Script timed = with({.from = std::chrono::seconds(5), .until = std::chrono::seconds(9)});
  FaultPicker by_time(timed);
  std::string marks;
  for (const int second : {4, 5, 8, 9}) {
    marks += by_time.pick({.prompt = "p", .since_start = std::chrono::seconds(second)}) ? 'X' : '.';
  }
  EXPECT_EQ(marks, ".XX.");
}

TEST(FaultPicker, PatternsChooseByPromptAndByCase) {
  const Script regex = with({.regex = std::make_shared<Regex>(*Regex::compile("^[0-9]+ \\+"))});
  FaultPicker by_prompt(regex);
  EXPECT_EQ(struck(by_prompt, {"1 + 2", "one + 2", "12 + 3"}), "X.X");
  const Script cases = with({.case_pattern = "math-*-hard"});
  FaultPicker by_case(cases);
  EXPECT_NE(by_case.pick({.prompt = "p", .case_id = "math-7-hard"}), nullptr);
  EXPECT_EQ(by_case.pick({.prompt = "p", .case_id = "math-7-easy"}), nullptr);
  EXPECT_EQ(by_case.pick({.prompt = "p"}), nullptr);
}

TEST(FaultPicker, StarsStandForAnyText) {
  EXPECT_TRUE(fits("", ""));
  EXPECT_TRUE(fits("", "*"));
  EXPECT_TRUE(fits("abc", "a*c"));
  EXPECT_TRUE(fits("abab", "*ab"));
  EXPECT_TRUE(fits("a*", "a*"));
  EXPECT_FALSE(fits("abc", "ab"));
  EXPECT_FALSE(fits("abc", "*b"));
  EXPECT_FALSE(fits("", "a"));
}

TEST(FaultPicker, TheFirstFaultThatAppliesWins) {
  Script script = with({.status = 429, .times = 1});
  script.faults.push_back({.status = 503, .match = "a"});
  FaultPicker picker(script);
  EXPECT_EQ(picker.pick({.prompt = "a"})->status, 429);
  EXPECT_EQ(picker.pick({.prompt = "a"})->status, 503);
  EXPECT_EQ(picker.pick({.prompt = "b"}), nullptr);
}

}  // namespace
}  // namespace faceoff::simulate::testing
