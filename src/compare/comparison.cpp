#include "align.h"
#include "items.h"
#include "score_comparison.h"

#include <faceoff/base/text.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/stats/adjust.h>

#include <algorithm>

namespace faceoff::compare {
namespace {

// The stand-in endpoint never passes for a model, in a sentence as little as in a table.
std::string label_of(const Column& column) {
  return display_text(column.name()) + (column.trials().simulated() > 0 ? " (simulated)" : "");
}

struct Decided {
  const Options& options;
  Labels labels;
  std::string reference;
  std::string candidate;

  Comparison operator()(Comparison comparison) const {
    comparison.reference = reference;
    comparison.candidate = candidate;
    comparison.power = options.power;
    comparison.alpha = options.alpha;
    decide(comparison, options, labels);
    return comparison;
  }
};

// Holm over the p-values of one metric, where there is more than one.
void adjust_family(std::vector<Comparison*> family, const Options& options) {
  std::erase_if(family, [](const Comparison* c) { return !c->test.p; });
  if (family.size() < 2) {
    return;
  }
  std::vector<double> p;
  p.reserve(family.size());
  for (const Comparison* comparison : family) {
    p.push_back(*comparison->test.p);
  }
  const std::vector<double> adjusted = stats::adjust_p(p, stats::Adjustment::holm);
  for (std::size_t i = 0; i < family.size(); ++i) {
    Test& test = family[i]->test;
    test.p_adjusted = adjusted[i];
    test.adjust = "holm";
    test.family_size = family.size();
    // The names stand before the finding already.
    Comparison& comparison = *family[i];
    const std::string prefix =
        comparison.one_line.substr(0, comparison.one_line.size() - comparison.finding.size());
    decide(comparison, options, {});
    comparison.one_line = prefix + comparison.finding;
  }
}

}  // namespace

PairComparison compare_backends(const Column& reference,
                                const Column& candidate,
                                const Options& options) {
  const Alignment alignment = align(reference.trials(), candidate.trials());
  const Decided decided{
      options, {label_of(reference), label_of(candidate)}, reference.name(), candidate.name()};

  PairComparison pair;
  pair.reference = reference.name();
  pair.candidate = candidate.name();
  pair.score = decided(compare_score(alignment, options));
  pair.ttft = decided(compare_latency(alignment, Metric::ttft, options));
  pair.e2e = decided(compare_latency(alignment, Metric::e2e, options));
  const std::vector<std::string> tags = tags_of(candidate.trials());
  for (const std::string& tag : tags) {
    Comparison comparison = compare_score(with_tag(alignment, tag), options);
    comparison.tag = tag;
    if (tags.size() > 1) {
      comparison.warnings.push_back(Warning::multiple_testing_uncorrected);
    }
    pair.tags.push_back(decided(std::move(comparison)));
  }
  return pair;
}

std::vector<PairComparison> compare_all(std::span<const Column> columns, const Options& options) {
  std::vector<PairComparison> pairs;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    pairs.push_back(compare_backends(columns.front(), columns[i], options));
  }
  std::vector<Comparison*> score;
  std::vector<Comparison*> ttft;
  std::vector<Comparison*> e2e;
  for (PairComparison& pair : pairs) {
    score.push_back(&pair.score);
    ttft.push_back(&pair.ttft);
    e2e.push_back(&pair.e2e);
  }
  adjust_family(score, options);
  adjust_family(ttft, options);
  adjust_family(e2e, options);
  return pairs;
}

}  // namespace faceoff::compare
