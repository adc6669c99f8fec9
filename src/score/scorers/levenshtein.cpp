#include "best_of.h"
#include "distance.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("levenshtein", [](std::string_view answer, std::string_view target) {
      const auto a = code_points(answer);
      const auto b = code_points(target);
      const std::size_t longer = std::max(a.size(), b.size());
      return longer == 0
                 ? 1.0
                 : 1.0 - static_cast<double>(edit_distance(a, b)) / static_cast<double>(longer);
    });
  });
}

}  // namespace

constinit const Info levenshtein_scorer{
    .name = "levenshtein",
    .summary = "1 minus the edit distance in characters over the length of the longer text",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
