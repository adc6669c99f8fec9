#include "bleu.h"
#include "chrf.h"
#include "python_text.h"

#include <faceoff/base/text.h>
#include <faceoff/score/corpus.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

namespace faceoff::score {
namespace {

struct Rule {
  std::string_view name;
  std::map<std::string_view, std::string_view> arguments;

  [[nodiscard]] bool has(std::string_view key) const { return arguments.contains(key); }
  [[nodiscard]] double number(std::string_view key, double otherwise) const {
    const auto it = arguments.find(key);
    return it == arguments.end() ? otherwise : parse_float(it->second).value_or(otherwise);
  }
};

// name or name(key=value,key)
Rule parse_rule(std::string_view text) {
  const std::size_t open = text.find('(');
  Rule rule{text.substr(0, open), {}};
  if (open == std::string_view::npos || !text.ends_with(')')) {
    return rule;
  }
  for (const std::string_view part : split(text.substr(open + 1, text.size() - open - 2), ',')) {
    const std::size_t equals = part.find('=');
    rule.arguments.emplace(
        part.substr(0, equals),
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
  }
  return rule;
}

std::optional<double> bleu_value(const Rule& rule, std::span<const double> counts) {
  BleuRules rules;
  const double order = rule.number("order", 0);
  if (order < 1 || static_cast<double>(counts.size()) != 2 + 2 * order) {
    return std::nullopt;
  }
  rules.order = static_cast<std::size_t>(order);
  const auto smooth = rule.arguments.find("smooth");
  const std::string_view method = smooth == rule.arguments.end() ? "exp" : smooth->second;
  rules.smoothing = method == "floor"   ? Smoothing::floor
                    : method == "add-k" ? Smoothing::add_k
                    : method == "none"  ? Smoothing::none
                                        : Smoothing::exp;
  rules.value = rule.number("value", 0.0);
  rules.effective_order = rule.has("effective");
  return bleu(counts, rules) / 100.0;
}

}  // namespace

bool add(Statistics& total, const Statistics& more) {
  if (total.rule.empty() && total.counts.empty()) {
    total = more;
    return true;
  }
  if (total.rule != more.rule || total.counts.size() != more.counts.size()) {
    return false;
  }
  std::ranges::transform(
      total.counts, more.counts, total.counts.begin(), [](double a, double b) { return a + b; });
  return true;
}

std::optional<double> corpus_value(const Statistics& sums) {
  const Rule rule = parse_rule(sums.rule);
  std::optional<double> value;
  if (rule.name == "bleu") {
    value = bleu_value(rule, sums.counts);
  } else if (rule.name == "chrf" && !sums.counts.empty() && sums.counts.size() % 3 == 0) {
    value = chrf(sums.counts, rule.number("beta", 2.0), rule.has("eps")) / 100.0;
  } else if (rule.name == "rate" && sums.counts.size() == 2) {
    const double edits = sums.counts[0];
    const double length = sums.counts[1];
    value = 1.0 - (length > 0 ? edits / length : edits > 0 ? 1.0 : 0.0);
  }
  if (rule.name == "share" && sums.counts.size() == 2 && sums.counts[1] > 0) {
    value = sums.counts[0] / sums.counts[1];
  }
  return value ? std::optional(std::clamp(*value, 0.0, 1.0)) : std::nullopt;
}

}  // namespace faceoff::score
