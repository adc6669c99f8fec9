#include "best_of.h"
#include "json_value.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("json/match", [](std::string_view answer, std::string_view target) {
      const auto a = parse_json_value(strip(answer));
      const auto b = parse_json_value(strip(target));
      return a && b && score::equal(*a, *b, std::nullopt) ? 1.0 : 0.0;
    });
  });
}

}  // namespace

constinit const Info json_match_scorer{
    .name = "json/match",
    .summary = "the whole answer is JSON equal to a target, as JsonMatch of openai/evals",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
