// Rows of the fault matrix that need a whole run; the single faults stand in wire_faults_test.cpp.
#include "bench.h"

#include <filesystem>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace faceoff::matrix {
namespace {

using backend::FailureKind;
using testing::Contains;
using testing::HasSubstr;
using Steps = run::test::Steps;

// --- Against the stand-in ---

TEST(NetRow, Net01AHostThatDoesNotExistIsDnsAndEnds) {
  // Longer than a label may be: refused by the resolver without a query.
  Bench bench("http://" + std::string(70, 'a') + ".invalid");
  const store::Record record = bench.ask();
  EXPECT_EQ(record.error, FailureKind::dns);
  EXPECT_THAT(record.error_message, HasSubstr("cannot resolve host"));
  EXPECT_EQ(record.attempts.size(), 3U);
}

TEST(NetRow, Net05APartialAnswerIsKeptAndNotScored) {
  const StandIn server("faults: [{kind: reset, after_tokens: 2}]\n");
  Bench bench(server.url());
  Options options;
  options.retry.max_retries = 0;
  // A reset may overtake what was sent before it; then there is less to keep, but never a score.
  const store::Record record = bench.ask(options);
  EXPECT_EQ(record.error, FailureKind::truncated);
  EXPECT_TRUE(std::string(kAnswer).starts_with(record.completion.text));
  EXPECT_EQ(record.outcome, score::Outcome::failed);
  EXPECT_FALSE(record.value.has_value());
  const StandIn closing("faults: [{kind: close, after_tokens: 2}]\n");
  Bench other(closing.url());
  EXPECT_EQ(other.ask(options).completion.text, "aaaabbbb");
}

TEST(NetRow, Net07AFinishReasonWithoutDoneIsAnAnswerWithAWarning) {
  const StandIn server("faults: [{kind: no_length, done: false}]\n");
  Bench bench(server.url());
  const store::Record record = bench.ask();
  EXPECT_EQ(record.value, 1.0) << record.error_message;
  EXPECT_EQ(record.attempts.size(), 1U);
  EXPECT_THAT(record.warnings, Contains(HasSubstr("[DONE]")));
}

TEST(NetRow, Net06DoneWithoutAFinishReasonIsNoAnswer) {
  const StandIn server("faults: [{kind: no_finish}]\n");
  Bench bench(server.url());
  const store::Record record = bench.ask();
  EXPECT_EQ(record.error, FailureKind::truncated);
  EXPECT_FALSE(record.value.has_value());
}

TEST(NetRow, Net09CommentsAreNoTokens) {
  const StandIn server("faults: [{kind: keepalive_comments, for: 1h, interval: 20ms}]\n");
  Bench bench(server.url());
  Options options;
  options.deadlines.total = 500ms;
  const store::Record record = bench.ask(options);
  EXPECT_EQ(record.error, FailureKind::total_timeout) << record.error_message;
  EXPECT_FALSE(record.timing.ttft.has_value());
  EXPECT_EQ(record.timing.token_events, 0U);
}

TEST(NetRow, Net13AnAnswerThatDripsInBytesIsTheSameAnswer) {
  const StandIn server("faults: [{kind: drip, interval: 1ms}]\n");
  const StandIn plain("");
  Bench dripping(server.url());
  Bench whole(plain.url());
  const store::Record a = dripping.ask();
  const store::Record b = whole.ask();
  EXPECT_EQ(a.value, 1.0) << a.error_message;
  EXPECT_EQ(a.completion.text, b.completion.text);
  EXPECT_EQ(a.completion.finish, b.completion.finish);
  EXPECT_EQ(a.completion.usage.completion_tokens, b.completion.usage.completion_tokens);
  EXPECT_EQ(a.timing.token_events, b.timing.token_events);
  EXPECT_EQ(a.warnings, b.warnings);
}

TEST(NetRow, Net16AWholeBodyInPlaceOfAStreamIsReadWithoutAFirstTokenTime) {
  const StandIn server("faults: [{kind: whole_json}]\n");
  Bench bench(server.url());
  const store::Record record = bench.ask();
  EXPECT_EQ(record.value, 1.0) << record.error_message;
  EXPECT_FALSE(record.timing.streamed);
  EXPECT_FALSE(record.timing.ttft.has_value());
  EXPECT_FALSE(record.warnings.empty());
}

TEST(NetRow, Net20AServerThatGoesAndComesBackLosesNoAnswer) {
  const StandIn server("faults: [{kind: outage, for: 400ms, from_request: 30, times: 1}]\n");
  Bench bench(server.url());
  Options options;
  options.cases = 60;
  options.concurrency = 8;
  options.retry = {.max_retries = 1000, .max_time = 10min, .first_wait = 5ms, .longest_wait = 20ms};
  const auto records = bench.run(options);
  ASSERT_EQ(records.size(), 60U);
  for (const auto& record : records) {
    EXPECT_EQ(record.value, 1.0) << record.error_message;
  }
  EXPECT_EQ(server.stats().faults, 1U);
}

TEST(NetRow, Net22ServersOfOneAddressFamilyAreReached) {
  const StandIn server("");
  const std::string port = server.url().substr(server.url().rfind(':'));
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    Bench bench("http://" + host + port);
    EXPECT_EQ(bench.ask().value, 1.0) << host;
  }
  // Without IPv6 on the machine there is nothing to listen on.
  if (std::filesystem::exists("/proc/net/if_inet6")) {
    const SteadyClock clock;
    simulate::ServerOptions options{.host = "::1", .script = {}};
    options.script.fallback.text = kAnswer;
    if (const auto six = simulate::Server::create(std::move(options), clock)) {
      std::thread thread([&] { EXPECT_TRUE((*six)->run().has_value()); });
      Bench bench((*six)->base_url());
      EXPECT_EQ(bench.ask().value, 1.0) << (*six)->base_url();
      (*six)->stop();
      thread.join();
    }
  }
}

