#include "best_of.h"
#include "overlap.h"
#include "python_text.h"

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return without_options(spec, diagnostics, [] {
    return best_of("f1/squad", [](std::string_view answer, std::string_view target) {
      return bag_f1(squad_normal(answer, Articles::remove), squad_normal(target, Articles::remove));
    });
  });
}

}  // namespace

constinit const Info f1_squad_scorer{
    .name = "f1/squad",
    .summary = "overlap of words with a target, counted as often as they stand there (SQuAD)",
    .options = "",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
