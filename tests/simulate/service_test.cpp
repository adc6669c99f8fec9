#include "support.h"

#include <faceoff/base/text.h>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace faceoff::simulate::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kOpenAi = "/v1/chat/completions";

Moment at(Duration since_start, std::int64_t busy = 0) {
  return {.now = TimePoint{} + since_start, .utc = UtcTime{}, .busy_slots = busy};
}

Script in(Dialect dialect) {
  Script script;
  script.dialect = dialect;
  return script;
}

TEST(Service, ChecksKeysInEachDialectsWords) {
  Script script;
  script.keys = {"test-key"};
  const std::string body = chat_body("hi");
  const HttpAnswer none = ask(script, request("POST", kOpenAi, body));
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(shape_of(none.body), shape_of(data_file("wire/openai-err-401-missing-key.json")));
  const HttpAnswer wrong =
      ask(script, request("POST", kOpenAi, body, "Authorization: Bearer nope-nope\r\n"));
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(shape_of(wrong.body), shape_of(data_file("wire/openai-err-401-invalid-key.json")));
  EXPECT_EQ(wrong.body.find("nope-nope"), std::string::npos);
  EXPECT_EQ(
      ask(script, request("POST", kOpenAi, body, "Authorization: bearer test-key\r\n")).status,
      200);
  EXPECT_EQ(ask(script, request("GET", "/v1/models")).status, 401);
  EXPECT_EQ(ask(script, request("GET", "/health")).status, 200);

  script.dialect = Dialect::llama_server;
  const HttpAnswer llama = ask(script, request("POST", kOpenAi, body));
  EXPECT_EQ(llama.status, 401);
  EXPECT_NE(llama.body.find(R"("message":"Invalid API Key","type":"authentication_error")"),
            std::string::npos);
  EXPECT_EQ(ask(script, request("POST", kOpenAi, body, "x-api-key: test-key\r\n")).status, 200);

  const HttpAnswer ollama = ask(script, request("POST", "/api/chat", body));
  EXPECT_EQ(ollama.body, R"({"error":"unauthorized"})");
}

TEST(Service, RefusesModelsThatTheScriptDoesNotList) {
  Script script;
  script.models = {"a", "b"};
  const std::string body = chat_body("hi");
  const HttpAnswer openai = ask(script, request("POST", kOpenAi, body));
  EXPECT_EQ(openai.status, 404);
  EXPECT_EQ(shape_of(openai.body), shape_of(data_file("wire/openai-err-404-model.json")));
  EXPECT_NE(openai.body.find("The model `m` does not exist"), std::string::npos);
  const HttpAnswer native = ask(script, request("POST", "/api/chat", body));
  EXPECT_EQ(native.status, 404);
  EXPECT_EQ(native.body, R"({"error":"model 'm' not found"})");
  script.dialect = Dialect::ollama;
  const HttpAnswer ollama = ask(script, request("POST", kOpenAi, body));
  EXPECT_EQ(shape_of(ollama.body), shape_of(data_file("wire/ollama-openai-err-404.json")));
  script.models.emplace_back("m");
  EXPECT_EQ(ask(script, request("POST", kOpenAi, body)).status, 200);
}

TEST(Service, RefusesAPromptThatFillsTheContext) {
  Script script;
  script.context = 10;
  const std::string body = chat_body(std::string(80, 'x'));
  const HttpAnswer openai = ask(script, request("POST", kOpenAi, body));
  EXPECT_EQ(openai.status, 400);
  EXPECT_EQ(shape_of(openai.body), shape_of(data_file("wire/openai-err-400-context-length.json")));
  EXPECT_NE(openai.body.find("maximum context length is 10 tokens"), std::string::npos);
  EXPECT_NE(openai.body.find("resulted in 20 tokens"), std::string::npos);
  script.dialect = Dialect::llama_server;
  const HttpAnswer llama = ask(script, request("POST", kOpenAi, body));
  EXPECT_EQ(llama.status, 400);
  EXPECT_EQ(shape_of(llama.body),
            shape_of(data_file("wire/llama-server-err-400-context-length.json")));
}

TEST(Service, CutsAnAnswerThatWouldNotFitIntoTheContext) {
  Script script;
  script.context = 4;
  script.fallback.text = "one two three four five";
  const HttpAnswer answer = ask(script, request("POST", kOpenAi, chat_body("abcdefgh")));
  EXPECT_NE(answer.body.find(R"("content":"one two ")"), std::string::npos);
  EXPECT_NE(answer.body.find(R"("finish_reason":"length")"), std::string::npos);
}

