#include "best_of.h"
#include "math_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  auto units = options.texts("units");
  if (!options.finish()) {
    return nullptr;
  }
  return best_of(
      "math", [units = std::move(units)](std::string_view answer, std::string_view target) {
        return math_equal(math_answer(answer, units), math_answer(target, units)) ? 1.0 : 0.0;
      });
}

}  // namespace

constinit const Info math_scorer{
    .name = "math",
    .summary = "equal to a target in value: fractions, powers, roots, percent, units, tuples, sets",
    .options = "units",
    .version = 2,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
