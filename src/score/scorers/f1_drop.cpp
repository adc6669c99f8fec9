#include "drop_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return create_drop("f1/drop", DropMeasure::f1, spec, diagnostics);
}

}  // namespace

constinit const Info f1_drop_scorer{.name = "f1/drop",
                                    .summary = "DROP's F1 over aligned spans",
                                    .options = "spans, rounding",
                                    .version = 1,
                                    .needs_target = true,
                                    .create = create};

}  // namespace faceoff::score
