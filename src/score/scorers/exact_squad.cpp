#include "best_of.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("exact/squad", [](std::string_view answer, std::string_view target) {
      return squad_normal(answer, Articles::remove) == squad_normal(target, Articles::remove) ? 1.0
                                                                                              : 0.0;
    });
  });
}

}  // namespace

constinit const Info exact_squad_scorer{
    .name = "exact/squad",
    .summary = "the answer equals a target in SQuAD's normal form",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
