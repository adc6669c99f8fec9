#include "choice_options.h"
#include "scores.h"
#include "table.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

// The letter that a token stands for: "B", " B", "(B", "B)"; '\0' for none.
char letter_of(std::string_view token, const ChoiceRules& rules) {
  std::string_view bare = trim(token);
  while (!bare.empty() && (bare.front() == '(' || bare.front() == '*')) {
    bare.remove_prefix(1);
  }
  while (!bare.empty() && (bare.back() == ')' || bare.back() == '.' || bare.back() == '*')) {
    bare.remove_suffix(1);
  }
  const bool known = bare.size() == 1 && rules.letters.find(bare.front()) != std::string::npos;
  return known ? bare.front() : '\0';
}

class ChoiceLogprob final : public Scorer {
 public:
  explicit ChoiceLogprob(ChoiceRules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    if (input.completion.first_token.empty()) {
      return not_judged("choice/logprob",
                        Verdict::unscored,
                        "the server sent no log-probabilities of the first token");
    }
    std::map<char, double> chances;
    double sum = 0.0;
    for (const chat::TokenChance& token : input.completion.first_token) {
      if (const char letter = letter_of(token.token, rules_); letter != '\0') {
        const double chance = std::exp(std::min(token.logprob, 0.0));
        chances[letter] += chance;
        sum += chance;
      }
    }
    const auto best =
        std::ranges::max_element(chances, {}, [](const auto& entry) { return entry.second; });
    if (best == chances.end() || sum <= 0.0) {
      return not_judged("choice/logprob",
                        Verdict::no_extraction,
                        fmt::format("none of the {} likeliest first tokens is a letter of {}",
                                    input.completion.first_token.size(),
                                    rules_.letters));
    }
    const bool right = std::ranges::any_of(input.item.targets, [&](const std::string& target) {
      return choice_of_target(target, rules_) == best->first;
    });
    return passed_or_not("choice/logprob",
                         right,
                         std::string_view(&best->first, 1),
                         fmt::format("{} has {:.0f}% of the letters' probability and {} {}",
                                     best->first,
                                     100.0 * best->second / sum,
                                     right ? "is" : "is not",
                                     name_targets(input.item)));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    if (!item.params.top_logprobs) {
      return "'choice/logprob' needs 'top_logprobs' in the params of the case, e.g. "
             "params: {top_logprobs: 20, max_tokens: 1}";
    }
    return choice_objection(item, rules_);
  }

 private:
  ChoiceRules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  ChoiceRules rules = read_choice_rules(options);
  return options.finish() ? std::make_unique<ChoiceLogprob>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info choice_logprob_scorer{
    .name = "choice/logprob",
    .summary =
        "the likeliest letter as first token, by the server's log-probabilities, is a target",
    .options = "letters, choices",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
