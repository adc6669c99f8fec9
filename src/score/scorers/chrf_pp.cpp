#include "chrf_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return create_chrf("chrf++", 2, spec, diagnostics);
}

}  // namespace

constinit const Info chrf_pp_scorer{
    .name = "chrf++",
    .summary = "chrF with n-grams of words beside those of characters, as sacreBLEU has it",
    .options = kChrfOptions,
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
