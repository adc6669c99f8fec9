#include "drop_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return create_drop("drop", DropMeasure::choose, spec, diagnostics);
}

}  // namespace

constinit const Info drop_scorer{.name = "drop",
                                 .summary = "DROP's F1 or exact match over aligned spans",
                                 .options = "spans, rounding, measure",
                                 .version = 1,
                                 .needs_target = true,
                                 .create = create};

}  // namespace faceoff::score
