#include "best_of.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("exact/inspect", [](std::string_view answer, std::string_view target) {
      if (strip(target).empty()) {
        return 0.0;
      }
      const bool same = drop_normal(answer, Case::folded) == drop_normal(target, Case::folded);
      return same ? 1.0 : 0.0;
    });
  });
}

}  // namespace

constinit const Info exact_inspect_scorer{
    .name = "exact/inspect",
    .summary = "the answer has the words of a target, as inspect_ai's exact() has it",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