// A busy machine makes everything later, never earlier: the schedule is a lower bound, but for
// stamps that the lateness of our own loop may bring forward (curl_transport.h).
TEST(NetRow, Net24NoLatencyIsBelowTheSchedule) {
  const StandIn server("latency: {first_token: 60ms, per_token: 10ms}\n");
  Bench bench(server.url());
  Options options;
  options.cases = 100;
  options.concurrency = 50;
  const auto records = bench.run(options);
  ASSERT_EQ(records.size(), 100U);
  const Duration early = bench.tally().max_loop_lag + 1ms;
  for (const auto& record : records) {
    ASSERT_TRUE(record.timing.ttft.has_value()) << record.error_message;
    EXPECT_GE(*record.timing.ttft + early, 60ms);
    EXPECT_GE(*record.timing.e2e + early, 90ms);
    EXPECT_GE(record.client_queue, 0ms);
  }
}

// --- In virtual time, with the real adapter ---

std::string frame(std::string_view delta, std::string_view finish = "null") {
  return fmt::format(
      "data: {{\"choices\":[{{\"index\":0,\"delta\":{{{}}},\"finish_reason\":{}}}]}}\n\n",
      delta,
      finish);
}

net::FakeTransport::Step head(Duration at) {
  return {at, net::Headers{.status = 200, .headers = {{"content-type", "text/event-stream"}}}};
}

// Role first, then four tokens from `first` on, `pace` apart.
Steps stream(Duration first, Duration pace) {
  Steps steps{{1ms, net::Ready{}}, head(2ms)};
  steps.push_back({3ms, net::Bytes{frame(R"("role":"assistant","content":"")")}});
  Duration at = first;
  for (const char* text : {"aaaa", "bbbb", "cccc", "dddd"}) {
    steps.push_back({at, net::Bytes{frame(fmt::format(R"("content":"{}")", text))}});
    at += pace;
  }
  steps.push_back({at - pace, net::Bytes{frame("", R"("stop")") + "data: [DONE]\n\n"}});
  steps.push_back({at - pace, net::Finished{}});
  return steps;
}

// A run on a fake clock; `script` says what each request gets.
class VirtualBench {
 public:
  explicit VirtualBench(net::FakeTransport::Script script) : transport_(clock_, std::move(script)) {
    backend::Spec spec;
    spec.name = "x";
    spec.adapter = "openai-compatible";
    spec.model = "m";
    spec.base_url = "http://127.0.0.1:1/v1";
    spec.origin = backend::Origin::flag;
    backend_ = backend::create(spec, [](std::string_view) { return std::nullopt; }).value();
  }
  std::vector<store::Record> run(const Options& options) {
    const run::test::FakeSuite suite(options.cases, one_case);
    run::Plan plan;
    plan.suite = &suite;
    plan.suite_name = "virtual";
    plan.score_threads = 0;
    run::Lane lane;
    lane.backend = backend_.get();
    lane.concurrency = options.concurrency;
    lane.deadlines = options.deadlines;
    lane.retry = options.retry;
    plan.lanes.push_back(std::move(lane));
    run::test::VectorSink sink;
    run::Observer observer;
    const run::StopSignal stop;
    EXPECT_TRUE(run::run(plan, transport_, clock_, sink, observer, stop));
    return sink.records();
  }
  [[nodiscard]] ManualClock& clock() { return clock_; }

