#include "rouge_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

std::optional<Overlap> compare(std::string_view target, std::string_view answer, Stem stem) {
  return rouge_l(rouge_tokens(target, stem), rouge_tokens(answer, stem));
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return create_rouge("rouge-l", compare, spec, diagnostics);
}

}  // namespace

constinit const Info rouge_l_scorer{
    .name = "rouge-l",
    .summary = "longest common subsequence of words with a target, as rouge_score has it",
    .options = "stemmer, measure",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
