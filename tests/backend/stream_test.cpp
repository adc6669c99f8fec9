#include "support.h"

#include <faceoff/base/files.h>

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::backend::testing {
namespace {

using Json = nlohmann::json;

// Streams that no adapter speaks.
const std::set<std::string, std::less<>> kSkipped{
    "ollama-generate.ndjson",  // /api/generate: the ollama adapter asks /api/chat
};

std::string_view adapter_for(std::string_view file) {
  if (file.starts_with("ollama-chat")) {
    return "ollama";
  }
  if (file.starts_with("llama-server-")) {
    return "llama-server";
  }
  return file.starts_with("vllm-") || file.starts_with("ollama-openai-") ? "openai-compatible"
                                                                         : "openai";
}

Json expectations() {
  return Json::parse(read_wire("EXPECTED.json"));
}

std::vector<std::string> stream_files() {
  std::vector<std::string> files;
  const Json all = expectations();
  for (const auto& [file, expected] : all.items()) {
    if (!kSkipped.contains(file)) {
      files.push_back(file);
    }
  }
  return files;
}

std::string choice(const Json& expected, const char* member) {
  const auto it = expected.find(member);
  return it == expected.end() ? "" : it->value("0", "");
}

std::string finish_word(const Json& expected) {
  return choice(expected, "finish");
}

class Stream : public ::testing::TestWithParam<std::string> {
 protected:
  std::string file_ = GetParam();
  std::string body_ = read_wire(file_);
  Head head_ = read_head(file_);
  std::unique_ptr<Backend> backend_ = make(local_spec(adapter_for(file_)));
};

TEST_P(Stream, IsReadAsTheReferenceReadsIt) {
  const Json expected = expectations().at(file_);
  const Decoded decoded = decode(*backend_, head_, body_);
  const auto& completion = decoded.reply.completion;
  EXPECT_EQ(completion.text, choice(expected, "text"));
  EXPECT_EQ(completion.reasoning, choice(expected, "reasoning"));
  EXPECT_EQ(completion.finish_text, finish_word(expected));
  EXPECT_EQ(completion.complete(), expected.at("complete").get<bool>());
  EXPECT_EQ(decoded.reply.failure.has_value(), !expected.at("complete").get<bool>());
  EXPECT_TRUE(decoded.reply.streamed);
  EXPECT_FALSE(decoded.reply.simulated);
}

TEST_P(Stream, GivesUsageAndTimingsAsTheyStandThere) {
  const Json expected = expectations().at(file_);
  const Decoded decoded = decode(*backend_, head_, body_);
  const auto& completion = decoded.reply.completion;
  if (expected.contains("usage")) {
    const Json& usage = expected.at("usage");
    const bool ollama = backend_->adapter() == "ollama";
    EXPECT_EQ(completion.usage.prompt_tokens,
              usage.at(ollama ? "prompt_eval_count" : "prompt_tokens").get<std::int64_t>());
    EXPECT_EQ(completion.usage.completion_tokens,
              usage.at(ollama ? "eval_count" : "completion_tokens").get<std::int64_t>());
    EXPECT_EQ(completion.usage.source, "usage");
  } else if (expected.contains("timings")) {
    const Json& timings = expected.at("timings");
    EXPECT_EQ(completion.usage.source, "server_timing");
    EXPECT_EQ(
        completion.usage.prompt_tokens,
        timings.at("cache_n").get<std::int64_t>() + timings.at("prompt_n").get<std::int64_t>());
  } else {
    EXPECT_EQ(completion.usage, chat::Usage());
  }
  if (expected.contains("timings")) {
    const Json& timings = expected.at("timings");
    EXPECT_EQ(completion.server.prompt_ms, timings.at("prompt_ms").get<double>());
    EXPECT_EQ(completion.server.predicted_ms, timings.at("predicted_ms").get<double>());
    EXPECT_EQ(completion.server.predicted_n, timings.at("predicted_n").get<std::int64_t>());
    EXPECT_EQ(completion.usage.cached_tokens, timings.at("cache_n").get<std::int64_t>());
  }
}

TEST_P(Stream, GivesToolCallsAsTheyStandThere) {
  const Json expected = expectations().at(file_);
  const auto calls = decode(*backend_, head_, body_).reply.completion.tool_calls;
  const Json wanted =
      expected.contains("tool_calls") ? expected.at("tool_calls").at("0") : Json::object();
  ASSERT_EQ(calls.size(), wanted.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Json& call = wanted.at(std::to_string(i));
    EXPECT_EQ(calls[i].id, call.at("id").get<std::string>());
    EXPECT_EQ(calls[i].name, call.at("name").get<std::string>());
    EXPECT_EQ(Json::parse(calls[i].arguments),
              Json::parse(call.at("arguments").get<std::string>()));
  }
}

TEST_P(Stream, Net13IsTheSameHoweverItIsCut) {
  const std::string whole = describe(decode(*backend_, head_, body_));
  std::vector<std::size_t> every(body_.size());
  std::iota(every.begin(), every.end(), std::size_t{1});
  EXPECT_EQ(describe(decode(*backend_, head_, body_, every)), whole) << "byte by byte";
  for (std::size_t cut = 1; cut < body_.size(); ++cut) {
    ASSERT_EQ(describe(decode(*backend_, head_, body_, {cut})), whole) << "cut at " << cut;
  }
}

TEST_P(Stream, Net05ThatIsResetAnywhereIsCompleteOnlyWithItsFinishReason) {
  Failure reset;
  reset.kind = FailureKind::reset;
  reset.retry = Retry::yes;
  // A prime step meets every part of a frame.
  for (std::size_t length = 0; length <= body_.size(); length += 13) {
    const auto reply =
        decode(*backend_, head_, std::string_view(body_).substr(0, length), {}, reset).reply;
    ASSERT_NE(reply.completion.complete(), reply.failure.has_value()) << length;
    if (reply.failure && reply.failure->kind != FailureKind::stream_error) {
      ASSERT_EQ(reply.failure->kind, FailureKind::truncated) << length;
      ASSERT_EQ(reply.failure->retry, Retry::yes) << length;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Wire, Stream, ::testing::ValuesIn(stream_files()), [](const auto& test) {
  return test_name(test.param);
});

TEST(StreamEvents, AreRoleThenContentThenFinishUsageAndDone) {
  const auto backend = make(local_spec("openai"));
  const Decoded decoded =
      decode(*backend, read_head("openai-chat-stream.sse"), read_wire("openai-chat-stream.sse"));
  EXPECT_EQ(classes(decoded),
            "role content content content content content content content empty usage done");
  EXPECT_EQ(decoded.events[1].characters, 3U);
  EXPECT_EQ(decoded.reply.completion.model, "gpt-4o-2024-11-20");
  EXPECT_EQ(decoded.reply.completion.fingerprint, "fp_example01");
  EXPECT_EQ(decoded.reply.completion.server.processing_ms, 301.0);
}

TEST(StreamEvents, OfLlamaServerCountNoProgressAndNoPingAsToken) {
  const auto backend = make(local_spec("llama-server"));
  const Decoded decoded = decode(*backend,
                                 read_head("llama-server-chat-stream-ping.sse"),
                                 read_wire("llama-server-chat-stream-ping.sse"));
  EXPECT_EQ(classes(decoded), "role ping role role content content content content empty done");
}

TEST(StreamEvents, OfAThinkingOllamaModelAreReasoningFirst) {
  const auto backend = make(local_spec("ollama"));
  const Decoded decoded = decode(
      *backend, read_head("ollama-chat-thinking.ndjson"), read_wire("ollama-chat-thinking.ndjson"));
  EXPECT_EQ(classes(decoded), "reasoning reasoning content done");
  EXPECT_DOUBLE_EQ(decoded.reply.completion.server.load_ms.value_or(0), 1.334875);
  EXPECT_DOUBLE_EQ(decoded.reply.completion.server.predicted_ms.value_or(0), 453.5599);
  EXPECT_EQ(decoded.reply.completion.server.prompt_n, std::nullopt);
}

TEST(StreamChoices, Net14BeyondTheFirstAreLeftOutWithAWarning) {
  const auto backend = make(local_spec("openai"));
  const Decoded decoded = decode(
      *backend, read_head("openai-chat-n2-stream.sse"), read_wire("openai-chat-n2-stream.sse"));
  EXPECT_EQ(decoded.reply.completion.text, "Paris.");
  ASSERT_EQ(decoded.reply.warnings.size(), 1U);
  EXPECT_NE(decoded.reply.warnings[0].find("only the first is used"), std::string::npos);
}

TEST(LogProbs, OfTheFirstTokenThatIsNotBlankAreKept) {
  const auto backend = make(local_spec("openai-compatible"));
  const std::string body =
      R"(data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null}]})"
      "\n\n"
      R"(data: {"choices":[{"index":0,"delta":{"content":" "},"logprobs":{"content":[{"token":" ",)"
      R"("logprob":-0.1,"top_logprobs":[{"token":" ","logprob":-0.1}]}]}}]})"
      "\n\n"
      R"(data: {"choices":[{"index":0,"delta":{"content":"B"},"logprobs":{"content":[{"token":"B",)"
      R"("logprob":-0.2,"top_logprobs":[{"token":"B","logprob":-0.2},{"token":"A","logprob":-2}]}]}}]})"
      "\n\n"
      R"(data: {"choices":[{"index":0,"delta":{"content":"."},"logprobs":{"content":[{"token":".",)"
      R"("logprob":-0.2,"top_logprobs":[{"token":".","logprob":-0.2}]}]},"finish_reason":"stop"}]})"
      "\n\ndata: [DONE]\n\n";
  const Decoded decoded = decode(*backend, read_head("none.sse"), body);
  const std::vector<chat::TokenChance> expected{{"B", -0.2}, {"A", -2.0}};
  EXPECT_EQ(decoded.reply.completion.first_token, expected);
  EXPECT_EQ(decoded.reply.completion.text, " B.");
}

TEST(LogProbs, AreAskedForInTheWordsOfTheServer) {
  chat::Request request;
  request.messages = {{chat::Role::user, "A or B?"}};
  request.params.top_logprobs = 5;
  for (const char* adapter : {"openai", "openai-compatible", "llama-server", "ollama"}) {
    const auto encoded = make(local_spec(adapter))->encode(request);
    ASSERT_TRUE(encoded) << adapter;
    EXPECT_NE(encoded->body.find("\"logprobs\":true,\"top_logprobs\":5"), std::string::npos)
        << encoded->body;
  }
}

}  // namespace
}  // namespace faceoff::backend::testing
