#include "best_of.h"
#include "python_text.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 3> kForms{"strict", "quasi", "quasi_articles"};

struct Rules {
  std::size_t form = 0;
  bool prefix = false;
};

std::string prepared(std::string_view text, const Rules& rules) {
  return rules.form == 0 ? std::string(strip(text))
                         : squad_normal(text, rules.form == 1 ? Articles::remove : Articles::keep);
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules;
  rules.form = options.word("form", kForms, 0);
  rules.prefix = options.flag("prefix", false);
  if (!options.finish()) {
    return nullptr;
  }
  return best_of("exact/helm", [rules](std::string_view answer, std::string_view target) {
    if (answer.empty()) {
      return 0.0;
    }
    const std::string a = prepared(answer, rules);
    const std::string b = prepared(target, rules);
    return (rules.prefix ? a.starts_with(b) : a == b) ? 1.0 : 0.0;
  });
}

}  // namespace

constinit const Info exact_helm_scorer{.name = "exact/helm",
                                       .summary = "HELM's exact_match and its quasi and prefix kin",
                                       .options = "form, prefix",
                                       .version = 1,
                                       .needs_target = true,
                                       .create = create};

}  // namespace faceoff::score
