#include "best_of.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("match/fuzzy", [](std::string_view answer, std::string_view target) {
      const std::string a = squad_normal(answer, Articles::remove);
      const std::string b = squad_normal(target, Articles::remove);
      if (a.empty() || b.empty()) {
        return a == b ? 1.0 : 0.0;
      }
      const bool within = b.find(a) != std::string::npos || a.find(b) != std::string::npos;
      return within ? 1.0 : 0.0;
    });
  });
}

}  // namespace

constinit const Info match_fuzzy_scorer{
    .name = "match/fuzzy",
    .summary =
        "the answer contains a target or a target the answer, in the normal form of openai/evals",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
