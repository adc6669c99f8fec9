#include "distance.h"
#include "python_text.h"
#include "rate_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

ErrorRate compare(const std::string& answer, const std::string& target) {
  TokenNumbers numbers;
  const auto left = numbers.all(split_words(answer));
  const auto right = numbers.all(split_words(target));
  return {static_cast<double>(edit_distance(left, right)), static_cast<double>(right.size())};
}

constexpr RateKind kKind{.scorer = "wer", .what = "word error rate", .compare = compare};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return make_rate_scorer(kKind, spec, diagnostics);
}

}  // namespace

constinit const Info wer_scorer{.name = "wer",
                                .summary = "1 minus the word error rate against the nearest target",
                                .options = "ignore_case",
                                .version = 1,
                                .needs_target = true,
                                .create = create};

}  // namespace faceoff::score
