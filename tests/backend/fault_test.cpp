#include "support.h"

#include <gtest/gtest.h>

namespace faceoff::backend::testing {
namespace {

const Head kStream{200, {{"Content-Type", "text/event-stream; charset=utf-8"}}};

std::string frame(std::string_view json) {
  return "data: " + std::string(json) + "\n\n";
}
std::string text_frame(std::string_view text) {
  return frame(R"({"choices":[{"index":0,"delta":{"content":")" + std::string(text) + R"("}}]})");
}
std::string finish_frame(std::string_view word = "stop") {
  return frame(R"({"choices":[{"index":0,"delta":{},"finish_reason":")" + std::string(word) +
               R"("}]})");
}
const std::string kDone = "data: [DONE]\n\n";

Decoded read(std::string_view body, const Head& head = kStream) {
  return decode(*make(local_spec("openai")), head, body);
}

TEST(OpenAiStream, Net06WithoutAFinishReasonIsTruncatedEvenAfterDone) {
  for (const std::string& body : {text_frame("Par"), text_frame("Par") + kDone, kDone}) {
    const Reply reply = read(body).reply;
    ASSERT_TRUE(reply.failure) << body;
    EXPECT_EQ(reply.failure->kind, FailureKind::truncated);
    EXPECT_EQ(reply.failure->retry, Retry::yes);
    EXPECT_FALSE(reply.completion.complete());
  }
  EXPECT_EQ(read(text_frame("Par")).reply.completion.text, "Par");
}

TEST(OpenAiStream, Net07WithoutDoneIsCompleteWithAWarning) {
  const Reply reply = read(text_frame("Paris") + finish_frame()).reply;
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.completion.text, "Paris");
  EXPECT_EQ(reply.warnings, std::vector<std::string>{"no [DONE] after the finish reason"});
}

TEST(OpenAiStream, Net07CutAfterTheFinishReasonIsComplete) {
  Failure reset;
  reset.kind = FailureKind::reset;
  const auto backend = make(local_spec("openai"));
  const Reply reply =
      decode(*backend, kStream, text_frame("Paris") + finish_frame() + "data: {\"usa", {}, reset)
          .reply;
  EXPECT_FALSE(reply.failure);
  ASSERT_EQ(reply.warnings.size(), 1U);
  EXPECT_NE(reply.warnings[0].find("reset"), std::string::npos);
}

TEST(OpenAiStream, Net14TakesUsageFromAnyChunkAndTheLastWins) {
  const Reply reply =
      read(
          frame(R"({"choices":[],"prompt_filter_results":[]})") +
          frame(
              R"({"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}})") +
          finish_frame() +
          frame(
              R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":1}}})") +
          frame(R"({"choices":[],"usage":null})") + kDone)
          .reply;
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.completion.usage.prompt_tokens, 7);
  EXPECT_EQ(reply.completion.usage.completion_tokens, 2);
  EXPECT_EQ(reply.completion.usage.reasoning_tokens, 1);
  EXPECT_EQ(reply.completion.usage.cached_tokens, std::nullopt);
  EXPECT_TRUE(reply.warnings.empty());
}

TEST(OpenAiStream, Net14CountsNullAndEmptyContentAsNoToken) {
  const Decoded decoded =
      read(frame(R"({"choices":[{"delta":{"role":"assistant","content":null}}]})") +
           frame(R"({"choices":[{"delta":{"content":""}}]})") + frame(R"({"choices":[{}]})") +
           text_frame(" ") + finish_frame() + kDone);
  EXPECT_EQ(classes(decoded), "role empty empty empty content done");
  EXPECT_EQ(decoded.reply.completion.text, " ");
}

TEST(OpenAiStream, ReadsReasoningUnderBothNamesOnce) {
  const Decoded decoded =
      read(frame(R"({"choices":[{"delta":{"reasoning_content":"ab","reasoning":"ab"}}]})") +
           frame(R"({"choices":[{"delta":{"reasoning":"c"}}]})") + text_frame("d") +
           finish_frame() + kDone);
  EXPECT_EQ(decoded.reply.completion.reasoning, "abc");
  EXPECT_EQ(decoded.reply.completion.text, "d");
  EXPECT_EQ(classes(decoded), "reasoning reasoning content empty done");
}

