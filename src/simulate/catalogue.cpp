#include "catalogue.h"

#include "wire.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/json_escape.h>

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

constexpr std::string_view kOllamaDetails =
    R"("details":{"parent_model":"","format":"gguf","family":"simulated","families":["simulated"],)"
    R"("parameter_size":"0","quantization_level":"none"})";

std::vector<std::string> model_names(const Script& script) {
  std::vector<std::string> names{served_model(script)};
  for (const std::string& name : script.models) {
    if (std::ranges::find(names, name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

// Ollama shows a digest for each model; this one belongs to the name.
std::string ollama_entry(const std::string& name, std::string_view rest) {
  return fmt::format(R"({{"name":{0},"model":{0},"size":0,"digest":"{1}",{2}{3}}})",
                     json_quoted(name),
                     sha256_hex(name),
                     kOllamaDetails,
                     rest);
}

std::string ollama_list(const Script& script, std::string_view rest) {
  std::vector<std::string> entries;
  for (const std::string& name : model_names(script)) {
    entries.push_back(ollama_entry(name, rest));
  }
  return fmt::format(R"({{"models":[{}]}})", fmt::join(entries, ","));
}

std::string llama_models(const Script& script, UtcTime utc) {
  const std::string name = json_quoted(served_model(script));
  return fmt::format(
      R"({{"models":[{{"name":{0},"model":{0},"type":"model","capabilities":["completion"]}}],)"
      R"("object":"list","data":[{{"id":{0},"aliases":[{0}],"tags":[],"object":"model",)"
      R"("architecture":{{"input_modalities":["text"],"output_modalities":["text"]}},)"
      R"("created":{1},"owned_by":"llamacpp","meta":{{"n_ctx":{2},"ftype":"simulated"}}}}]}})",
      name,
      unix_seconds(utc),
      script.context.value_or(kDefaultContext));
}

}  // namespace

std::string served_model(const Script& script) {
  if (!script.model.empty()) {
    return script.model;
  }
  return script.models.empty() ? "simulated" : script.models.front();
}

std::string models_body(const Script& script, UtcTime utc) {
  if (script.dialect == Dialect::llama_server) {
    return llama_models(script, utc);
  }
  const bool openai = script.dialect == Dialect::openai;
  std::vector<std::string> entries;
  for (const std::string& name : model_names(script)) {
    entries.push_back(fmt::format(R"({{"id":{},"object":"model","created":{},"owned_by":"{}"{}}})",
                                  json_quoted(name),
                                  unix_seconds(utc),
                                  openai ? "system" : "library",
                                  openai ? R"(,"shutdown_date":null)" : ""));
  }
  return fmt::format(R"({{"object":"list","data":[{}]}})", fmt::join(entries, ","));
}

std::string props_body(const Script& script) {
  const std::string name = json_quoted(served_model(script));
  return fmt::format(
      R"({{"default_generation_settings":{{"params":{{"seed":{3},"temperature":0.8,"top_k":40,)"
      R"("top_p":0.95,"min_p":0.05,"repeat_penalty":1.0,"n_predict":-1,"stream":false}},)"
      R"("n_ctx":{1}}},"total_slots":{2},"model_alias":{0},"model_ftype":"simulated",)"
      R"("model_path":{0},"modalities":{{"vision":false,"video":false,"audio":false}},)"
      R"("endpoint_slots":true,"endpoint_props":false,"endpoint_metrics":false,)"
      R"("chat_template":"","chat_template_caps":{{}},"bos_token":"","eos_token":"",)"
      R"("build_info":"b0-simulated","is_sleeping":false}})",
      name,
      script.context.value_or(kDefaultContext),
      script.slots.value_or(kDefaultSlots),
      script.seed);
}

std::string slots_body(const Script& script, std::int64_t busy) {
  const std::int64_t slots = script.slots.value_or(kDefaultSlots);
  std::vector<std::string> entries;
  for (std::int64_t id = 0; id < slots; ++id) {
    entries.push_back(
        fmt::format(R"({{"id":{},"n_ctx":{},"speculative":false,"is_processing":{}}})",
                    id,
                    script.context.value_or(kDefaultContext),
                    id < busy));
  }
  return fmt::format("[{}]", fmt::join(entries, ","));
}

std::string tags_body(const Script& script) {
  return ollama_list(script, R"(,"modified_at":"2026-01-01T00:00:00Z")");
}

std::string running_body(const Script& script) {
  return ollama_list(script,
                     fmt::format(R"(,"expires_at":"2100-01-01T00:00:00Z","size_vram":0,)"
                                 R"("context_length":{})",
                                 script.context.value_or(kDefaultContext)));
}

std::string show_body(const Script& script) {
  return fmt::format(
      R"({{"license":"","modelfile":"","parameters":"","template":"{{{{ .Prompt }}}}",{},)"
      R"("model_info":{{"general.architecture":"simulated","general.parameter_count":0,)"
      R"("simulated.context_length":{}}},"capabilities":["completion","tools","thinking"],)"
      R"("modified_at":"2026-01-01T00:00:00Z"}})",
      kOllamaDetails,
      script.context.value_or(kDefaultContext));
}

}  // namespace faceoff::simulate