TEST(Service, SaysWhatIsWrongWithABody) {
  const auto answer = [](Dialect dialect, std::string_view path, std::string_view body) {
    return ask(in(dialect), request("POST", path, body));
  };
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, "{\"model\":").status, 400);
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, "[]").status, 400);
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, "{}").status, 400);
  EXPECT_NE(answer(Dialect::openai, kOpenAi, "{}").body.find(R"("param":"messages")"),
            std::string::npos);
  EXPECT_NE(answer(Dialect::llama_server, kOpenAi, R"({"messages":"x"})")
                .body.find("Expected 'messages' to be an array"),
            std::string::npos);
  EXPECT_EQ(answer(Dialect::ollama, "/api/chat", "").body, R"({"error":"missing request body"})");
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, chat_body("x", R"(,"n":2)")).status, 400);
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, chat_body("x", R"(,"stream":"yes")")).status, 400);
  EXPECT_EQ(
      answer(Dialect::openai, kOpenAi, R"({"messages":[{"role":"user","content":[3]}]})").status,
      400);
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, R"({"messages":[3]})").status, 400);
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, R"({"messages":[]})").status, 400);
  EXPECT_EQ(answer(Dialect::openai, kOpenAi, R"({"model":1,"messages":[]})").status, 400);
}

TEST(Service, RefusesDeepNestingAndInvalidUtf8) {
  const std::string deep = chat_body("x", R"(,"a":)" + std::string(100'000, '['));
  EXPECT_EQ(ask({}, request("POST", kOpenAi, deep)).status, 400);
  const std::string latin1 = "{\"messages\":[{\"role\":\"user\",\"content\":\"\xE4\"}]}";
  EXPECT_EQ(ask({}, request("POST", kOpenAi, latin1)).status, 400);
}

TEST(Service, ReadsTextPartsAndTheLastUserMessage) {
  Script script;
  script.echo = true;
  const HttpAnswer answer = ask(
      script,
      request(
          "POST",
          kOpenAi,
          R"({"messages":[{"role":"user","content":"first"},{"role":"assistant","content":"a"},)"
          R"({"role":"user","content":[{"type":"text","text":"sec"},)"
          R"({"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"ond"}]}]})"));
  EXPECT_NE(answer.body.find(R"("content":"second")"), std::string::npos);
  EXPECT_NE(answer.body.find(R"("prompt_tokens":3,)"), std::string::npos);
}

TEST(Service, AnswersAzurePathsAndOtherBaseAddresses) {
  const std::string body = chat_body("x");
  EXPECT_EQ(
      ask({}, request("POST", "/openai/deployments/d/chat/completions?api-version=1", body)).status,
      200);
  EXPECT_EQ(ask({}, request("GET", kOpenAi)).status, 404);
}

TEST(Service, IsLoadingForTheScriptedTime) {
  Script script = in(Dialect::llama_server);
  script.startup = milliseconds(500);
  Service service(script, TimePoint{});
  const HttpAnswer early =
      answer_of(service.handle(request("GET", "/health"), at(milliseconds(499))));
  EXPECT_EQ(early.status, 503);
  EXPECT_EQ(early.body,
            R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})");
  const HttpAnswer chat =
      answer_of(service.handle(request("POST", kOpenAi, chat_body("x")), at(milliseconds(499))));
  EXPECT_EQ(chat.status, 503);
  const HttpAnswer late =
      answer_of(service.handle(request("GET", "/health"), at(milliseconds(500))));
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.body, data_file("wire/llama-server-health-ok.json"));
}

TEST(Service, ListsModelsSlotsAndProperties) {
  Script script = in(Dialect::llama_server);
  script.model = "llama-x";
  script.slots = 3;
  script.context = 512;
  Service service(script, TimePoint{});
  const HttpAnswer slots = answer_of(service.handle(request("GET", "/slots"), at({}, 2)));
  EXPECT_EQ(lines_of(slots.body).size(), 1U);
  EXPECT_EQ(slots.body,
            R"([{"id":0,"n_ctx":512,"speculative":false,"is_processing":true},)"
            R"({"id":1,"n_ctx":512,"speculative":false,"is_processing":true},)"
            R"({"id":2,"n_ctx":512,"speculative":false,"is_processing":false}])");
  const std::string props = answer_of(service.handle(request("GET", "/props"), at({}))).body;
  EXPECT_NE(props.find(R"("total_slots":3,"model_alias":"llama-x")"), std::string::npos);
  EXPECT_NE(props.find(R"("n_ctx":512)"), std::string::npos);
  EXPECT_NE(shape_of(props), props);
  for (const std::string_view path : {"/v1/models", "/api/tags", "/api/ps", "/api/version"}) {
    const HttpAnswer answer = answer_of(service.handle(request("GET", path), at({})));
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_NE(shape_of(answer.body), answer.body) << path;
  }
  const HttpAnswer show =
      answer_of(service.handle(request("POST", "/api/show", R"({"model":"x"})"), at({})));
  EXPECT_NE(show.body.find(R"("simulated.context_length":512)"), std::string::npos);
  EXPECT_EQ(shape_of(ask(in(Dialect::openai), request("GET", "/v1/models")).body),
            R"({object:s,data:[{id:s,object:s,created:n,owned_by:s,shutdown_date:null}]})");
}

