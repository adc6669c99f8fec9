#include <faceoff/base/names.h>
#include <faceoff/base/text.h>
#include <faceoff/compare/kinship.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

// Where a mark must stand in a name to count: short ones are parts of other words.
enum class At : std::uint8_t { anywhere, beginning_of_word, whole_word };

struct Mark {
  std::string_view family;
  std::string_view text;
  At at = At::anywhere;
};

constexpr std::array kMarks{Mark{"GPT", "gpt", At::beginning_of_word},
                            Mark{"GPT", "chatgpt"},
                            Mark{"GPT", "o1", At::whole_word},
                            Mark{"GPT", "o3", At::whole_word},
                            Mark{"GPT", "o4", At::whole_word},
                            Mark{"Claude", "claude"},
                            Mark{"Gemini", "gemini"},
                            Mark{"Gemma", "gemma"},
                            Mark{"Llama", "llama"},
                            Mark{"Llama", "vicuna"},
                            Mark{"Llama", "alpaca"},
                            Mark{"Mistral", "mistral"},
                            Mark{"Mistral", "mixtral"},
                            Mark{"Mistral", "ministral"},
                            Mark{"Mistral", "codestral"},
                            Mark{"Mistral", "devstral"},
                            Mark{"Mistral", "magistral"},
                            Mark{"Mistral", "pixtral"},
                            Mark{"Qwen", "qwen"},
                            Mark{"Qwen", "qwq", At::beginning_of_word},
                            Mark{"DeepSeek", "deepseek"},
                            Mark{"Phi", "phi", At::beginning_of_word},
                            Mark{"Grok", "grok", At::beginning_of_word},
                            Mark{"Command", "command-", At::beginning_of_word},
                            Mark{"Command", "c4ai", At::beginning_of_word},
                            Mark{"Nova", "nova", At::whole_word},
                            Mark{"Nemotron", "nemotron"},
                            Mark{"Granite", "granite"},
                            Mark{"Falcon", "falcon"},
                            Mark{"Yi", "yi", At::whole_word},
                            Mark{"GLM", "glm"},
                            Mark{"Kimi", "kimi", At::beginning_of_word},
                            Mark{"OLMo", "olmo", At::beginning_of_word},
                            Mark{"SmolLM", "smollm"},
                            Mark{"Jamba", "jamba"}};

constexpr bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool stands_in(std::string_view name, const Mark& mark) {
  for (auto at = name.find(mark.text); at != std::string_view::npos;
       at = name.find(mark.text, at + 1)) {
    const std::size_t end = at + mark.text.size();
    const bool begins = at == 0 || !is_letter(name[at - 1]);
    const bool ends =
        end == name.size() || (!is_letter(name[end]) && (name[end] < '0' || name[end] > '9'));
    if (mark.at == At::anywhere || (begins && (mark.at == At::beginning_of_word || ends))) {
      return true;
    }
  }
  return false;
}

// The program Ollama is no model: "ollama/phi4".
std::string without_ollama(std::string name) {
  constexpr std::string_view kOllama = "ollama";
  for (auto at = name.find(kOllama); at != std::string::npos; at = name.find(kOllama)) {
    name.erase(at, kOllama.size());
  }
  return name;
}

std::string_view name_of_file(std::string_view model) {
  return model.ends_with(".gguf") ? model.substr(model.rfind('/') + 1) : model;
}

std::vector<std::string_view> families_of(const store::BackendEntry& entry) {
  std::vector<std::string_view> families = model_families(entry.model);
  for (const auto family : model_families(entry.identity.model)) {
    if (std::ranges::find(families, family) == families.end()) {
      families.push_back(family);
    }
  }
  return families;
}

bool is_same_model(const store::BackendEntry& a, const store::BackendEntry& b) {
  if (a.simulated || b.simulated) {
    return false;
  }
  const auto same = [](std::string_view x, std::string_view y) {
    return !x.empty() && iequals_ascii(x, y);
  };
  return same(a.model, b.model) || same(a.identity.model, b.identity.model);
}

const store::BackendEntry* entry_named(std::string_view name, const store::Manifest& run) {
  for (const auto* entries : {&run.judges, &run.backends}) {
    const auto found = std::ranges::find(*entries, name, &store::BackendEntry::name);
    if (found != entries->end()) {
      return &*found;
    }
  }
  return nullptr;
}

constexpr Names kRelations{std::array{Named{Relation::itself, "itself"},
                                      Named{Relation::same_model, "same_model"},
                                      Named{Relation::same_family, "same_family"}}};

}  // namespace

std::string_view to_string(Relation relation) noexcept {
  return kRelations.of(relation);
}

std::vector<std::string_view> model_families(std::string_view model) {
  const std::string name = without_ollama(ascii_lower(name_of_file(model)));
  std::vector<std::string_view> families;
  for (const Mark& mark : kMarks) {
    const bool known = !families.empty() && families.back() == mark.family;
    if (!known && stands_in(name, mark)) {
      families.push_back(mark.family);
    }
  }
  return families;
}

std::vector<Kinship> find_kin(std::span<const std::string> judges, const store::Manifest& run) {
  std::vector<Kinship> kin;
  for (const std::string& name : judges) {
    const store::BackendEntry* judge = entry_named(name, run);
    if (judge == nullptr) {
      continue;
    }
    const auto families = families_of(*judge);
    for (const auto& entry : run.backends) {
      if (entry.name == name) {
        kin.push_back(
            {.judge = name, .backend = entry.name, .relation = Relation::itself, .family = {}});
        continue;
      }
      if (is_same_model(*judge, entry)) {
        kin.push_back(
            {.judge = name, .backend = entry.name, .relation = Relation::same_model, .family = {}});
        continue;
      }
      const auto others = families_of(entry);
      const auto shared = std::ranges::find_first_of(families, others);
      if (shared != families.end()) {
        kin.push_back({.judge = name,
                       .backend = entry.name,
                       .relation = Relation::same_family,
                       .family = std::string(*shared)});
      }
    }
  }
  return kin;
}

std::string kinship_text(const Kinship& kinship) {
  switch (kinship.relation) {
    case Relation::itself:
      return "judges its own answers";
    case Relation::same_model:
      return "is the same model as";
    case Relation::same_family:
      break;
  }
  return fmt::format("is of the {} family, as is", kinship.family);
}

}  // namespace faceoff::compare
