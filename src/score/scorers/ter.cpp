#include "ter.h"

#include "options.h"
#include "rate_scorer.h"
#include "table.h"

namespace faceoff::score {
namespace {

class Ter final : public Scorer {
 public:
  explicit Ter(const TerRules& rules) : rules_(rules) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto answer = ter_tokens(input.completion.text, rules_);
    // The fewest edits against any target, over the mean length of all.
    ErrorRate found;
    bool first = true;
    for (const std::string& target : input.item.targets) {
      const auto reference = ter_tokens(target, rules_);
      const auto edits = static_cast<double>(ter_edits(answer, reference));
      found.edits = first ? edits : std::min(found.edits, edits);
      found.length += static_cast<double>(reference.size());
      first = false;
    }
    found.length /= static_cast<double>(std::max<std::size_t>(input.item.targets.size(), 1));
    return rated("ter", "TER", found, input.completion.text);
  }

 private:
  TerRules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  TerRules rules;
  rules.normalized = options.flag("normalized", false);
  rules.no_punct = options.flag("no_punct", false);
  rules.asian_support = options.flag("asian_support", false);
  rules.case_sensitive = options.flag("case_sensitive", false);
  return options.finish() ? std::make_unique<Ter>(rules) : nullptr;
}

}  // namespace

constinit const Info ter_scorer{.name = "ter",
                                .summary = "1 minus the translation edit rate, as sacreBLEU has it",
                                .options = "normalized, no_punct, asian_support, case_sensitive",
                                .version = 1,
                                .needs_target = true,
                                .create = create};

}  // namespace faceoff::score
