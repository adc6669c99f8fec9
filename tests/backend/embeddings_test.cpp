#include "support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::backend::testing {
namespace {

using Json = nlohmann::json;

chat::Request texts() {
  return {.messages = {{chat::Role::user, "one"}, {chat::Role::user, "two"}},
          .params = {},
          .wants = chat::Wants::embeddings};
}

// The answer to texts(), read by the decoder that belongs to it.
Reply read(const Backend& backend, int status, const std::string& body) {
  const auto decoder = backend.decoder_for(texts());
  std::vector<chat::StreamEvent> events;
  decoder->on_headers(status, {{"content-type", "application/json"}});
  decoder->on_bytes(body, TimePoint{}, events);
  return decoder->finish(std::nullopt, TimePoint{}, UtcTime{}, events);
}

TEST(Embeddings, GoToTheEndpointOfEachServer) {
  const std::vector<std::pair<std::string, std::string>> paths{{"openai", "/embeddings"},
                                                               {"openai-compatible", "/embeddings"},
                                                               {"llama-server", "/v1/embeddings"},
                                                               {"ollama", "/api/embed"}};
  for (const auto& [adapter, path] : paths) {
    const auto backend = make(local_spec(adapter));
    const auto request = backend->encode(texts());
    ASSERT_TRUE(request) << adapter;
    EXPECT_TRUE(request->url.ends_with(path)) << request->url;
    const Json body = Json::parse(request->body);
    EXPECT_EQ(body["input"], Json({"one", "two"})) << adapter;
    EXPECT_FALSE(body.contains("messages"));
    EXPECT_FALSE(body.contains("stream"));
  }
}

TEST(Embeddings, AreReadInTheOrderOfTheTexts) {
  const auto openai = make(local_spec("openai"));
  const Reply reply = read(*openai,
                           200,
                           R"({"object":"list","data":[{"index":1,"embedding":[0,1]},)"
                           R"({"index":0,"embedding":[1,0.5]}],"model":"m",)"
                           R"("usage":{"prompt_tokens":7,"total_tokens":7}})");
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(Json::parse(reply.completion.text), Json::parse("[[1,0.5],[0,1]]"));
  EXPECT_TRUE(reply.completion.complete());
  EXPECT_EQ(reply.completion.usage.prompt_tokens, 7);
  EXPECT_EQ(reply.completion.model, "m");
  const auto ollama = make(local_spec("ollama"));
  const Reply native =
      read(*ollama, 200, R"({"model":"e","embeddings":[[1,0],[0,1]],"prompt_eval_count":3})");
  EXPECT_FALSE(native.failure);
  EXPECT_EQ(Json::parse(native.completion.text), Json::parse("[[1,0],[0,1]]"));
  EXPECT_EQ(native.completion.usage.prompt_tokens, 3);
}

TEST(Embeddings, WhatIsNoneIsAFailure) {
  const auto backend = make(local_spec("llama-server"));
  EXPECT_TRUE(read(*backend, 200, R"({"choices":[]})").failure);
  EXPECT_TRUE(read(*backend, 200, "").failure);
  EXPECT_TRUE(read(*backend, 200, R"({"data":)").failure);
  const Reply off =
      read(*backend,
           501,
           R"({"error":{"code":501,"message":"This server does not support )"
           R"(embeddings. Start it with `--embeddings`","type":"not_supported_error"}})");
  ASSERT_TRUE(off.failure);
  EXPECT_NE(off.failure->message.find("--embeddings"), std::string::npos) << off.failure->message;
}

}  // namespace
}  // namespace faceoff::backend::testing