TEST(OpenAiStream, JoinsRefusals) {
  const Decoded decoded =
      read(frame(R"({"choices":[{"delta":{"refusal":"I can"}}]})") +
           frame(R"({"choices":[{"delta":{"refusal":"not"}}]})") + finish_frame() + kDone);
  EXPECT_EQ(decoded.reply.completion.refusal, "I cannot");
  EXPECT_EQ(decoded.reply.completion.text, "");
  EXPECT_EQ(classes(decoded), "refusal refusal empty done");
}

TEST(OpenAiStream, JoinsParallelToolCallsByIndexAndById) {
  const std::string by_index =
      frame(
          R"({"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}}]})") +
      frame(
          R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}},{"index":1,"function":{"arguments":"}"}}]}}]})");
  const std::string by_id =
      frame(
          R"({"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"1"}}]}}]})") +
      frame(
          R"({"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{"}},{"function":{"arguments":"}"}}]}}]})");
  const std::vector<chat::ToolCall> wanted{{"a", "f", "1"}, {"b", "g", "{}"}};
  EXPECT_EQ(read(by_index + finish_frame("tool_calls") + kDone).reply.completion.tool_calls,
            wanted);
  EXPECT_EQ(read(by_id + finish_frame("tool_calls") + kDone).reply.completion.tool_calls, wanted);
}

TEST(OpenAiStream, Net15ReportsAnErrorInTheStreamAlsoWhenDoneFollows) {
  const std::string error = R"({"error":{"message":"out of memory","type":"server_error"}})";
  for (const std::string& body : {text_frame("Par") + frame(error),
                                  text_frame("Par") + frame(error) + kDone,
                                  text_frame("Par") + "event: error\n" + frame(error),
                                  text_frame("Par") + "error: " + error + "\n\n" + kDone}) {
    const Decoded decoded = read(body);
    ASSERT_TRUE(decoded.reply.failure) << body;
    EXPECT_EQ(decoded.reply.failure->kind, FailureKind::stream_error) << body;
    EXPECT_EQ(decoded.reply.failure->retry, Retry::yes);
    EXPECT_NE(decoded.reply.failure->message.find("out of memory"), std::string::npos);
    EXPECT_EQ(decoded.reply.completion.text, "Par");
    EXPECT_NE(classes(decoded).find("error"), std::string::npos);
  }
}

TEST(OpenAiStream, ReportsAFinishReasonThatMeansAnError) {
  const Reply reply = read(text_frame("Par") + finish_frame("error") + kDone).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::stream_error);
  EXPECT_FALSE(reply.completion.complete());
}

TEST(OpenAiStream, Net15ReportsAnUnframedErrorBody) {
  const Reply reply =
      read(R"({"error":{"message":"bad luck","type":"server_error","code":500}})").reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::stream_error);
}

TEST(OpenAiStream, Net15ReportsALoginPage) {
  const std::string page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
  for (const Head& head : {Head{200, {{"content-type", "text/html; charset=utf-8"}}},
                           Head{200, {{"content-type", "text/event-stream"}}},
                           Head{200, {}}}) {
    const Reply reply = read("\n" + page, head).reply;
    ASSERT_TRUE(reply.failure);
    EXPECT_EQ(reply.failure->kind, FailureKind::bad_content_type);
    EXPECT_EQ(reply.failure->retry, Retry::no);
    EXPECT_NE(reply.failure->message.find("Sign in"), std::string::npos);
    EXPECT_FALSE(reply.completion.complete());
  }
}

TEST(OpenAiStream, Net15ReportsPlainTextAndForeignJson) {
  const Head text{200, {{"content-type", "text/plain"}}};
  const Head json{200, {{"content-type", "application/json"}}};
  EXPECT_EQ(read("please log in first", text).reply.failure->kind, FailureKind::bad_content_type);
  EXPECT_EQ(read(R"({"status":"ok"})", json).reply.failure->kind, FailureKind::bad_content_type);
  EXPECT_EQ(read("", Head{204, {}}).reply.failure->kind, FailureKind::empty_reply);
  EXPECT_EQ(read("", Head{204, {}}).reply.failure->retry, Retry::no);
}

TEST(OpenAiStream, ReportsAMalformedFrameInTheMiddle) {
  const Reply reply =
      read(text_frame("a") + frame("{oops") + text_frame("b") + finish_frame()).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::stream_error);
}

