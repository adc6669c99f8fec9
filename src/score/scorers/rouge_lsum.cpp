#include "rouge_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

std::optional<Overlap> compare(std::string_view target, std::string_view answer, Stem stem) {
  return rouge_lsum(target, answer, stem);
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return create_rouge("rouge-lsum", compare, spec, diagnostics);
}

}  // namespace

constinit const Info rouge_lsum_scorer{
    .name = "rouge-lsum",
    .summary = "rouge-l line by line, as rougeLsum of rouge_score has it",
    .options = "stemmer, measure",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
