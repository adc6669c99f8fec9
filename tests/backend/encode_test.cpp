#include "support.h"

#include <faceoff/base/files.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::backend::testing {
namespace {

using Json = nlohmann::ordered_json;

struct Case {
  std::string name;
  std::string adapter;
  std::string model;
  std::optional<std::string> api_version;
  chat::Params params;
};

chat::Params common_params() {
  chat::Params params;
  params.temperature = 0.0;
  params.top_p = 1.0;
  params.presence_penalty = 0.5;
  params.frequency_penalty = -0.5;
  params.max_tokens = 64;
  params.seed = 42;
  params.stop = {"\n\n", "END"};
  params.response_format = "json";
  return params;
}

chat::Params local_params() {
  chat::Params params = common_params();
  params.top_k = 40;
  params.min_p = 0.05;
  params.repeat_penalty = 1.0;
  params.reasoning_effort = "low";
  params.response_format =
      R"({"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":false})";
  return params;
}

chat::Params reasoning_params() {
  chat::Params params = common_params();
  params.reasoning_effort = "low";
  params.stop.clear();
  return params;
}

std::vector<Case> cases() {
  return {{"openai", "openai", "gpt-4o-2024-11-20", std::nullopt, common_params()},
          {"openai-reasoning", "openai", "gpt-6-luna", std::nullopt, reasoning_params()},
          {"azure", "openai", "my deployment", "2024-10-21", common_params()},
          {"llama-server", "llama-server", "llama-4-scout", std::nullopt, local_params()},
          {"ollama", "ollama", "llama3.1:8b", std::nullopt, local_params()},
          {"openai-compatible", "openai-compatible", "org/model", std::nullopt, local_params()}};
}

chat::Request request_with(const chat::Params& params) {
  chat::Request request;
  request.messages = {{chat::Role::developer, "Answer in JSON."},
                      {chat::Role::user, "Caf\u00e9 \"quoted\"\nsecond line"},
                      {chat::Role::assistant, "{}"},
                      {chat::Role::user, "again"}};
  request.params = params;
  return request;
}

std::unique_ptr<Backend> backend_for(const Case& test_case) {
  Spec spec = local_spec(test_case.adapter);
  spec.model = test_case.model;
  spec.api_version = test_case.api_version;
  spec.base_url = "http://127.0.0.1:8000";
  return make(spec);
}

// What ctest shows of a parameter.
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Encoded : public ::testing::TestWithParam<Case> {};

// FACEOFF_UPDATE_GOLDEN=1 rewrites the expected files.
TEST_P(Encoded, RequestIsTheOneOnFile) {
  const auto request = backend_for(GetParam())->encode(request_with(GetParam().params));
  ASSERT_TRUE(request) << request.error().message;
  Json found{
      {"url", request->url}, {"headers", Json::object()}, {"body", Json::parse(request->body)}};
  for (const auto& [name, value] : request->headers) {
    found["headers"][name] = value;
  }
  const std::filesystem::path path =
      std::filesystem::path(FACEOFF_TEST_DATA) / "backend" / (GetParam().name + ".json");
  if (std::getenv("FACEOFF_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file_atomic(path, found.dump(2) + "\n", 0644));
  }
  const auto expected = read_file(path);
  ASSERT_TRUE(expected);
  EXPECT_EQ(found.dump(2) + "\n", *expected);
}

INSTANTIATE_TEST_SUITE_P(Golden, Encoded, ::testing::ValuesIn(cases()), [](const auto& test) {
  return test_name(test.param.name);
});

TEST(Encoding, RefusesWhatOpenAiCannotSay) {
  const auto backend = backend_for(cases()[0]);
  chat::Request request = request_with({});
  request.params.top_k = 40;
  const auto encoded = backend->encode(request);
  ASSERT_FALSE(encoded);
  EXPECT_EQ(encoded.error().kind, ErrorKind::usage);
  EXPECT_NE(encoded.error().message.find("'top_k'"), std::string::npos);
  EXPECT_NE(encoded.error().message.find("'openai'"), std::string::npos);
}

TEST(Encoding, KnowsWhatFamiliesOfModelsTake) {
  const auto body = [](std::string model, std::optional<std::string> effort = std::nullopt) {
    chat::Request request = request_with({});
    request.params.max_tokens = 5;
    request.params.temperature = 0.0;
    request.params.reasoning_effort = std::move(effort);
    return backend_for({"", "openai", std::move(model), std::nullopt, {}})->encode(request)->body;
  };
  for (const char* model : {"gpt-4o",
                            "gpt-4.1-mini",
                            "gpt-3.5-turbo",
                            "gpt-oss-120b",
                            "other",
                            "ft:gpt-4o:org::id",
                            "omni-1"}) {
    EXPECT_NE(body(model).find("\"max_tokens\":5"), std::string::npos) << model;
    EXPECT_NE(body(model).find("\"temperature\":0.0"), std::string::npos) << model;
  }
  for (const char* model : {"o1",
                            "o3-mini",
                            "o4-mini-2025-04-16",
                            "gpt-5",
                            "gpt-5.2-pro",
                            "gpt-6-luna",
                            "gpt-12",
                            "ft:o4-mini:org::id"}) {
    EXPECT_NE(body(model).find("\"max_completion_tokens\":5"), std::string::npos) << model;
    EXPECT_EQ(body(model).find("temperature"), std::string::npos) << model;
    EXPECT_NE(body(model, "none").find("\"temperature\":0.0"), std::string::npos) << model;
  }
  EXPECT_NE(body("gpt-5-chat-latest").find("\"temperature\":0.0"), std::string::npos);
}

TEST(Encoding, SaysWhatItLeavesOut) {
  const auto reasoning = backend_for(cases()[1]);
  const auto notes = reasoning->left_out(request_with(reasoning_params()));
  ASSERT_EQ(notes.size(), 4U);
  EXPECT_EQ(notes[0], "'temperature' was not sent: model 'gpt-6-luna' takes only its default");
  EXPECT_TRUE(backend_for(cases()[0])->left_out(request_with(common_params())).empty());
}

TEST(Encoding, OfAModelFileNamesNoPath) {
  Spec spec = local_spec("llama-server");
  spec.model = "/home/me/models/secret-name.gguf";
  const auto request = make(spec)->encode(request_with({}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->body.find("secret-name"), std::string::npos);
}

TEST(Encoding, OfLlamaServerIsColdUnlessAsked) {
  Spec spec = local_spec("llama-server");
  EXPECT_NE(make(spec)->encode(request_with({}))->body.find("\"cache_prompt\":false"),
            std::string::npos);
  spec.prompt_cache = true;
  EXPECT_NE(make(spec)->encode(request_with({}))->body.find("\"cache_prompt\":true"),
            std::string::npos);
}

TEST(Encoding, OfOllamaSetsContextAndThinking) {
  Spec spec = local_spec("ollama");
  spec.context = 8192;
  const auto body = [&](std::string effort) {
    chat::Request request = request_with({});
    request.params.reasoning_effort = std::move(effort);
    return make(spec)->encode(request)->body;
  };
  EXPECT_NE(body("none").find("\"think\":false"), std::string::npos);
  EXPECT_NE(body("minimal").find("\"think\":\"low\""), std::string::npos);
  EXPECT_NE(body("high").find("\"think\":\"high\""), std::string::npos);
  EXPECT_NE(body("xhigh").find("\"think\":\"max\""), std::string::npos);
  EXPECT_NE(body("high").find("\"num_ctx\":8192"), std::string::npos);
}

Failure wire_failure(std::string_view file) {
  const Head head = read_head(file);
  return classify_http(head.status, head.headers, read_wire(file), UtcTime());
}

TEST(Adjusting, RenamesTheLimitThatTheModelRefuses) {
  const auto backend = backend_for(cases()[0]);
  const auto adjusted = backend->adjust(request_with(common_params()),
                                        wire_failure("openai-err-400-unsupported-parameter.json"));
  ASSERT_TRUE(adjusted);
  EXPECT_EQ(adjusted->note, "max_tokens renamed to max_completion_tokens");
  EXPECT_NE(adjusted->request.body.find("\"max_completion_tokens\":64"), std::string::npos);
  EXPECT_EQ(adjusted->request.body.find("\"max_tokens\""), std::string::npos);
}

TEST(Adjusting, LeavesOutTheValueThatTheModelRefuses) {
  const auto backend = backend_for(cases()[0]);
  const auto adjusted = backend->adjust(request_with(common_params()),
                                        wire_failure("openai-err-400-unsupported-value.json"));
  ASSERT_TRUE(adjusted);
  EXPECT_EQ(adjusted->note, "temperature 0.0 left out: the model takes only its default");
  EXPECT_EQ(adjusted->request.body.find("temperature"), std::string::npos);
  EXPECT_NE(adjusted->request.body.find("top_p"), std::string::npos);
}

TEST(Adjusting, LeavesOutTheObfuscationSwitch) {
  const auto backend = backend_for(cases()[0]);
  const auto adjusted = backend->adjust(
      request_with({}),
      classify_http(
          400,
          {},
          R"({"error":{"message":"Unknown parameter: 'stream_options.include_obfuscation'.",)"
          R"("param":"stream_options.include_obfuscation","code":"unknown_parameter"}})",
          UtcTime()));
  ASSERT_TRUE(adjusted);
  EXPECT_EQ(adjusted->request.body.find("include_obfuscation"), std::string::npos);
  EXPECT_NE(adjusted->request.body.find("include_usage"), std::string::npos);
}

TEST(Adjusting, NeverChangesWhatIsAskedFor) {
  const auto backend = backend_for(cases()[0]);
  for (const std::string name : {"stop", "response_format", "messages", "top_k", "model"}) {
    Failure failure = wire_failure("openai-err-400-unsupported-value.json");
    failure.parameter = name;
    EXPECT_FALSE(backend->adjust(request_with(common_params()), failure)) << name;
  }
  EXPECT_FALSE(
      backend->adjust(request_with({}), wire_failure("openai-err-400-unsupported-value.json")));
}

TEST(Adjusting, SwitchesThinkingOffForAnOllamaModelThatHasNone) {
  const auto backend = backend_for(cases()[4]);
  const auto adjusted = backend->adjust(request_with(local_params()),
                                        wire_failure("ollama-err-400-no-thinking.json"));
  ASSERT_TRUE(adjusted);
  EXPECT_EQ(adjusted->request.body.find("think"), std::string::npos);
  EXPECT_NE(adjusted->note.find("low"), std::string::npos);
  EXPECT_FALSE(backend->adjust(request_with({}), wire_failure("ollama-err-400-no-thinking.json")));
}

}  // namespace
}  // namespace faceoff::backend::testing
