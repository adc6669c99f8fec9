// What each part of the path of an answer costs: parsing its stream, deciding what is sent next,
// writing its record, reading it again, reading the suite.
#include <faceoff/backend/backend.h>
#include <faceoff/chat/metrics.h>
#include <faceoff/net/sse.h>
#include <faceoff/run/scheduler.h>
#include <faceoff/store/record.h>
#include <faceoff/suite/suite.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>

namespace faceoff {
namespace {

constexpr int kTokens = 100;

std::string stream_text() {
  const std::string before =
      R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,)"
      R"("model":"gpt-4o-2024-11-20","service_tier":"default","system_fingerprint":"fp_1",)"
      R"("choices":[{"index":0,"delta":)";
  std::string out = before + R"({"role":"assistant","content":"","refusal":null},)"
                             R"("logprobs":null,"finish_reason":null}],"usage":null})"
                             "\n\n";
  for (int i = 0; i < kTokens; ++i) {
    out += before + R"({"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null})"
                    "\n\n";
  }
  return out + before +
         R"({},"logprobs":null,"finish_reason":"stop"}],"usage":null})"
         "\n\n" +
         "data: [DONE]\n\n";
}

std::unique_ptr<backend::Backend> make_backend() {
  backend::Spec spec;
  spec.name = "bench";
  spec.adapter = "openai-compatible";
  spec.model = "m";
  spec.base_url = "http://127.0.0.1:1/v1";
  spec.origin = backend::Origin::flag;
  return *backend::create(spec, [](std::string_view) { return std::nullopt; });
}

store::Record record_of_stream() {
  const auto codec = make_backend();
  const auto decoder = codec->decoder();
  decoder->on_headers(200, {{"content-type", "text/event-stream"}});
  chat::Stamps stamps;
  stamps.ready = TimePoint{};
  TimePoint at{};
  const std::string text = stream_text();
  constexpr std::size_t kPiece = 200;
  for (std::size_t i = 0; i < text.size(); i += kPiece) {
    at += std::chrono::milliseconds(20);
    decoder->on_bytes(std::string_view(text).substr(i, kPiece), at, stamps.events);
  }
  stamps.end = at;
  auto reply = decoder->finish(std::nullopt, at, UtcTime{}, stamps.events);
  store::Record record;
  record.suite = "bench";
  record.case_id = "case-1";
  record.backend = "bench";
  record.digest = std::string(64, 'a');
  record.messages = {{.role = chat::Role::user, .text = "What is 17 + 25?"}};
  record.targets = {"42"};
  record.completion = std::move(reply.completion);
  record.timing = chat::derive_timing(stamps, kTokens);
  record.attempts.resize(1);
  record.scores.resize(1);
  return record;
}

void sse_parser(benchmark::State& state) {
  const std::string text = stream_text();
  for (auto _ : state) {
    std::size_t events = 0;
    net::SseParser parser([&](const net::SseEvent&) { ++events; }, [](std::string_view) {});
    benchmark::DoNotOptimize(parser.feed(text));
    benchmark::DoNotOptimize(events);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(sse_parser);

void decode_stream(benchmark::State& state) {
  const auto codec = make_backend();
  const std::string text = stream_text();
  for (auto _ : state) {
    const auto decoder = codec->decoder();
    decoder->on_headers(200, {{"content-type", "text/event-stream"}});
    std::vector<chat::StreamEvent> events;
    decoder->on_bytes(text, TimePoint{}, events);
    benchmark::DoNotOptimize(decoder->finish(std::nullopt, TimePoint{}, UtcTime{}, events));
  }
  state.SetItemsProcessed(state.iterations() * kTokens);
}
BENCHMARK(decode_stream);

void encode_request(benchmark::State& state) {
  const auto codec = make_backend();
  chat::Request request;
  request.messages = {{.role = chat::Role::user, .text = "What is 17 + 25?"}};
  request.params.max_tokens = 16;
  for (auto _ : state) {
    benchmark::DoNotOptimize(codec->encode(request));
  }
}
BENCHMARK(encode_request);

void scheduler(benchmark::State& state) {
  constexpr run::TrialId kTrials = 1000;
  const auto never = [](run::TrialId) { return kNever; };
  for (auto _ : state) {
    run::Scheduler scheduler({8, 8});
    for (run::TrialId id = 0; id < kTrials; ++id) {
      scheduler.add(id, id % 2);
    }
    while (true) {
      const auto action = scheduler.step(TimePoint{}, never);
      const auto* start = std::get_if<run::Scheduler::Start>(&action);
      if (start == nullptr) {
        break;
      }
      scheduler.watch(start->trial, TimePoint{} + std::chrono::seconds(1));
      scheduler.finish(start->trial, start->lane);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kTrials));
}
BENCHMARK(scheduler);

void write_record(benchmark::State& state) {
  const store::Record record = record_of_stream();
  for (auto _ : state) {
    benchmark::DoNotOptimize(store::to_line(record, "0123abcd"));
  }
}
BENCHMARK(write_record);

void read_record(benchmark::State& state) {
  const std::string line = store::to_line(record_of_stream(), "0123abcd");
  for (auto _ : state) {
    benchmark::DoNotOptimize(store::from_line(line));
  }
}
BENCHMARK(read_record);

void measure_answer(benchmark::State& state) {
  const store::Record record = record_of_stream();
  for (auto _ : state) {
    benchmark::DoNotOptimize(chat::measure({.timing = record.timing,
                                            .completion = record.completion,
                                            .client_queue = Duration{0},
                                            .schedule_delay = std::nullopt}));
  }
}
BENCHMARK(measure_answer);

void load_suite(benchmark::State& state) {
  constexpr int kCases = 10'000;
  const auto folder = std::filesystem::temp_directory_path() / "faceoff-path-bench";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "suite.yaml")
      << "suite: bench\ndefaults: {score: number}\nfiles: [cases.jsonl]\n";
  {
    std::ofstream cases(folder / "cases.jsonl");
    for (int i = 0; i < kCases; ++i) {
      cases << R"({"id":"c)" << i << R"(","prompt":"What is )" << i << R"( + 1?","target":"42"})"
            << "\n";
    }
  }
  for (auto _ : state) {
    doc::Diagnostics diagnostics;
    const auto suite = suite::load(folder / "suite.yaml", diagnostics);
    const auto source = (*suite)->open();
    while (const auto item = source->next(diagnostics)) {
      if (!*item) {
        break;
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * kCases);
  std::filesystem::remove_all(folder);
}
BENCHMARK(load_suite)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace faceoff

BENCHMARK_MAIN();
