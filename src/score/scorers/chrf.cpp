#include "chrf_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return create_chrf("chrf", 0, spec, diagnostics);
}

}  // namespace

constinit const Info chrf_scorer{.name = "chrf",
                                 .summary = "F-score of n-grams of characters, as sacreBLEU has it",
                                 .options = kChrfOptions,
                                 .version = 1,
                                 .needs_target = true,
                                 .create = create};

}  // namespace faceoff::score