 private:
  ManualClock clock_;
  net::FakeTransport transport_;
  std::unique_ptr<backend::Backend> backend_;
};

TEST(NetRow, Net08AStallEndsExactlyAtItsLimit) {
  VirtualBench bench([](auto, const auto&) -> Steps {
    return {{1ms, net::Ready{}},
            head(2ms),
            {100ms, net::Bytes{frame(R"("content":"aaaa")")}},
            // Keep-alive comments go on and on; they are no tokens.
            {1100ms, net::Bytes{": still there\n\n"}},
            {1900ms, net::Bytes{": still there\n\n"}},
            {30s, net::Bytes{frame(R"("content":"bbbb")")}}};
  });
  Options options;
  options.deadlines.idle = 2s;
  options.retry.max_retries = 0;
  const auto records = bench.run(options);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].error, FailureKind::idle_timeout);
  EXPECT_EQ(records[0].completion.text, "aaaa");
  EXPECT_EQ(records[0].attempts.at(0).took, 2100ms);
}

TEST(NetRow, Net14TheFirstTokenIsTheFirstThatHasText) {
  VirtualBench bench([](auto, const auto&) -> Steps { return stream(250ms, 10ms); });
  const auto records = bench.run({});
  EXPECT_EQ(records.at(0).value, 1.0) << records[0].error_message;
  EXPECT_EQ(records[0].timing.ttft, 249ms);  // since the request was written
}

// 500 at a time: everyone's own first token and pace, and the wait for a place apart from both.
TEST(NetRow, Net24LatencyIsCountedFromTheOwnRequest) {
  VirtualBench bench([](auto, const auto&) -> Steps { return stream(301ms, 20ms); });
  Options options;
  options.cases = 1500;
  options.concurrency = 500;
  const auto records = bench.run(options);
  ASSERT_EQ(records.size(), 1500U);
  for (const auto& record : records) {
    EXPECT_EQ(record.timing.ttft, 300ms);
    EXPECT_EQ(record.timing.e2e, 360ms);
    EXPECT_EQ(record.client_queue, 1ms);
  }
}

// The wait between two attempts, or nullopt when there was no second one.
std::optional<Duration> wait_after_429(const std::string& retry_after, std::string* why = nullptr) {
  int requests = 0;
  VirtualBench bench([&](auto, const auto&) -> Steps {
    if (++requests > 1) {
      return stream(10ms, 1ms);
    }
    return run::test::error(429,
                            R"({"error":{"message":"slow","type":"requests"}})",
                            {{"content-type", "application/json"}, {"retry-after", retry_after}});
  });
  Options options;
  options.retry = {};
  const auto records = bench.run(options);
  if (why != nullptr) {
    *why = records.at(0).error_message;
  }
  return records.at(0).attempts.size() > 1 ? std::optional(records[0].attempts[1].waited)
                                           : std::nullopt;
}

TEST(NetRow, Net17RetryAfterIsHonouredInEveryForm) {
  EXPECT_EQ(wait_after_429("1"), 1s);
  EXPECT_EQ(wait_after_429("0.25"), 250ms);
  // The fake clock begins with the year; the error takes three milliseconds to come.
  EXPECT_EQ(wait_after_429("Thu, 01 Jan 2026 00:00:30 GMT"), 30s - 3ms);
  // What makes no sense leaves the wait to the back-off.
  for (const std::string text : {"-5", "soon", ""}) {
    const auto wait = wait_after_429(text);
    ASSERT_TRUE(wait.has_value()) << text;
    EXPECT_GT(*wait, 0ms) << text;
    EXPECT_LE(*wait, 500ms) << text;
  }
}

TEST(NetRow, Net17ALongWaitIsGivenUpAtOnceWithTheReason) {
  std::string why;
  EXPECT_EQ(wait_after_429("3600", &why), std::nullopt);
  EXPECT_THAT(why, HasSubstr("asks to wait 60 min"));
}

}  // namespace
}  // namespace faceoff::matrix
