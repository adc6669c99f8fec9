// The dialects against recorded answers: the same fields, in the same order, of the same types.
#include "support.h"

#include <gtest/gtest.h>

namespace faceoff::simulate::testing {
namespace {

Script script_of(Dialect dialect) {
  Script script;
  script.model = "the-model";
  script.dialect = dialect;
  // As with a model that is not fast beyond measure: Ollama leaves out a duration of zero.
  script.latency = {.first_token = std::chrono::milliseconds(10),
                    .jitter = {},
                    .per_token = std::chrono::milliseconds(2)};
  script.rules.push_back(
      {.match = "France", .regex = nullptr, .answer = {.text = "The capital of France is Paris."}});
  script.rules.push_back({.match = "think",
                          .regex = nullptr,
                          .answer = {.text = "Paris.", .reasoning = "I recall this."}});
  script.rules.push_back(
      {.match = "weapon", .regex = nullptr, .answer = {.refusal = "I cannot help with that."}});
  script.rules.push_back({.match = "weather",
                          .regex = nullptr,
                          .answer = {.tool_call = chat::ToolCall{.id = "call_1",
                                                                 .name = "get_weather",
                                                                 .arguments = R"({"city":"Lyon"})"},
                                     .finish = chat::Finish::tool_calls}});
  return script;
}

constexpr std::string_view kStream = R"(,"stream":true)";
constexpr std::string_view kStreamUsage =
    R"(,"stream":true,"stream_options":{"include_usage":true})";

HttpAnswer chat(Dialect dialect, std::string_view prompt, std::string_view more = "") {
  const std::string path =
      more.find("native") == std::string_view::npos ? "/v1/chat/completions" : "/api/chat";
  return ask(script_of(dialect), request("POST", path, chat_body(prompt, more)));
}

TEST(OpenAiWire, AnswersLikeTheRecordedCompletion) {
  const HttpAnswer answer = chat(Dialect::openai, "The capital of France?");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.header("x-faceoff-simulated"), "1");
  EXPECT_EQ(answer.header("openai-processing-ms"), "24");
  EXPECT_EQ(answer.header("x-request-id").size(), 36U);
  EXPECT_EQ(shape_of(answer.body), shape_of(data_file("wire/openai-chat.json")));
  EXPECT_NE(answer.body.find(R"("content":"The capital of France is Paris.")"), std::string::npos);
}

TEST(OpenAiWire, StreamsRoleTokensFinishUsageDone) {
  const HttpAnswer answer = chat(Dialect::openai, "The capital of France?", kStreamUsage);
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(shapes_of(sse_data(answer.body)),
            shapes_of(sse_data(data_file("wire/openai-chat-stream.sse")), "obfuscation"));
}

TEST(OpenAiWire, StreamsNoUsageUnlessAsked) {
  const HttpAnswer answer = chat(Dialect::openai, "The capital of France?", kStream);
  EXPECT_EQ(shapes_of(sse_data(answer.body)),
            shapes_of(sse_data(data_file("wire/openai-chat-stream-nousage.sse"))));
}

TEST(OpenAiWire, PutsARefusalBesideANullContent) {
  const HttpAnswer answer = chat(Dialect::openai, "a weapon");
  EXPECT_EQ(shape_of(answer.body), shape_of(data_file("wire/openai-chat-refusal.json")));
  const HttpAnswer stream = chat(Dialect::openai, "a weapon", kStream);
  EXPECT_NE(stream.body.find(R"("delta":{"refusal":"I ca"})"), std::string::npos);
  EXPECT_EQ(stream.body.find(R"("delta":{"content":)"), std::string::npos);
}

TEST(OpenAiWire, AnswersWithAToolCall) {
  const HttpAnswer answer = chat(Dialect::openai, "weather");
  EXPECT_EQ(shape_of(answer.body), shape_of(data_file("wire/openai-chat-tool-call.json")));
  const HttpAnswer stream = chat(Dialect::openai, "weather", kStream);
  const auto frames = sse_data(stream.body);
  ASSERT_GE(frames.size(), 5U);
  EXPECT_NE(frames[1].find(R"("function":{"name":"get_weather","arguments":""})"),
            std::string::npos);
  EXPECT_NE(frames[2].find(R"("tool_calls":[{"index":0,"function":{"arguments":"{\"ci"}}])"),
            std::string::npos);
  EXPECT_NE(frames[frames.size() - 2].find(R"("finish_reason":"tool_calls")"), std::string::npos);
}

TEST(LlamaWire, AnswersLikeTheRecordedCompletion) {
  const HttpAnswer answer = chat(Dialect::llama_server, "The capital of France?");
  EXPECT_EQ(answer.header("server"), "llama.cpp");
  EXPECT_EQ(answer.header("x-request-id"), "");
  EXPECT_EQ(shape_of(answer.body), shape_of(data_file("wire/llama-server-chat.json")));
}

