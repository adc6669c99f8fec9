#pragma once

#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Judges favour answers of their own family (Panickssery, Bowman and Feng 2024, "LLM Evaluators
// Recognize and Favor Their Own Generations", arXiv:2404.13076; Wataoka et al. 2024, arXiv:
// 2410.21819), so who is related to whom belongs beside their verdicts (docs/judges.md).
namespace faceoff::compare {

// The families that a model's name tells of, in the order of our table: GPT for
// "gpt-4o-2024-11-20", Llama and DeepSeek for "DeepSeek-R1-Distill-Llama-8B". Of the path of a
// model file only the file's name counts. Empty: not known, which does not mean unrelated.
[[nodiscard]] std::vector<std::string_view> model_families(std::string_view model);

enum class Relation : std::uint8_t { itself, same_model, same_family };
[[nodiscard]] std::string_view to_string(Relation relation) noexcept;

struct Kinship {
  std::string judge;
  std::string backend;  // whose answers it judges
  Relation relation = Relation::same_family;
  std::string family;  // of same_family, for people: "Llama"
};

// Which of the judges, named as backends, are related to a backend of the run, by the models that
// were asked for and that the servers named. Stand-ins have no model that could be the same.
[[nodiscard]] std::vector<Kinship> find_kin(std::span<const std::string> judges,
                                            const store::Manifest& run);

// "judges its own answers", "is the same model as", "is of the Llama family, as is": what stands
// between the judge's name and, unless the relation is `itself`, the other's.
[[nodiscard]] std::string kinship_text(const Kinship& kinship);

}  // namespace faceoff::compare
