#include "align.h"
#include "family.h"
#include "items.h"
#include "score_comparison.h"

#include <faceoff/base/text.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/stats/adjust.h>
#include <faceoff/stats/paired_binary.h>

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

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

std::vector<Comparison> compare_tags(const Alignment& alignment,
                                     const Decided& decided,
                                     const Options& options) {
  std::vector<Comparison> tags;
  for (const std::string& tag : tags_of(*alignment.candidate)) {
    Comparison comparison = compare_score(with_tag(alignment, tag), options);
    comparison.tag = tag;
    tags.push_back(decided(std::move(comparison)));
  }
  std::vector<Comparison*> family;
  for (Comparison& tag : tags) {
    family.push_back(&tag);
  }
  adjust_family(family, stats::Adjustment::benjamini_hochberg, "bh", options);
  return tags;
}

}  // namespace

void adjust_family(std::vector<Comparison*> family,
                   stats::Adjustment method,
                   std::string_view name,
                   const Options& options) {
  std::erase_if(family, [](const Comparison* c) { return !c->test.p; });
  if (family.size() < 2) {
    return;
  }
  std::vector<double> p;
  p.reserve(family.size());
  for (const Comparison* comparison : family) {
    p.push_back(*comparison->test.p);
  }
  const std::vector<double> adjusted = stats::adjust_p(p, method);
  for (std::size_t i = 0; i < family.size(); ++i) {
    Test& test = family[i]->test;
    test.p_adjusted = adjusted[i];
    test.adjust = name;
    test.family_size = family.size();
    // The names stand before the finding already.
    Comparison& comparison = *family[i];
    const std::string prefix =
        comparison.one_line.substr(0, comparison.one_line.size() - comparison.finding.size());
    decide(comparison, options, {});
    comparison.one_line = prefix + comparison.finding;
  }
}

PairComparison compare_backends(const Column& reference,
                                const Column& candidate,
                                const Options& options) {
  const Alignment alignment = align(reference.trials(), candidate.trials(), options.by_id);
  const Decided decided{
      options, {label_of(reference), label_of(candidate)}, reference.name(), candidate.name()};

  PairComparison pair;
  pair.reference = reference.name();
  pair.candidate = candidate.name();
  std::optional<Evidence> evidence;
  if (const auto found = options.evidence.find(candidate.name()); found != options.evidence.end()) {
    evidence = found->second;
  }
  pair.score = decided(compare_score(alignment, options, evidence));
  pair.ttft = decided(compare_latency(alignment, Metric::ttft, options));
  pair.e2e = decided(compare_latency(alignment, Metric::e2e, options));
  pair.tpot = decided(compare_latency(alignment, Metric::tpot, options));
  // What was gathered over all cases says nothing of one tag.
  if (options.tags && !evidence) {
    pair.tags = compare_tags(alignment, decided, options);
  }
  return pair;
}

std::vector<PairComparison> compare_all(std::span<const Column> columns, const Options& options) {
  std::vector<PairComparison> pairs;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    pairs.push_back(compare_backends(columns.front(), columns[i], options));
  }
  for (const auto metric : {&PairComparison::score,
                            &PairComparison::ttft,
                            &PairComparison::e2e,
                            &PairComparison::tpot}) {
    std::vector<Comparison*> family;
    for (PairComparison& pair : pairs) {
      family.push_back(&(pair.*metric));
    }
    adjust_family(family, stats::Adjustment::holm, "holm", options);
  }
  return pairs;
}

}  // namespace faceoff::compare
