#include "distance.h"
#include "python_text.h"
#include "rate_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

ErrorRate compare(const std::string& answer, const std::string& target) {
  const auto left = code_points(strip(answer));
  const auto right = code_points(strip(target));
  return {static_cast<double>(edit_distance(left, right)), static_cast<double>(right.size())};
}

constexpr RateKind kKind{.scorer = "cer", .what = "character error rate", .compare = compare};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return make_rate_scorer(kKind, spec, diagnostics);
}

}  // namespace

constinit const Info cer_scorer{
    .name = "cer",
    .summary = "1 minus the character error rate against the nearest target",
    .options = "ignore_case",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
