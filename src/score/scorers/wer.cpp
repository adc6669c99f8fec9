#include "distance.h"
#include "options.h"
#include "python_text.h"
#include "rate_scorer.h"
#include "table.h"

#include <faceoff/base/unicode.h>

namespace faceoff::score {
namespace {

class Rate final : public Scorer {
 public:
  explicit Rate(bool ignore_case) : ignore_case_(ignore_case) {}

  [[nodiscard]] Score score(const Input& input) const override {
    std::optional<ErrorRate> best;
    for (const std::string& target : input.item.targets) {
      const ErrorRate found = compare(input.completion.text, target);
      if (!best || found.rate() < best->rate()) {
        best = found;
      }
    }
    return rated("wer", "word error rate", best.value_or(ErrorRate{}), input.completion.text);
  }

 private:
  [[nodiscard]] ErrorRate compare(const std::string& answer, const std::string& target) const {
    const std::string a = ignore_case_ ? lower(answer) : answer;
    const std::string b = ignore_case_ ? lower(target) : target;
    TokenNumbers numbers;
    const auto left = numbers.all(split_words(a));
    const auto right = numbers.all(split_words(b));
    return {static_cast<double>(edit_distance(left, right)), static_cast<double>(right.size())};
  }
  bool ignore_case_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const bool ignore_case = options.flag("ignore_case", false);
  return options.finish() ? std::make_unique<Rate>(ignore_case) : nullptr;
}

}  // namespace

constinit const Info wer_scorer{.name = "wer",
                                .summary = "1 minus the word error rate against the nearest target",
                                .options = "ignore_case",
                                .version = 1,
                                .needs_target = true,
                                .create = create};

}  // namespace faceoff::score
