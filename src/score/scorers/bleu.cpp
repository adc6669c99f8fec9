#include "bleu.h"

#include "options.h"
#include "python_text.h"
#include "scores.h"
#include "table.h"

#include <faceoff/base/unicode.h>

#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 5> kTokens{"13a", "intl", "char", "none", "zh"};
constexpr std::array<std::string_view, 4> kSmoothing{"exp", "floor", "add-k", "none"};

struct Rules {
  BleuTokens tokens = BleuTokens::v13a;
  bool lowercase = false;
  BleuRules bleu;
  std::string corpus_rule;
};

class Bleu final : public Scorer {
 public:
  explicit Bleu(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    std::vector<std::string> references;
    for (const std::string& target : input.item.targets) {
      references.push_back(prepared(target));
    }
    const std::string answer = prepared(input.completion.text);
    auto counts = bleu_counts(answer, references, rules_.bleu.order);
    const double value = bleu(counts, rules_.bleu);
    Score score =
        graded("bleu",
               value / 100.0,
               answer,
               fmt::format("BLEU {:.2f} ({} tokens, reference {})", value, counts[0], counts[1]));
    score.statistics = Statistics{rules_.corpus_rule, std::move(counts)};
    return score;
  }

 private:
  [[nodiscard]] std::string prepared(std::string_view text) const {
    while (!text.empty() && strip(text.substr(text.size() - 1)).empty()) {
      text.remove_suffix(1);
    }
    return bleu_tokens(rules_.lowercase ? lower(text) : std::string(text), rules_.tokens);
  }
  Rules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules;
  rules.tokens = static_cast<BleuTokens>(options.word("tokenize", kTokens, 0));
  rules.lowercase = options.flag("lowercase", false);
  const std::size_t smoothing = options.word("smooth", kSmoothing, 0);
  rules.bleu.smoothing = static_cast<Smoothing>(smoothing);
  const double usual = rules.bleu.smoothing == Smoothing::floor   ? 0.1
                       : rules.bleu.smoothing == Smoothing::add_k ? 1.0
                                                                  : 0.0;
  rules.bleu.value = options.number("smooth_value", usual, 0.0, 1000.0);
  rules.bleu.order = options.count("order", 4, 1, 10);
  rules.bleu.effective_order = options.flag("effective_order", true);
  // Over a corpus sacreBLEU takes all orders, whatever the single sentences do.
  rules.corpus_rule = fmt::format("bleu(order={},smooth={}{})",
                                  rules.bleu.order,
                                  kSmoothing.at(smoothing),
                                  usual == 0.0 ? "" : fmt::format(",value={}", rules.bleu.value));
  return options.finish() ? std::make_unique<Bleu>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info bleu_scorer{
    .name = "bleu",
    .summary = "BLEU against all targets, as sacreBLEU has it, by sentence and over the corpus",
    .options = "tokenize, lowercase, smooth, smooth_value, order, effective_order",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
