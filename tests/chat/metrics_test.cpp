#include <faceoff/chat/compat.h>
#include <faceoff/chat/metrics.h>

#include <fstream>
#include <iterator>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::chat {
namespace {

using namespace std::chrono_literals;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr TimePoint kReady{1s};

StreamEvent event(EventClass what, Duration after, std::uint32_t characters = 0) {
  return {.what = what, .at = kReady + after, .characters = characters};
}

Usage usage(std::int64_t completion_tokens, std::string source = "usage") {
  Usage out;
  out.completion_tokens = completion_tokens;
  out.source = std::move(source);
  return out;
}

struct Answer {
  Timing timing;
  Completion completion;
  Duration client_queue{0};
};

Answer answer(std::vector<StreamEvent> events, Usage tokens = {}, Duration end = 300ms) {
  Stamps stamps;
  stamps.ready = kReady;
  stamps.end = kReady + end;
  stamps.events = std::move(events);
  Answer out;
  out.timing = derive_timing(stamps, tokens.completion_tokens);
  out.completion.usage = std::move(tokens);
  return out;
}

MetricValues values(const Answer& a, std::optional<Duration> delay = std::nullopt) {
  return measure({.timing = a.timing,
                  .completion = a.completion,
                  .client_queue = a.client_queue,
                  .schedule_delay = delay});
}

// docs/metrics.md, "The same words elsewhere": five tokens, one of them reasoning.
Answer worked_example() {
  return answer({event(EventClass::role, 90ms),
                 event(EventClass::reasoning, 100ms, 4),
                 event(EventClass::content, 200ms, 9),
                 event(EventClass::content, 240ms, 4),
                 event(EventClass::usage, 241ms),
                 event(EventClass::done, 241ms)},
                {.prompt_tokens = 20,
                 .completion_tokens = 5,
                 .cached_tokens = 8,
                 .reasoning_tokens = 1,
                 .source = "usage"},
                250ms);
}

TEST(Metrics, OfTheWorkedExample) {
  const auto v = values(worked_example());
  EXPECT_EQ(of(v, Metric::ttft), 100.0);
  EXPECT_EQ(of(v, Metric::ttfo), 200.0);
  EXPECT_EQ(of(v, Metric::ttfc), 90.0);
  EXPECT_EQ(of(v, Metric::thinking_time), 100.0);
  EXPECT_EQ(of(v, Metric::e2e), 240.0);
  EXPECT_EQ(of(v, Metric::tail), 10.0);
  EXPECT_EQ(of(v, Metric::tpot), 35.0);
  EXPECT_EQ(of(v, Metric::ntpot), 48.0);
  EXPECT_THAT(of(v, Metric::tok_s_user), Optional(DoubleNear(1000.0 / 35.0, 1e-9)));
  EXPECT_THAT(of(v, Metric::visible_tok_s), Optional(DoubleNear(3.0 / 0.040, 1e-9)));
  EXPECT_THAT(of(v, Metric::prefill_tok_s), Optional(DoubleNear(120.0, 1e-9)));
  EXPECT_EQ(of(v, Metric::e2e_sched), std::nullopt);
}

TEST(Metrics, OtherToolsSayOtherThingsOfTheWorkedExample) {
  const auto v = values(worked_example());
  EXPECT_EQ(of(v, Metric::vllm_ttft), 90.0);
  EXPECT_EQ(of(v, Metric::vllm_tpot), 37.5);
  EXPECT_EQ(of(v, Metric::vllm_e2el), 240.0);
  EXPECT_EQ(of(v, Metric::guidellm_ttft), 100.0);
  EXPECT_EQ(of(v, Metric::guidellm_ttfot), 200.0);
  EXPECT_EQ(of(v, Metric::guidellm_itl), 35.0);
  EXPECT_EQ(of(v, Metric::guidellm_tpot), 48.0);
  EXPECT_EQ(of(v, Metric::guidellm_tok_s), 20.0);
  EXPECT_EQ(of(v, Metric::aiperf_ttft), 100.0);
  EXPECT_EQ(of(v, Metric::aiperf_ttfo), 200.0);
  EXPECT_EQ(of(v, Metric::aiperf_ttst), 100.0);
  EXPECT_EQ(of(v, Metric::aiperf_itl), 35.0);
  EXPECT_EQ(of(v, Metric::aiperf_latency), 240.0);
  EXPECT_EQ(of(v, Metric::llmperf_ttft), 200.0);
  EXPECT_EQ(of(v, Metric::llmperf_itl), 48.0);
  EXPECT_EQ(of(v, Metric::llmperf_e2e), 250.0);
  const auto example = worked_example();
  const auto input = compat_input(example.timing, example.completion.usage, 0ns);
  EXPECT_THAT(vllm_figures(input).itl, ElementsAre(10.0, 100.0, 40.0));
  EXPECT_THAT(aiperf_figures(input).icl, ElementsAre(100.0, 40.0));
  EXPECT_THAT(gaps_of(example.timing), ElementsAre(100.0, 40.0));
}

TEST(Metrics, OtherToolsStartBeforeTheConnection) {
  Answer a = worked_example();
  a.client_queue = 2ms;
  a.timing.connect = 5ms;
  const auto v = values(a);
  EXPECT_EQ(of(v, Metric::ttft), 100.0);
  EXPECT_EQ(of(v, Metric::ttft_incl_setup), 107.0);
  EXPECT_EQ(of(v, Metric::vllm_ttft), 97.0);
  EXPECT_EQ(of(v, Metric::guidellm_ttft), 107.0);
  EXPECT_EQ(of(v, Metric::aiperf_latency), 247.0);
  EXPECT_EQ(of(v, Metric::llmperf_e2e), 257.0);
}

TEST(Metrics, OfTheScheduleAreThoseOfTheSendMovedByTheDelay) {
  const auto v = values(worked_example(), 1s);
  EXPECT_EQ(of(v, Metric::schedule_delay), 1000.0);
  EXPECT_EQ(of(v, Metric::ttft_sched), 1100.0);
  EXPECT_EQ(of(v, Metric::e2e_sched), 1240.0);
  EXPECT_EQ(of(v, Metric::e2e), 240.0);
}

TEST(Metrics, OfReasoningOnlyHaveNoOutput) {
  const auto v = values(answer(
      {event(EventClass::reasoning, 50ms, 3), event(EventClass::reasoning, 70ms, 3)}, usage(2)));
  EXPECT_EQ(of(v, Metric::ttft), 50.0);
  EXPECT_EQ(of(v, Metric::ttfo), std::nullopt);
  EXPECT_EQ(of(v, Metric::thinking_time), std::nullopt);
  EXPECT_EQ(of(v, Metric::char_s), std::nullopt);
  EXPECT_EQ(of(v, Metric::guidellm_ttfot), std::nullopt);
  EXPECT_EQ(of(v, Metric::aiperf_ttfo), std::nullopt);
  EXPECT_EQ(of(v, Metric::llmperf_ttft), std::nullopt);
}

TEST(Metrics, OfAToolCallOnlyAreNoContentToOthers) {
  const auto v = values(answer({event(EventClass::role, 10ms),
                                event(EventClass::tool, 50ms, 3),
                                event(EventClass::tool, 70ms, 3)},
                               usage(3)));
  EXPECT_EQ(of(v, Metric::ttfo), 50.0);
  EXPECT_EQ(of(v, Metric::guidellm_ttfot), 50.0);
  EXPECT_EQ(of(v, Metric::aiperf_ttft), std::nullopt);
  EXPECT_EQ(of(v, Metric::llmperf_ttft), std::nullopt);
  EXPECT_EQ(of(v, Metric::vllm_ttft), 10.0);
}

TEST(Metrics, OfOneTokenHaveNoRate) {
  const auto v = values(answer({event(EventClass::content, 50ms, 3)}, usage(1)));
  EXPECT_EQ(of(v, Metric::ttft), 50.0);
  EXPECT_EQ(of(v, Metric::tpot), std::nullopt);
  EXPECT_EQ(of(v, Metric::tok_s_user), std::nullopt);
  EXPECT_EQ(of(v, Metric::ntpot), 50.0);
  EXPECT_EQ(of(v, Metric::vllm_tpot), std::nullopt);
  EXPECT_EQ(of(v, Metric::guidellm_itl), std::nullopt);
  EXPECT_EQ(of(v, Metric::aiperf_itl), std::nullopt);
  EXPECT_EQ(of(v, Metric::max_gap), std::nullopt);
}

TEST(Metrics, OfAllTokensInOneChunkHaveNoRate) {
  const auto v = values(answer({event(EventClass::content, 50ms, 300)}, usage(80)));
  EXPECT_EQ(of(v, Metric::tpot), std::nullopt);
  EXPECT_EQ(of(v, Metric::visible_tok_s), std::nullopt);
  EXPECT_EQ(of(v, Metric::burst_index), std::nullopt);
}

TEST(Metrics, OfAnAnswerWithoutATokenAreUndefined) {
  const auto v =
      values(answer({event(EventClass::role, 10ms), event(EventClass::empty, 20ms)}, usage(0)));
  for (const auto metric : {Metric::ttft, Metric::ttfo, Metric::e2e, Metric::tpot, Metric::ntpot}) {
    EXPECT_EQ(of(v, metric), std::nullopt) << info(metric).name;
  }
  EXPECT_EQ(of(v, Metric::ttfc), 10.0);
}

TEST(Metrics, CountTokensByTheNextBestSource) {
  Answer a = answer({event(EventClass::content, 50ms, 3), event(EventClass::content, 70ms, 3)});
  EXPECT_EQ(count_output_tokens(a.completion, a.timing).source, TokenSource::events);
  EXPECT_EQ(of(values(a), Metric::tpot), 20.0);
  EXPECT_EQ(of(values(a), Metric::visible_tok_s), std::nullopt);
  a.timing.event_tokens = {2, 3};
  EXPECT_EQ(count_output_tokens(a.completion, a.timing).n, 5);
  EXPECT_EQ(count_output_tokens(a.completion, a.timing).source, TokenSource::logprobs);
  EXPECT_EQ(of(values(a), Metric::tpot), 5.0);
  a.completion.usage = usage(11, "server_timing");
  EXPECT_EQ(count_output_tokens(a.completion, a.timing).source, TokenSource::server_timing);
  a.completion.usage.source = "usage";
  EXPECT_EQ(of(values(a), Metric::tpot), 2.0);
}

TEST(Metrics, SpreadAGapOverTheTokensOfItsEvent) {
  Answer a = answer({event(EventClass::content, 50ms, 3), event(EventClass::content, 80ms, 9)});
  EXPECT_THAT(token_gaps_of(a.timing), IsEmpty());
  a.timing.event_tokens = {1, 3};
  EXPECT_THAT(token_gaps_of(a.timing), ElementsAre(10.0, 10.0, 10.0));
}

TEST(Metrics, OfAnUnstreamedAnswerAreItsLengthOnly) {
  Answer a;
  a.timing.streamed = false;
  a.timing.e2e = 400ms;
  a.completion.usage = usage(8);
  const auto v = values(a);
  EXPECT_EQ(of(v, Metric::e2e), 400.0);
  EXPECT_EQ(of(v, Metric::ntpot), 50.0);
  EXPECT_EQ(of(v, Metric::ttft), std::nullopt);
  EXPECT_EQ(of(v, Metric::vllm_e2el), std::nullopt);
}

TEST(Metrics, KeepServerTimesApart) {
  Answer a = worked_example();
  a.completion.server.queue_ms = 30.0;
  a.completion.server.prompt_ms = 40.0;
  a.completion.server.predicted_ms = 140.0;
  auto v = values(a);
  EXPECT_EQ(of(v, Metric::server_queue), 30.0);
  EXPECT_EQ(of(v, Metric::server_ttft), 40.0);
  EXPECT_EQ(of(v, Metric::server_decode), 140.0);
  EXPECT_EQ(of(v, Metric::net_overhead), 30.0);
  a.completion.server.ttft_ms = 55.0;
  v = values(a);
  EXPECT_EQ(of(v, Metric::server_ttft), 55.0);
  EXPECT_EQ(of(v, Metric::net_overhead), 15.0);
}

TEST(Metrics, TakeReasoningAndContentOfOneFrameAsOneChunk) {
  StreamEvent joined = event(EventClass::content, 50ms, 3);
  joined.joined = true;
  const Answer a =
      answer({event(EventClass::reasoning, 50ms, 3), joined, event(EventClass::content, 60ms, 3)},
             usage(3));
  EXPECT_EQ(a.timing.coalesced, 0U);
  EXPECT_EQ(a.timing.events, "tCc");
  EXPECT_THAT(gaps_of(a.timing), ElementsAre(10.0));
  EXPECT_THAT(vllm_figures(compat_input(a.timing, a.completion.usage, 0ns)).itl, ElementsAre(10.0));
}

TEST(Metrics, BurstIndexTellsFakeStreamingFromStreaming) {
  EXPECT_EQ(answer({event(EventClass::content, 10ms, 1),
                    event(EventClass::content, 299ms, 50),
                    event(EventClass::content, 300ms, 49)})
                .timing.burst_index,
            0.99);
  EXPECT_EQ(answer({event(EventClass::content, 100ms, 50), event(EventClass::content, 200ms, 50)})
                .timing.burst_index,
            0.5);
}

TEST(Metrics, EventsOfARecordAreTheWholeStream) {
  const auto marks = marks_of(worked_example().timing);
  ASSERT_EQ(marks.size(), 6U);
  EXPECT_EQ(marks[0].what, EventClass::role);
  EXPECT_EQ(marks[0].ms, 90.0);
  EXPECT_EQ(marks[3].ms, 240.0);
  EXPECT_EQ(marks[4].what, EventClass::usage);
  EXPECT_EQ(marks[4].ms, 241.0);
}

TEST(Metrics, HaveNamesOfTheirOwnThatTheDocumentationDefines) {
  std::ifstream file(std::string(FACEOFF_SOURCE_DIR) + "/docs/metrics.md");
  const std::string docs{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kMetrics; ++i) {
    const auto& row = metric_table()[i];
    EXPECT_EQ(static_cast<std::size_t>(row.id), i) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(parse_metric(row.name), row.id);
    EXPECT_NE(docs.find("`" + std::string(row.name) + "`"), std::string::npos) << row.name;
  }
}

}  // namespace
}  // namespace faceoff::chat
