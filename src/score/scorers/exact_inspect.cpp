#include "best_of.h"
#include "overlap.h"
#include "python_text.h"

#include <set>

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("exact/inspect", [](std::string_view answer, std::string_view target) {
      if (target.empty() || strip(target.substr(0, 1)).empty()) {
        return 0.0;
      }
      const std::string a = drop_normal(answer, Case::folded);
      const std::string b = drop_normal(target, Case::folded);
      const auto left = words_of(a);
      const auto right = words_of(b);
      return std::set(left.begin(), left.end()) == std::set(right.begin(), right.end()) ? 1.0 : 0.0;
    });
  });
}

}  // namespace

constinit const Info exact_inspect_scorer{
    .name = "exact/inspect",
    .summary = "the answer has the same set of words as a target, as inspect_ai's exact() has it",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
