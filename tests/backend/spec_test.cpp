#include <faceoff/backend/spec.h>
#include <faceoff/doc/reader.h>

#include <algorithm>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

struct Decoded {
  std::optional<Spec> spec;
  std::vector<std::string> codes;
  std::string lines;
};

Decoded decode(std::string text, Origin origin = Origin::user) {
  const auto source =
      std::make_shared<const doc::Source>(doc::Source{"faceoff.yaml", std::move(text)});
  doc::Diagnostics diagnostics;
  Decoded decoded;
  const auto node = doc::parse_yaml(source, diagnostics);
  EXPECT_TRUE(node);
  if (node) {
    decoded.spec =
        decode_spec(doc::Context{source, "config", &diagnostics}, "llama", *node, origin);
  }
  for (const auto& diagnostic : diagnostics.sorted()) {
    decoded.codes.push_back(diagnostic.code);
    decoded.lines += doc::one_line(diagnostic) + "\n";
  }
  return decoded;
}

TEST(SpecDecoder, ReadsEveryKey) {
  const Decoded decoded = decode(R"(
adapter: openai-compatible
model: llama-4-scout
base_url: "http://127.0.0.1:8000/v1"
key_env: GATEWAY_KEY
api_version: "2024-10-21"
args: [-c, "8192"]
concurrency: 8
max_retries: 0
rate: 60
token_rate: 30000
first_token_timeout: 30s
idle_timeout: 500ms
timeout: 2m
prompt_cache: true
context: 8192
params:
  temperature: 0
  max_tokens: 16
  stop: ["\n"]
  response_format: {type: object}
)");
  ASSERT_TRUE(decoded.spec) << decoded.lines;
  const Spec& spec = *decoded.spec;
  EXPECT_EQ(spec.name, "llama");
  EXPECT_EQ(spec.adapter, "openai-compatible");
  EXPECT_EQ(spec.model, "llama-4-scout");
  EXPECT_EQ(spec.base_url, "http://127.0.0.1:8000/v1");
  EXPECT_EQ(spec.origin, Origin::user);
  EXPECT_EQ(spec.key_env, "GATEWAY_KEY");
  EXPECT_EQ(spec.api_version, "2024-10-21");
  EXPECT_EQ(spec.args, (std::vector<std::string>{"-c", "8192"}));
  EXPECT_EQ(spec.concurrency, 8);
  EXPECT_EQ(spec.max_retries, 0);
  EXPECT_EQ(spec.requests_per_minute, 60);
  EXPECT_EQ(spec.tokens_per_minute, 30000);
  EXPECT_EQ(spec.first_token_timeout, std::chrono::seconds(30));
  EXPECT_EQ(spec.idle_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(spec.timeout, std::chrono::minutes(2));
  EXPECT_EQ(spec.prompt_cache, true);
  EXPECT_EQ(spec.context, 8192);
  EXPECT_EQ(spec.params.temperature, 0.0);
  EXPECT_EQ(spec.params.max_tokens, 16);
  EXPECT_EQ(spec.params.stop, std::vector<std::string>{"\n"});
  EXPECT_EQ(spec.params.response_format, R"({"type":"object"})");
  EXPECT_FALSE(spec.managed);
}

TEST(SpecDecoder, KnowsWhoNamedTheAddress) {
  EXPECT_EQ(decode("{adapter: openai, model: m}", Origin::project).spec->origin, Origin::built_in);
  EXPECT_EQ(
      decode("{adapter: openai, model: m, base_url: 'https://h/v1'}", Origin::project).spec->origin,
      Origin::project);
}

TEST(SpecDecoder, TakesAStandInAsManaged) {
  const Decoded decoded = decode("{adapter: openai, model: m, simulate: slow.yaml}");
  ASSERT_TRUE(decoded.spec);
  EXPECT_EQ(decoded.spec->simulate, "slow.yaml");
  EXPECT_TRUE(decoded.spec->managed);
}

TEST(SpecDecoder, ReportsEveryMistakeAtItsPlace) {
  const Decoded decoded = decode(R"(adapter: opanai
modell: m
base_url: localhost:80
concurrency: 0
max_retries: -1
timeout: 0s
idle_timeout: 5
prompt_cache: maybe
params: {temperature: -1, top_p: 2, tempo: 3, response_format: xml}
)");
  EXPECT_FALSE(decoded.spec);
  EXPECT_EQ(decoded.codes.size(), 12U) << decoded.lines;
  EXPECT_NE(
      decoded.lines.find("faceoff.yaml:1:10: unknown adapter 'opanai'; did you mean 'openai'?"),
      std::string::npos)
      << decoded.lines;
  EXPECT_NE(decoded.lines.find("faceoff.yaml:2:1: unknown key 'modell'; did you mean 'model'?"),
            std::string::npos)
      << decoded.lines;
}

TEST(SpecDecoder, NeedsAnAdapterAndAMapping) {
  EXPECT_EQ(decode("{model: m}").codes, std::vector<std::string>{"config::missing-key"});
  EXPECT_EQ(decode("[a]").codes, std::vector<std::string>{"config::wrong-type"});
}

TEST(SpecDecoder, Key04TakesKeyEnvOnlyFromTheUser) {
  const Decoded decoded =
      decode("{adapter: openai, model: m, base_url: 'https://h/v1', key_env: OPENAI_API_KEY}",
             Origin::project);
  EXPECT_FALSE(decoded.spec);
  EXPECT_EQ(decoded.codes, std::vector<std::string>{"config::not-in-project"});
}

}  // namespace
}  // namespace faceoff::backend