TEST(LlamaWire, CountsTheFirstTokenToThePrompt) {
  const HttpAnswer answer = chat(Dialect::llama_server, "The capital of France?");
  EXPECT_NE(answer.body.find(R"("prompt_n":6,"prompt_ms":10)"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find(R"("predicted_n":8,"predicted_ms":14,"predicted_per_token_ms":2)"),
            std::string::npos)
      << answer.body;
}

TEST(LlamaWire, PutsTimingsOnTheLastChunk) {
  const HttpAnswer with = chat(Dialect::llama_server, "The capital of France?", kStreamUsage);
  EXPECT_EQ(shapes_of(sse_data(with.body)),
            shapes_of(sse_data(data_file("wire/llama-server-chat-stream.sse"))));
  const HttpAnswer without = chat(Dialect::llama_server, "The capital of France?", kStream);
  EXPECT_EQ(shapes_of(sse_data(without.body)),
            shapes_of(sse_data(data_file("wire/llama-server-chat-stream-nousage.sse"))));
}

TEST(LlamaWire, NamesTheReasoningBesideTheContent) {
  const HttpAnswer answer = chat(Dialect::llama_server, "think");
  EXPECT_EQ(shape_of(answer.body), shape_of(data_file("wire/llama-server-chat-reasoning.json")));
}

TEST(LlamaWire, StreamsAToolCallInFragments) {
  const HttpAnswer answer = chat(Dialect::llama_server, "weather", kStreamUsage);
  EXPECT_EQ(shapes_of(sse_data(answer.body)),
            shapes_of(sse_data(data_file("wire/llama-server-chat-tool-call-stream.sse"))));
}

TEST(OllamaWire, StreamsUnlessToldNotTo) {
  const HttpAnswer answer = chat(Dialect::ollama, "The capital of France?", R"(,"x":"native")");
  EXPECT_EQ(answer.header("content-type"), "application/x-ndjson");
  EXPECT_EQ(shapes_of(lines_of(answer.body), "load_duration"),
            shapes_of(lines_of(data_file("wire/ollama-chat.ndjson")), "load_duration"));
  const HttpAnswer whole =
      chat(Dialect::ollama, "The capital of France?", R"(,"x":"native","stream":false)");
  EXPECT_EQ(shape_of(whole.body, "load_duration"),
            shape_of(data_file("wire/ollama-chat-nostream.json"), "load_duration"));
}

TEST(OllamaWire, SendsThinkingAndToolCallsAsRecorded) {
  const HttpAnswer thinking = chat(Dialect::ollama, "think", R"(,"x":"native")");
  EXPECT_EQ(shapes_of(lines_of(thinking.body), "load_duration"),
            shapes_of(lines_of(data_file("wire/ollama-chat-thinking.ndjson")), "load_duration"));
  const HttpAnswer tool = chat(Dialect::ollama, "weather", R"(,"x":"native")");
  EXPECT_EQ(shapes_of(lines_of(tool.body), "load_duration"),
            shapes_of(lines_of(data_file("wire/ollama-chat-tool-call.ndjson")), "load_duration"));
}

TEST(OllamaWire, WritesNanosecondsInItsTimes) {
  const HttpAnswer answer = chat(Dialect::ollama, "The capital of France?", R"(,"x":"native")");
  EXPECT_NE(answer.body.find(R"("created_at":"1970-01-01T00:00:00.000000000Z")"),
            std::string::npos);
  EXPECT_NE(answer.body.find(R"("total_duration":24000000,)"), std::string::npos);
}

TEST(OllamaWire, ServesItsOwnKindOfChatCompletions) {
  const HttpAnswer answer = chat(Dialect::ollama, "The capital of France?");
  EXPECT_EQ(shape_of(answer.body), shape_of(data_file("wire/ollama-openai-chat.json")));
  const HttpAnswer stream = chat(Dialect::ollama, "The capital of France?", kStreamUsage);
  EXPECT_EQ(shapes_of(sse_data(stream.body)),
            shapes_of(sse_data(data_file("wire/ollama-openai-chat-stream.sse"))));
}

TEST(Wire, EscapesWhatJsonDoesNotAllow) {
  Script script;
  script.fallback.text = "a \"quote\", a \\, a\ttab,\na line and \x01";
  const HttpAnswer answer = ask(script, request("POST", "/v1/chat/completions", chat_body("x")));
  EXPECT_NE(answer.body.find(R"("content":"a \"quote\", a \\, a\ttab,\na line and \u0001")"),
            std::string::npos);
  EXPECT_NE(shape_of(answer.body), answer.body);
}

}  // namespace
}  // namespace faceoff::simulate::testing
