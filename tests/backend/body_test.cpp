#include "support.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace faceoff::backend::testing {
namespace {

struct Case {
  std::string file;
  std::string adapter;
  std::string text;
  std::string reasoning;
  std::string finish;
  std::size_t tool_calls;
};

// What ctest shows of a parameter.
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.file;
}

class WholeBody : public ::testing::TestWithParam<Case> {};

TEST_P(WholeBody, Net16IsReadWithoutAFirstTokenTime) {
  const Case& expected = GetParam();
  const auto backend = make(local_spec(expected.adapter));
  const std::string body = read_wire(expected.file);
  const Decoded decoded = decode(*backend, read_head(expected.file), body);
  EXPECT_FALSE(decoded.reply.failure);
  EXPECT_FALSE(decoded.reply.streamed);
  EXPECT_EQ(decoded.reply.completion.text, expected.text);
  EXPECT_EQ(decoded.reply.completion.reasoning, expected.reasoning);
  EXPECT_EQ(decoded.reply.completion.finish_text, expected.finish);
  EXPECT_EQ(decoded.reply.completion.tool_calls.size(), expected.tool_calls);
  EXPECT_EQ(decoded.reply.completion.usage.source, "usage");
  EXPECT_TRUE(std::ranges::none_of(decoded.events, chat::is_token, &chat::StreamEvent::what));
  ASSERT_FALSE(decoded.reply.warnings.empty());
  EXPECT_NE(decoded.reply.warnings[0].find("although a stream was asked for"), std::string::npos);
}

TEST_P(WholeBody, IsTruncatedWhenCut) {
  const auto backend = make(local_spec(GetParam().adapter));
  const std::string body = read_wire(GetParam().file);
  const std::string_view cut = std::string_view(body).substr(0, body.size() / 2);
  const Reply reply = decode(*backend, read_head(GetParam().file), cut).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::truncated);
}

const std::string kParis = "The capital of France is Paris.";

INSTANTIATE_TEST_SUITE_P(
    Wire,
    WholeBody,
    ::testing::Values(
        Case{"openai-chat.json", "openai", kParis, "", "stop", 0},
        Case{"openai-chat-refusal.json", "openai", "", "", "stop", 0},
        Case{"openai-chat-tool-call.json", "openai", "", "", "tool_calls", 2},
        Case{"openai-chat-length.json", "openai", "The capital of", "", "length", 0},
        Case{"vllm-chat.json", "openai-compatible", kParis, "", "stop", 0},
        Case{"ollama-openai-chat.json", "openai-compatible", kParis, "", "stop", 0},
        Case{"llama-server-chat.json", "llama-server", kParis, "", "stop", 0},
        Case{"llama-server-chat-reasoning.json",
             "llama-server",
             kParis,
             "I recall this\n",
             "stop",
             0},
        Case{"llama-server-chat-tool-call.json", "llama-server", "", "", "tool_calls", 1},
        Case{"ollama-chat-nostream.json", "ollama", kParis, "", "stop", 0}),
    [](const auto& test) { return test_name(test.param.file); });

TEST(WholeBodyOfOpenAi, GivesRefusalAndCachedTokens) {
  const auto backend = make(local_spec("openai"));
  const auto refused = decode(
      *backend, read_head("openai-chat-refusal.json"), read_wire("openai-chat-refusal.json"));
  EXPECT_EQ(refused.reply.completion.refusal, "I'm sorry, I can't assist with that request.");
  const auto cached =
      decode(*backend, read_head("openai-chat-cached.json"), read_wire("openai-chat-cached.json"));
  EXPECT_GT(cached.reply.completion.usage.cached_tokens.value_or(0), 0);
}

TEST(WholeBodyOfVllm, GivesItsQueueTime) {
  const auto backend = make(local_spec("openai-compatible"));
  const auto decoded = decode(*backend, read_head("vllm-chat.json"), read_wire("vllm-chat.json"));
  EXPECT_TRUE(decoded.reply.completion.server.queue_ms.has_value());
}

}  // namespace
}  // namespace faceoff::backend::testing
