#include "options.h"
#include "scores.h"
#include "table.h"
#include "words.h"

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

class Exact final : public Scorer {
 public:
  explicit Exact(TextRules rules) : rules_(rules) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const std::string answer = normalize(input.completion.text, rules_);
    const bool equal = std::ranges::any_of(input.item.targets, [&](const std::string& target) {
      return normalize(target, rules_) == answer;
    });
    return passed_or_not("exact",
                         equal,
                         answer,
                         fmt::format("the answer '{}' {} {}",
                                     clip(answer, 60),
                                     equal ? "equals" : "does not equal",
                                     name_targets(input.item)));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    for (const std::string& target : item.targets) {
      if (normalize(target, rules_).empty()) {
        return fmt::format("nothing is left of the target '{}', so no answer can equal it",
                           clip(target, 60));
      }
    }
    return std::nullopt;
  }

 private:
  TextRules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const TextRules rules = read_text_rules(options);
  return options.finish() ? std::make_unique<Exact>(rules) : nullptr;
}

}  // namespace

constinit const Info exact_scorer{
    .name = "exact",
    .summary = "the answer equals a target",
    .options = "trim, ignore_case, ignore_punctuation, ignore_final_period, collapse_space, nfc",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
