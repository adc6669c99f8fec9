// The figures of recorded streams with known answers: bytes of the wire, each piece with the time
// at which it came.
#include "support.h"

#include <faceoff/chat/metrics.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

using namespace std::chrono_literals;
using chat::Metric;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimePoint kReady{1s};

struct Piece {
  Duration at;
  std::string bytes;
};

struct Streamed {
  Reply reply;
  chat::Timing timing;
  chat::MetricValues values;
  [[nodiscard]] std::optional<double> operator[](Metric metric) const {
    return chat::of(values, metric);
  }
};

Streamed stream(const std::vector<Piece>& pieces, std::string_view adapter = "openai") {
  const auto backend = testing::make(testing::local_spec(adapter));
  const auto decoder = backend->decoder();
  const bool ollama = adapter == "ollama";
  decoder->on_headers(200,
                      {{"content-type", ollama ? "application/x-ndjson" : "text/event-stream"}});
  chat::Stamps stamps;
  stamps.ready = kReady;
  stamps.header = kReady + 5ms;
  for (const auto& piece : pieces) {
    decoder->on_bytes(piece.bytes, kReady + piece.at, stamps.events);
  }
  stamps.end = kReady + pieces.back().at + 10ms;
  Streamed out;
  out.reply = decoder->finish(std::nullopt, *stamps.end, UtcTime{}, stamps.events);
  stamps.streamed = out.reply.streamed;
  const auto& completion = out.reply.completion;
  out.timing = chat::derive_timing(stamps, completion.usage.completion_tokens);
  out.values = chat::measure({.timing = out.timing,
                              .completion = completion,
                              .client_queue = 0ns,
                              .schedule_delay = std::nullopt});
  return out;
}

std::string frame(std::string_view delta,
                  std::string_view finish = "null",
                  std::string_view rest = "") {
  return "data: {\"choices\":[{\"index\":0,\"delta\":" + std::string(delta) +
         ",\"finish_reason\":" + std::string(finish) + "}]" + std::string(rest) + "}\n\n";
}
std::string role() {
  return frame(R"({"role":"assistant","content":""})");
}
std::string content(std::string_view text) {
  return frame("{\"content\":\"" + std::string(text) + "\"}");
}
std::string stop() {
  return frame("{}", "\"stop\"");
}
std::string usage(int n) {
  return "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":" +
         std::to_string(n) + "}}\n\n";
}
const std::string kDone = "data: [DONE]\n\n";

TEST(StreamMetrics, ARoleOnlyFirstChunkIsNoToken) {
  const auto s = stream({{10ms, role()},
                         {100ms, content("ab")},
                         {120ms, content("cd")},
                         {140ms, content("ef")},
                         {141ms, stop() + usage(3) + kDone}});
  EXPECT_EQ(s[Metric::ttfb], 5.0);
  EXPECT_EQ(s[Metric::ttfc], 10.0);
  EXPECT_EQ(s[Metric::ttft], 100.0);
  EXPECT_EQ(s[Metric::ttfo], 100.0);
  EXPECT_EQ(s[Metric::e2e], 140.0);
  EXPECT_EQ(s[Metric::tail], 11.0);
  EXPECT_EQ(s[Metric::tpot], 20.0);
  EXPECT_EQ(s[Metric::tok_s_user], 50.0);
  EXPECT_EQ(s[Metric::char_s], 100.0);
  EXPECT_EQ(s[Metric::vllm_ttft], 10.0);
  EXPECT_EQ(s[Metric::vllm_e2el], 141.0) << "its last chunk with choices is the finish reason";
  EXPECT_EQ(s[Metric::llmperf_ttft], 100.0);
  EXPECT_EQ(s.timing.events, "rccceud");
}

