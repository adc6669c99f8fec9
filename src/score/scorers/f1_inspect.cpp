#include "best_of.h"
#include "overlap.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("f1/inspect", [](std::string_view answer, std::string_view target) {
      if (strip(target).empty()) {
        return 0.0;
      }
      return round_2(set_f1(
          drop_normal(answer, Case::folded), drop_normal(target, Case::folded), EmptySet::is_full));
    });
  });
}

}  // namespace

constinit const Info f1_inspect_scorer{
    .name = "f1/inspect",
    .summary = "overlap of the sets of words with a target, as inspect_ai's f1() has it",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
