#include "best_of.h"
#include "overlap.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("f1/helm", [](std::string_view answer, std::string_view target) {
      return set_f1(squad_normal(answer, Articles::remove),
                    squad_normal(target, Articles::remove),
                    EmptySet::is_nothing);
    });
  });
}

}  // namespace

constinit const Info f1_helm_scorer{
    .name = "f1/helm",
    .summary = "overlap of the sets of words with a target, as HELM's f1_score has it",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