TEST(StreamMetrics, ReasoningOnlyHasATokenButNoOutput) {
  const auto s = stream({{10ms, role()},
                         {50ms, frame(R"({"reasoning_content":"hm"})")},
                         {70ms, frame(R"({"reasoning_content":"mm"})")},
                         {71ms, stop() + usage(2) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s[Metric::ttfo], std::nullopt);
  EXPECT_EQ(s[Metric::thinking_time], std::nullopt);
  EXPECT_EQ(s[Metric::e2e], 70.0);
  EXPECT_EQ(s[Metric::tpot], 20.0);
  EXPECT_EQ(s[Metric::char_s], std::nullopt);
}

TEST(StreamMetrics, TextInsideALeadingThinkTagIsReasoning) {
  const auto s = stream({{50ms, content("<think>")},
                         {60ms, content("hm")},
                         {70ms, content("</think>")},
                         {90ms, content("42")},
                         {91ms, stop() + usage(4) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s[Metric::ttfo], 90.0);
  EXPECT_EQ(s[Metric::thinking_time], 40.0);
  EXPECT_EQ(s.timing.events, "tttceud");
}

TEST(StreamMetrics, AToolCallOnlyIsOutput) {
  const auto call = [](std::string_view text) {
    return frame(
        "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"" +
        std::string(text) + "\"}}]}");
  };
  const auto s = stream({{10ms, role()},
                         {50ms, call("{")},
                         {80ms, call("}")},
                         {81ms, frame("{}", "\"tool_calls\"") + usage(4) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s[Metric::ttfo], 50.0);
  EXPECT_EQ(s[Metric::tpot], 10.0);
  EXPECT_EQ(s[Metric::llmperf_ttft], std::nullopt);
  EXPECT_EQ(s[Metric::guidellm_ttfot], 50.0);
}

TEST(StreamMetrics, OneTokenHasNoRate) {
  const auto s = stream({{50ms, content("a")}, {60ms, stop() + usage(1) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s[Metric::e2e], 50.0);
  EXPECT_EQ(s[Metric::tpot], std::nullopt);
  EXPECT_EQ(s[Metric::max_gap], std::nullopt);
  EXPECT_EQ(s[Metric::vllm_tpot], std::nullopt);
}

TEST(StreamMetrics, AllInOneReadIsCoalescedAndHasNoRate) {
  const auto s = stream(
      {{50ms, role() + content("a") + content("b") + content("c") + stop() + usage(3) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s[Metric::tpot], std::nullopt);
  EXPECT_EQ(s.timing.coalesced, 2U);
  EXPECT_THAT(chat::gaps_of(s.timing), ElementsAre(0.0, 0.0));
  EXPECT_EQ(s[Metric::max_gap], 0.0);
}

TEST(StreamMetrics, AChunkOfSeveralTokensIsOneEvent) {
  const auto s = stream({{50ms, content("abc def ghi")}, {60ms, stop() + usage(6) + kDone}});
  EXPECT_EQ(s[Metric::tpot], std::nullopt);
  EXPECT_EQ(s[Metric::ntpot], 50.0 / 6);
  EXPECT_EQ(s.timing.token_events, 1U);
}

TEST(StreamMetrics, ATokenCountsWhenItsLastByteCame) {
  const std::string euro = content("\xE2\x82\xAC");
  const std::size_t cut = euro.find("\x82");
  const auto s = stream({{50ms, euro.substr(0, cut)},
                         {55ms, euro.substr(cut, 4)},
                         {60ms, euro.substr(cut + 4)},
                         {80ms, content("b")},
                         {81ms, stop() + usage(2) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 60.0);
  EXPECT_EQ(s[Metric::tpot], 20.0);
  EXPECT_EQ(s.reply.completion.text,
            "\xE2\x82\xAC"
            "b");
}

TEST(StreamMetrics, LineEndsOfTwoBytesAndCommentsChangeNothing) {
  std::string text = content("a");
  text.replace(text.size() - 2, 2, "\r\n\r\n");
  const auto s = stream({{20ms, ": ping\r\n\r\n"},
                         {50ms, text},
                         {70ms, text.substr(0, 4)},
                         {75ms, text.substr(4)},
                         {81ms, stop() + usage(2) + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s[Metric::tpot], 25.0);
  EXPECT_EQ(s[Metric::ttfc], 50.0);
  EXPECT_EQ(s.timing.events, "pcceud");
}

TEST(StreamMetrics, AnErrorInsideASuccessIsAFailure) {
  const auto s = stream({{50ms, content("a")},
                         {60ms, "data: {\"error\":{\"message\":\"out of memory\"}}\n\n" + kDone}});
  ASSERT_TRUE(s.reply.failure);
  EXPECT_EQ(s.reply.failure->kind, FailureKind::stream_error);
  EXPECT_EQ(s.timing.events, "c-d");
}

TEST(StreamMetrics, WithoutUsageEventsAreCounted) {
  const auto s = stream(
      {{50ms, content("a")}, {70ms, content("b")}, {90ms, content("c")}, {91ms, stop() + kDone}});
  EXPECT_EQ(chat::count_output_tokens(s.reply.completion, s.timing).source,
            chat::TokenSource::events);
  EXPECT_EQ(s.timing.tpot, std::nullopt);
  EXPECT_EQ(s[Metric::tpot], 20.0);
  EXPECT_EQ(s[Metric::vllm_tpot], std::nullopt);
  EXPECT_EQ(s[Metric::guidellm_itl], 20.0);
}

TEST(StreamMetrics, UsageInEveryChunkCountsTheTokensOfEach) {
  const auto chunk = [](std::string_view text, int n) {
    return frame(
        "{\"content\":\"" + std::string(text) + "\"}",
        "null",
        ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":" + std::to_string(n) + "}");
  };
  const auto s = stream({{50ms, chunk("a", 1)},
                         {80ms, chunk("bcd", 4)},
                         {90ms, chunk("e", 5)},
                         {91ms, stop() + usage(5) + kDone}});
  EXPECT_THAT(s.timing.event_tokens, ElementsAre(1U, 3U, 1U));
  EXPECT_THAT(chat::token_gaps_of(s.timing), ElementsAre(10.0, 10.0, 10.0, 10.0));
  EXPECT_EQ(s.reply.completion.usage.completion_tokens, 5);
  EXPECT_EQ(s[Metric::tpot], 10.0);
}

TEST(StreamMetrics, LogprobsCountTheTokensOfEachChunk) {
  const auto body = testing::read_wire("llama-server-chat-logprobs-stream.sse");
  const auto s = stream({{50ms, body}});
  EXPECT_FALSE(s.timing.event_tokens.empty());
  EXPECT_EQ(s.timing.event_tokens.size(), s.timing.token_events);
  const auto plain = stream({{50ms, testing::read_wire("llama-server-chat-stream.sse")}});
  EXPECT_THAT(plain.timing.event_tokens, IsEmpty());
}

TEST(StreamMetrics, WithoutDoneOrFinishReasonAnAnswerIsCutOrNot) {
  EXPECT_FALSE(stream({{50ms, content("a")}, {60ms, stop()}}).reply.failure);
  const auto cut = stream({{50ms, content("a")}, {60ms, kDone}});
  ASSERT_TRUE(cut.reply.failure);
  EXPECT_EQ(cut.reply.failure->kind, FailureKind::truncated);
}

TEST(StreamMetrics, AFinishReasonBehindTheUsageIsStillTheEnd) {
  const auto s = stream({{50ms, content("a")}, {60ms, usage(1)}, {70ms, stop() + kDone}});
  EXPECT_FALSE(s.reply.failure);
  EXPECT_EQ(s[Metric::e2e], 50.0);
  EXPECT_EQ(s.timing.events, "cued");
}

TEST(StreamMetrics, AzuresFilterFrameIsNoChunkOfTheAnswer) {
  const auto s = stream({{10ms, "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n"},
                         {50ms, content("a")},
                         {60ms, stop() + kDone}});
  EXPECT_EQ(s[Metric::ttfc], 50.0);
  EXPECT_EQ(s[Metric::vllm_ttft], 50.0);
}

TEST(StreamMetrics, WhiteSpaceAloneIsATokenWithAMarkOfItsOwn) {
  const auto s = stream({{50ms, content(" ")}, {60ms, content("a")}, {61ms, stop() + kDone}});
  EXPECT_EQ(s[Metric::ttft], 50.0);
  EXPECT_EQ(s.timing.events, "wced");
}

TEST(StreamMetrics, ServersOwnTimesStandInColumnsOfTheirOwn) {
  const auto vllm = stream(
      {{50ms, content("a")},
       {60ms,
        frame(
            "{}",
            "\"stop\"",
            R"(,"metrics":{"time_to_first_token_ms":30,"queue_time_ms":5,"generation_time_ms":9,"mean_itl_ms":4})") +
            kDone}});
  EXPECT_EQ(vllm[Metric::server_ttft], 30.0);
  EXPECT_EQ(vllm[Metric::server_queue], 5.0);
  EXPECT_EQ(vllm[Metric::server_decode], 9.0);
  EXPECT_EQ(vllm[Metric::net_overhead], 15.0);
  const auto ollama = stream(
      {{50ms,
        R"({"message":{"role":"assistant","content":"a"},"done":false})"
        "\n"},
       {60ms,
        R"({"message":{"content":""},"done":true,"done_reason":"stop","load_duration":2000000,)"
        R"("prompt_eval_count":5,"prompt_eval_duration":8000000,"eval_count":1,"eval_duration":1000000})"
        "\n"}},
      "ollama");
  EXPECT_EQ(ollama[Metric::server_ttft], 10.0);
  EXPECT_EQ(ollama[Metric::server_prefill], 8.0);
  EXPECT_EQ(ollama[Metric::net_overhead], 40.0);
}

}  // namespace
}  // namespace faceoff::backend
