#include "support.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace faceoff::backend::testing {
namespace {

const Probe* probe_for(const std::vector<Probe>& probes, std::string_view path) {
  const auto it = std::ranges::find_if(
      probes, [path](const Probe& probe) { return probe.request.url.ends_with(path); });
  return it == probes.end() ? nullptr : &*it;
}

// Lets `backend` read the answers in `files` to its probes that end in the given paths.
Identity identify(const Backend& backend,
                  const std::vector<std::pair<std::string, std::string>>& files) {
  Identity identity;
  const auto probes = backend.probes();
  for (const auto& [path, file] : files) {
    const Probe* probe = probe_for(probes, path);
    EXPECT_NE(probe, nullptr) << path;
    if (probe != nullptr) {
      backend.read_identity(*probe, 200, read_wire(file), identity);
    }
  }
  return identity;
}

std::string fact(const Identity& identity, std::string_view name) {
  const auto it = std::ranges::find(identity.facts, name, &Facts::value_type::first);
  return it == identity.facts.end() ? "(none)" : it->second;
}

TEST(Identity, OfLlamaServerComesFromPropsAndModels) {
  const auto backend = make(local_spec("llama-server"));
  const Identity identity =
      identify(*backend,
               {{"/props", "llama-server-props.json"}, {"/v1/models", "llama-server-models.json"}});
  EXPECT_EQ(identity.server, "llama-server b11669-Debian");
  EXPECT_EQ(identity.model, "tiny-chain");
  EXPECT_EQ(identity.slots, 2);
  EXPECT_EQ(identity.context, 512);
  EXPECT_EQ(fact(identity, "build"), "b11669-Debian");
  EXPECT_EQ(fact(identity, "type"), "all F32");
  EXPECT_EQ(fact(identity, "model path"), "/data/tiny.gguf");
  EXPECT_EQ(fact(identity, "template sha256").size(), 64U);
  EXPECT_EQ(fact(identity, "parameters"), "1535488");
}

TEST(Identity, OfARouterHasNeitherSlotsNorContext) {
  const auto backend = make(local_spec("llama-server"));
  const Identity identity = identify(*backend, {{"/props", "llama-server-router-props.json"}});
  EXPECT_EQ(identity.slots, std::nullopt);
  EXPECT_EQ(identity.context, std::nullopt);
  EXPECT_EQ(fact(identity, "role"), "router");
}

TEST(Identity, OfOllamaComesFromVersionShowAndTags) {
  Spec spec = local_spec("ollama");
  spec.model = "llama4:scout";
  spec.context = 8192;
  const auto backend = make(spec);
  const Identity identity = identify(*backend,
                                     {{"/api/version", "ollama-version.json"},
                                      {"/api/show", "ollama-show.json"},
                                      {"/api/tags", "ollama-tags.json"}});
  EXPECT_EQ(identity.server, "ollama 0.30.0");
  EXPECT_EQ(identity.model, "llama4:scout");
  EXPECT_EQ(identity.context, 8192);
  EXPECT_EQ(fact(identity, "type"), "Q4_K_M");
  EXPECT_EQ(fact(identity, "trained context"), "10485760");
  EXPECT_EQ(fact(identity, "digest").substr(0, 12), "fff25efaabd4");
}

TEST(Identity, OfOllamaIsReadyWhenTheModelIsLoaded) {
  Spec spec = local_spec("ollama");
  spec.context = 4096;
  const auto probes = make(spec)->probes();
  ASSERT_FALSE(probes.empty());
  EXPECT_EQ(probes[0].purpose, Probe::Purpose::ready);
  EXPECT_EQ(probes[0].request.body,
            R"({"model":"some-model","stream":false,"options":{"num_ctx":4096}})");
}

TEST(Identity, OfVllmComesFromItsModelList) {
  Spec spec = local_spec("openai-compatible");
  spec.model = "meta-llama/Llama-4-Scout-17B-16E-Instruct";
  const Identity identity = identify(*make(spec), {{"/models", "vllm-models.json"}});
  EXPECT_EQ(identity.server, "vllm");
  EXPECT_EQ(identity.model, spec.model);
  EXPECT_EQ(identity.context, 131072);
}

TEST(Identity, OfOpenAiTellsWhenTheModelIsSwitchedOff) {
  Spec spec = local_spec("openai");
  spec.model = "gpt-4o-2024-11-20";
  const Identity identity =
      identify(*make(spec), {{"/models/gpt-4o-2024-11-20", "openai-models.json"}});
  EXPECT_EQ(identity.model, "gpt-4o-2024-11-20");
  EXPECT_EQ(fact(identity, "shutdown date"), "2027-01-14");
}

TEST(Identity, StaysEmptyOnErrorsAndGarbage) {
  for (const auto& info : all()) {
    if (info.id == "replay") {
      continue;  // has no probes
    }
    const auto backend = make(local_spec(info.id));
    for (const auto& probe : backend->probes()) {
      Identity identity;
      backend->read_identity(probe, 503, read_wire("llama-server-err-503-loading.json"), identity);
      backend->read_identity(probe, 200, "<html>", identity);
      backend->read_identity(probe, 200, "[]", identity);
      EXPECT_EQ(identity.model.empty() || identity.model == backend->model(), true) << info.id;
      EXPECT_TRUE(identity.facts.empty()) << info.id;
    }
  }
}

}  // namespace
}  // namespace faceoff::backend::testing
