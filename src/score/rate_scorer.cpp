#include "rate_scorer.h"

#include "options.h"

#include <faceoff/base/unicode.h>

#include <string>

namespace faceoff::score {
namespace {

class Rate final : public Scorer {
 public:
  Rate(const RateKind& kind, bool ignore_case) : kind_(kind), ignore_case_(ignore_case) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const std::string answer = prepared(input.completion.text);
    std::optional<ErrorRate> best;
    for (const std::string& target : input.item.targets) {
      const ErrorRate found = kind_.compare(answer, prepared(target));
      if (!best || found.rate() < best->rate()) {
        best = found;
      }
    }
    return rated(kind_.scorer, kind_.what, best.value_or(ErrorRate{}), input.completion.text);
  }

 private:
  [[nodiscard]] std::string prepared(const std::string& text) const {
    return ignore_case_ ? lower(text) : text;
  }

  const RateKind& kind_;
  bool ignore_case_;
};

}  // namespace

Score rated(std::string_view scorer,
            std::string_view what,
            const ErrorRate& found,
            std::string_view answer) {
  Score score = graded(
      scorer,
      1.0 - found.rate(),
      answer,
      fmt::format(
          "{} {:.4g} ({} edits, reference {})", what, found.rate(), found.edits, found.length));
  score.statistics = Statistics{"rate", {found.edits, found.length}};
  return score;
}

std::unique_ptr<Scorer> make_rate_scorer(const RateKind& kind,
                                         const suite::ScorerSpec& spec,
                                         doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const bool ignore_case = options.flag("ignore_case", false);
  return options.finish() ? std::make_unique<Rate>(kind, ignore_case) : nullptr;
}

}  // namespace faceoff::score