TEST(OpenAiStream, ReportsFramesThatAreTooDeepOrNoObjects) {
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  for (const std::string& data : {deep, std::string("7"), std::string("\"text\"")}) {
    const Reply reply = read(text_frame("a") + frame(data) + finish_frame() + kDone).reply;
    ASSERT_TRUE(reply.failure) << data;
    EXPECT_EQ(reply.failure->kind, FailureKind::stream_error);
  }
}

TEST(OpenAiStream, ForgivesContentAfterTheFinishReason) {
  const Reply reply = read(text_frame("a") + finish_frame() + text_frame("b") + kDone).reply;
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.completion.text, "ab");
  EXPECT_EQ(reply.warnings, std::vector<std::string>{"text came after the finish reason"});
}

TEST(OpenAiStream, Out07KeepsBytesThatAreNoText) {
  const Reply reply = read(text_frame("a\xFF"
                                      "b\xE2\x82") +
                           text_frame("\xAC\\u0000\\ud800!") + finish_frame() + kDone)
                          .reply;
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.completion.text,
            std::string("a\xFF"
                        "b\xE2\x82\xAC") +
                std::string(1, '\0') + "\xED\xA0\x80!");
}

TEST(OpenAiStream, IsMarkedSimulatedByItsHeader) {
  const Head head{200, {{"content-type", "text/event-stream"}, {"X-Faceoff-Simulated", "1"}}};
  EXPECT_TRUE(read(text_frame("a") + finish_frame() + kDone, head).reply.simulated);
}

TEST(OpenAiStream, GivesTheStatusErrorEvenWhenItsBodyIsCut) {
  Failure reset;
  reset.kind = FailureKind::reset;
  const auto backend = make(local_spec("openai"));
  const Reply reply = decode(*backend, Head{401, {}}, R"({"error":{"mess)", {}, reset).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::auth);
}

TEST(OpenAiStream, PassesOurOwnLimitsOnAsTheyAre) {
  Failure timeout;
  timeout.kind = FailureKind::idle_timeout;
  timeout.retry = Retry::yes;
  const auto backend = make(local_spec("openai"));
  const Reply reply = decode(*backend, kStream, text_frame("Par"), {}, timeout).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::idle_timeout);
  EXPECT_EQ(reply.completion.text, "Par");
}

TEST(OpenAiStream, Net12ThatNeverEndsALineIsTooLarge) {
  const Reply reply = read("data: " + std::string(2UL * 1024 * 1024, 'x')).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::too_large);
}

TEST(OllamaStream, ReportsAnErrorLineAndACutStream) {
  const auto backend = make(local_spec("ollama"));
  const Head head{200, {{"content-type", "application/x-ndjson"}}};
  const std::string line = R"({"model":"m","message":{"content":"Par"},"done":false})"
                           "\n";
  const Reply broken = decode(*backend,
                              head,
                              line + R"({"error":"runner died"})"
                                     "\n")
                           .reply;
  ASSERT_TRUE(broken.failure);
  EXPECT_EQ(broken.failure->kind, FailureKind::stream_error);
  EXPECT_EQ(broken.completion.text, "Par");
  EXPECT_EQ(decode(*backend, head, line).reply.failure->kind, FailureKind::truncated);
  EXPECT_EQ(decode(*backend, head, line + R"({"message":{"con)").reply.failure->kind,
            FailureKind::truncated);
  EXPECT_EQ(decode(*backend, head, "<html></html>").reply.failure->kind,
            FailureKind::bad_content_type);
  EXPECT_EQ(decode(*backend, head, line + "oops\n" + line).reply.failure->kind,
            FailureKind::stream_error);
}

TEST(OllamaStream, LeavesCountsUnreportedThatTheServerLeftOut) {
  const auto backend = make(local_spec("ollama"));
  const Reply reply =
      decode(
          *backend,
          Head{200, {{"content-type", "application/x-ndjson"}}},
          R"({"message":{"content":"a"},"done":true,"eval_count":1,"prompt_eval_count":9,"prompt_eval_cached_count":7})"
          "\n")
          .reply;
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.completion.finish, chat::Finish::stop);
  EXPECT_EQ(reply.completion.server.prompt_n, 2);
  EXPECT_EQ(reply.completion.usage.cached_tokens, 7);
  EXPECT_EQ(reply.completion.server.load_ms, std::nullopt);
}

}  // namespace
}  // namespace faceoff::backend::testing
