#include "json_values.h"

namespace faceoff::report {
namespace {

Json estimate_json(const compare::Estimate& estimate) {
  return {{"kind", estimate.kind == compare::Estimate::Kind::ratio ? "ratio" : "diff"},
          {"value", number(estimate.value)},
          {"lo", number(estimate.lo)},
          {"hi", number(estimate.hi)},
          {"conf", estimate.conf},
          {"method", text_or_null(estimate.method)}};
}

Json test_json(const compare::Test& test) {
  return {{"name", text_or_null(test.name)},
          {"p", number(test.p)},
          {"p_adjusted", number(test.p_adjusted)},
          {"adjust", test.adjust},
          {"family_size", test.family_size}};
}

Json excluded_json(const compare::Excluded& excluded) {
  return {{"error_a", excluded.error_reference},
          {"error_b", excluded.error_candidate},
          {"missing", excluded.missing},
          {"unscored", excluded.unscored},
          {"changed", excluded.changed},
          {"timed_out", excluded.timed_out}};
}

Json bounds_json(const std::optional<compare::Bounds>& bounds) {
  return bounds ? Json{{"lo", number(bounds->lo)}, {"hi", number(bounds->hi)}} : Json(nullptr);
}

Json counts_json(const std::optional<compare::PairedCounts>& counts) {
  return counts ? Json{{"n11", counts->n11},
                       {"n10", counts->n10},
                       {"n01", counts->n01},
                       {"n00", counts->n00}}
                : Json(nullptr);
}

Json evidence_json(const std::optional<compare::Evidence>& evidence) {
  return evidence ? Json{{"cases", evidence->cases},
                         {"wins", evidence->wins},
                         {"losses", evidence->losses},
                         {"p_anytime", number(evidence->p_anytime)}}
                  : Json(nullptr);
}

Json comparison_json(const compare::Comparison& comparison) {
  Json warnings = Json::array();
  for (const compare::Warning warning : comparison.warnings) {
    warnings.push_back(compare::to_string(warning));
  }
  return {{"metric", compare::to_string(comparison.metric)},
          {"tag", text_or_null(comparison.tag)},
          {"baseline", comparison.reference},
          {"candidate", comparison.candidate},
          {"n_pairs", comparison.n_pairs},
          {"n_other_prompt", comparison.n_other_prompt},
          {"n_only_a", comparison.n_only_reference},
          {"n_only_b", comparison.n_only_candidate},
          {"excluded", excluded_json(comparison.excluded)},
          {"unit", comparison.clusters > 0 ? "cluster" : "item"},
          {"clusters", comparison.clusters > 0 ? Json(comparison.clusters) : Json(nullptr)},
          {"counts", counts_json(comparison.counts)},
          {"n_higher", comparison.n_higher},
          {"n_lower", comparison.n_lower},
          {"estimate", estimate_json(comparison.estimate)},
          {"test", test_json(comparison.test)},
          {"p_candidate_better", number(comparison.p_candidate_better)},
          {"mde",
           {{"value", number(comparison.detectable)},
            {"power", comparison.power},
            {"alpha", comparison.alpha},
            {"at_best", number(comparison.detectable_at_best)}}},
          {"deff", number(comparison.deff)},
          {"icc", number(comparison.icc)},
          {"autocorrelation", number(comparison.autocorrelation)},
          {"interleaved", comparison.interleaved ? Json(*comparison.interleaved) : Json(nullptr)},
          {"evidence", evidence_json(comparison.evidence)},
          {"margin", number(comparison.margin)},
          {"margin_interval", bounds_json(comparison.margin_interval)},
          {"worst_case", bounds_json(comparison.worst_case)},
          {"verdict", compare::to_string(comparison.verdict)},
          {"borderline", comparison.borderline},
          {"one_line", comparison.one_line},
          {"warnings", std::move(warnings)},
          {"n_only_a_passes", comparison.n_only_reference_passes},
          {"n_only_b_passes", comparison.n_only_candidate_passes},
          {"only_a_passes", comparison.only_reference_passes},
          {"only_b_passes", comparison.only_candidate_passes}};
}

}  // namespace

Json comparisons_json(const std::vector<compare::PairComparison>& comparisons) {
  Json all = Json::array();
  for (const compare::PairComparison& pair : comparisons) {
    all.push_back(comparison_json(pair.score));
    for (const compare::Comparison& tag : pair.tags) {
      all.push_back(comparison_json(tag));
    }
    all.push_back(comparison_json(pair.ttft));
    all.push_back(comparison_json(pair.e2e));
    all.push_back(comparison_json(pair.tpot));
  }
  return all;
}

Json standings_json(const Report& report) {
  Json all = Json::array();
  for (const compare::Standing& standing : report.standings) {
    all.push_back(
        {{"backend", standing.backend}, {"best", standing.best}, {"worst", standing.worst}});
  }
  return all;
}

Json omnibus_json(const Report& report) {
  if (!report.omnibus) {
    return nullptr;
  }
  return {{"test", report.omnibus->name},
          {"statistic", number(report.omnibus->statistic)},
          {"df", report.omnibus->df},
          {"p", number(report.omnibus->p)},
          {"cases", report.omnibus->cases}};
}

Json baseline_json(const Report& report) {
  if (!report.baseline) {
    return nullptr;
  }
  return {{"name", report.baseline->name},
          {"run", report.baseline->run_id},
          {"started", text_or_null(report.baseline->run_started_utc)},
          {"note", text_or_null(report.baseline->note)},
          {"comparisons", comparisons_json(report.baseline->comparisons)}};
}

}  // namespace faceoff::report