TEST(Service, AnswersHeadWithoutABody) {
  const HttpAnswer answer = ask({}, request("HEAD", "/"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "17");
  EXPECT_TRUE(answer.body.empty());
}

TEST(Service, LimitsRequestsPerMinuteAndSaysWhenToComeBack) {
  Script script;
  script.requests_per_minute = 2;
  Service service(script, TimePoint{});
  const HttpRequest chat = request("POST", kOpenAi, chat_body("x"));
  const HttpAnswer first = answer_of(service.handle(chat, at({})));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.header("x-ratelimit-limit-requests"), "2");
  EXPECT_EQ(first.header("x-ratelimit-remaining-requests"), "1");
  EXPECT_EQ(first.header("x-ratelimit-reset-requests"), "30s");
  EXPECT_EQ(answer_of(service.handle(chat, at({}))).status, 200);
  const HttpAnswer limited = answer_of(service.handle(chat, at(seconds(10))));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("retry-after"), "20");
  EXPECT_EQ(limited.header("retry-after-ms"), "20000");
  EXPECT_EQ(limited.header("x-should-retry"), "true");
  EXPECT_EQ(shape_of(limited.body), shape_of(data_file("wire/openai-err-429-rpm.json")));
  EXPECT_EQ(answer_of(service.handle(chat, at(seconds(30)))).status, 200);
}

TEST(Service, LimitsTokensPerMinuteByWhatTheRequestReserves) {
  Script script;
  script.tokens_per_minute = 100;
  Service service(script, TimePoint{});
  const HttpRequest chat = request("POST", kOpenAi, chat_body("x", R"(,"max_tokens":89)"));
  EXPECT_EQ(answer_of(service.handle(chat, at({}))).header("x-ratelimit-remaining-tokens"), "10");
  const HttpAnswer limited = answer_of(service.handle(chat, at({})));
  EXPECT_EQ(limited.status, 429);
  EXPECT_NE(limited.body.find(R"("type":"tokens")"), std::string::npos);
}

TEST(GoDuration, IsWrittenAsOpenAiWritesIt) {
  EXPECT_EQ(go_duration(Duration::zero()), "0s");
  EXPECT_EQ(go_duration(milliseconds(120)), "120ms");
  EXPECT_EQ(go_duration(seconds(1)), "1s");
  EXPECT_EQ(go_duration(milliseconds(2500)), "2.5s");
  EXPECT_EQ(go_duration(seconds(432)), "7m12s");
  EXPECT_EQ(go_duration(seconds(360)), "6m0s");
}

TEST(Service, HonoursStopWordsAndMaxTokens) {
  Script script;
  script.fallback.text = "one two three four";
  const HttpAnswer stopped =
      ask(script, request("POST", kOpenAi, chat_body("x", R"(,"stop":["three"])")));
  EXPECT_NE(stopped.body.find(R"("content":"one two ")"), std::string::npos);
  const HttpAnswer cut =
      ask(script, request("POST", kOpenAi, chat_body("x", R"(,"max_completion_tokens":1)")));
  EXPECT_NE(cut.body.find(R"("content":"one ")"), std::string::npos);
  EXPECT_NE(cut.body.find(R"("completion_tokens":1,)"), std::string::npos);
  EXPECT_NE(cut.body.find(R"("finish_reason":"length")"), std::string::npos);
  const HttpAnswer ollama = ask(
      script,
      request(
          "POST", "/api/chat", chat_body("x", R"(,"stream":false,"options":{"num_predict":2})")));
  EXPECT_NE(ollama.body.find(R"("content":"one two ")"), std::string::npos);
  EXPECT_NE(ollama.body.find(R"("done_reason":"length")"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::simulate::testing
