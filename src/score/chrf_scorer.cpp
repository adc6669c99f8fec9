#include "chrf_scorer.h"

#include "chrf.h"
#include "options.h"
#include "scores.h"

#include <fmt/format.h>

namespace faceoff::score {
namespace {

class Chrf final : public Scorer {
 public:
  Chrf(std::string_view name, const ChrfRules& rules)
      : name_(name),
        rules_(rules),
        corpus_rule_(fmt::format("chrf(order={},beta={}{})",
                                 rules.characters + rules.words,
                                 rules.beta,
                                 rules.eps_smoothing ? ",eps" : "")) {}

  [[nodiscard]] Score score(const Input& input) const override {
    auto counts = chrf_counts(input.completion.text, input.item.targets, rules_);
    const double value = chrf(counts, rules_.beta, rules_.eps_smoothing);
    Score score =
        graded(name_, value / 100.0, input.completion.text, fmt::format("{} {:.2f}", name_, value));
    score.statistics = Statistics{corpus_rule_, std::move(counts)};
    return score;
  }

 private:
  std::string_view name_;
  ChrfRules rules_;
  std::string corpus_rule_;
};

}  // namespace

std::unique_ptr<Scorer> create_chrf(std::string_view name,
                                    std::size_t words,
                                    const suite::ScorerSpec& spec,
                                    doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  ChrfRules rules;
  rules.characters = options.count("char_order", 6, 1, 20);
  rules.words = options.count("word_order", words, 0, 10);
  rules.beta = options.number("beta", 2.0, 0.0, 100.0);
  rules.lowercase = options.flag("lowercase", false);
  rules.whitespace = options.flag("whitespace", false);
  rules.eps_smoothing = options.flag("eps_smoothing", false);
  return options.finish() ? std::make_unique<Chrf>(name, rules) : nullptr;
}

}  // namespace faceoff::score
