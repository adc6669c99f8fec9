#include "best_of.h"
#include "math_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("math/string", [](std::string_view answer, std::string_view target) {
      return math_string_equal(answer, target) ? 1.0 : 0.0;
    });
  });
}

}  // namespace

constinit const Info math_string_scorer{
    .name = "math/string",
    .summary = "equal to a target in the normal form of the MATH benchmark",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
