#include "json_values.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/report/reporter.h>

namespace faceoff::report {
namespace {

Json score_json(const compare::ScoreEstimate& score) {
  return {{"n", score.n},
          {"value", number(score.value)},
          {"lo", number(score.lo)},
          {"hi", number(score.hi)},
          {"method", text_or_null(score.method)},
          {"passed", score.passed ? Json(*score.passed) : Json(nullptr)},
          {"clusters", score.clusters > 0 ? Json(score.clusters) : Json(nullptr)}};
}

Json slice_json(const compare::Slice& slice) {
  Json outcomes = Json::object();
  for (std::size_t i = 0; i < compare::OutcomeCounts::kCount; ++i) {
    const auto outcome = static_cast<score::Outcome>(i);
    outcomes[std::string(score::to_string(outcome))] = slice.outcomes.of(outcome);
  }
  return {{"tag", text_or_null(slice.tag)},
          {"cases", slice.cases},
          {"trials", slice.trials},
          {"repeats", slice.repeats},
          {"answered", slice.answered},
          {"score", score_json(slice.score)},
          {"outcomes", std::move(outcomes)}};
}

Json scorers_json(const std::vector<compare::ScorerSummary>& scorers) {
  Json all = Json::array();
  for (const compare::ScorerSummary& scorer : scorers) {
    Json samples = Json::array();
    for (const compare::ExtractionSample& sample : scorer.samples) {
      samples.push_back({{"case", sample.case_id},
                         {"repeat", sample.repeat},
                         {"reason", sample.reason},
                         {"answer_end", sample.answer}});
    }
    all.push_back({{"scorer", scorer.scorer},
                   {"label", text_or_null(scorer.label)},
                   {"counts", scorer.counts},
                   {"judged", scorer.judged},
                   {"no_extraction", scorer.no_extraction},
                   {"unscored", scorer.unscored},
                   {"mean", number(scorer.mean)},
                   {"corpus", number(scorer.corpus)},
                   {"corpus_rule", text_or_null(scorer.corpus_rule)},
                   {"not_extracted", std::move(samples)}});
  }
  return all;
}

Json quantile_json(const compare::QuantileEstimate& quantile) {
  return {{"q", quantile.q},
          {"value_s", number(quantile.value)},
          {"lo_s", number(quantile.lo)},
          {"hi_s", number(quantile.hi)},
          {"beyond_limit", quantile.beyond_limit},
          {"needs_at_least", quantile.needs_at_least},
          {"method", "order-statistic"}};
}

Json latency_json(const compare::LatencySummary& latency) {
  return {{"n", latency.n},
          {"timed_out", latency.timed_out},
          {"autocorrelation", number(latency.autocorrelation)},
          {"quantiles", Json::array({quantile_json(latency.p50), quantile_json(latency.p95)})}};
}

// By name; docs/metrics.md defines each.
Json figures_json(const compare::Summary& summary) {
  Json out = Json::object();
  for (const compare::Figure& figure : summary.figures) {
    const compare::Distribution& d = figure.values;
    out[std::string(figure.name)] = {{"unit", figure.unit},
                                     {"n", d.n},
                                     {"missing", d.missing},
                                     {"kept", d.kept},
                                     {"mean", number(d.mean)},
                                     {"sd", number(d.sd)},
                                     {"min", number(d.min)},
                                     {"p50", number(d.p50)},
                                     {"p90", number(d.p90)},
                                     {"p95", number(d.p95)},
                                     {"p99", number(d.p99)},
                                     {"max", number(d.max)},
                                     {"p90_bound", number(d.p90_bound)},
                                     {"p99_bound", number(d.p99_bound)}};
  }
  return out;
}

Json token_sources_json(const compare::Figures::Sources& sources) {
  Json out = Json::object();
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i] > 0) {
      out[std::string(chat::to_string(static_cast<chat::TokenSource>(i)))] = sources[i];
    }
  }
  return out;
}

Json self_check_json(const std::optional<store::SelfCheck>& check) {
  if (!check) {
    return nullptr;
  }
  return {{"loop_lag_p99_ms", number(check->loop_lag_p99_ms)},
          {"loop_busy", number(check->loop_busy)},
          {"coalesced_share", number(check->coalesced_share)},
          {"kernel_share", number(check->kernel_share)},
          {"gap_p50_ms", number(check->gap_p50_ms)},
          {"client_bound", check->client_bound},
          {"why", text_or_null(check->why)}};
}

Json failures_json(const compare::Summary& summary) {
  Json failures = Json::array();
  for (const compare::FailureCount& failure : summary.failures) {
    failures.push_back({{"kind", backend::to_string(failure.kind)},
                        {"count", failure.count},
                        {"case", failure.case_id},
                        {"message", failure.message}});
  }
  return failures;
}

Json pass_json(const compare::ScoreEstimate& pass) {
  return {{"n", pass.n},
          {"value", number(pass.value)},
          {"lo", number(pass.lo)},
          {"hi", number(pass.hi)},
          {"method", text_or_null(pass.method)}};
}

Json repeats_json(const std::optional<compare::RepeatSummary>& repeats) {
  if (!repeats) {
    return nullptr;
  }
  Json passes = Json::array();
  for (const compare::PassEstimate& pass : repeats->passes) {
    passes.push_back(
        {{"k", pass.k}, {"pass_at_k", pass_json(pass.any)}, {"pass_hat_k", pass_json(pass.each)}});
  }
  Json flaky = Json::array();
  for (const compare::FlakyCase& item : repeats->flaky) {
    flaky.push_back({{"case", item.id}, {"passed", item.passed}, {"of", item.of}});
  }
  return {{"cases", repeats->cases},
          {"var_within", number(repeats->var_within)},
          {"var_between", number(repeats->var_between)},
          {"se_rerun", number(repeats->se_rerun)},
          {"se", number(repeats->se)},
          {"se_at_best", number(repeats->se_at_best)},
          {"passes", std::move(passes)},
          {"n_flaky", repeats->n_flaky},
          {"flaky", std::move(flaky)}};
}

Json identity_json(const backend::Identity& identity) {
  Json facts = Json::object();
  for (const auto& [name, value] : identity.facts) {
    facts[name] = value;
  }
  return {{"server", text_or_null(identity.server)},
          {"model", text_or_null(identity.model)},
          {"facts", std::move(facts)}};
}

// Dollars as decimal text: a binary fraction would not be exact.
Json cost_json(const Column& column) {
  const compare::Summary& summary = column.summary;
  const auto& price = column.entry.price;
  const auto per_thousand = compare::cost_per_thousand(summary);
  if (!price && !per_thousand) {
    return nullptr;
  }
  constexpr std::int64_t kTokensOfAPrice = 1'000'000;
  const auto per_million = [](Money token) {
    return decimal_dollars({token.picodollars * kTokensOfAPrice});
  };
  Json prices(nullptr);
  if (price) {
    prices = {{"input", per_million(price->input)},
              {"cached_input", price->cached ? Json(per_million(*price->cached)) : Json(nullptr)},
              {"output", per_million(price->output)},
              {"as_of", text_or_null(price->as_of)},
              {"source", text_or_null(price->source)}};
  }
  return {{"total_usd", per_thousand ? Json(decimal_dollars(summary.cost)) : Json(nullptr)},
          {"per_1000_usd", per_thousand ? Json(decimal_dollars(*per_thousand)) : Json(nullptr)},
          {"trials", summary.with_cost},
          {"estimated", summary.without_usage > 0},
          {"usd_per_million_tokens", std::move(prices)}};
}

Json backend_json(const Column& column) {
  const compare::Summary& summary = column.summary;
  Json tags = Json::array();
  for (const compare::Slice& slice : summary.tags) {
    tags.push_back(slice_json(slice));
  }
  Json retries = Json::object();
  for (const auto& [cause, count] : summary.retries) {
    retries[std::string(backend::to_string(cause))] = count;
  }
  return {
      {"name", summary.backend},
      {"adapter", column.entry.adapter},
      {"model", column.entry.model},
      {"simulated", column.entry.simulated || summary.simulated},
      {"identity", identity_json(column.entry.identity)},
      {"conf", number(summary.conf)},
      {"planned", summary.planned > 0 ? Json(summary.planned) : Json(nullptr)},
      {"all", slice_json(summary.all)},
      {"scorers", scorers_json(summary.scorers)},
      {"tags", std::move(tags)},
      {"repeats", repeats_json(summary.repeats)},
      {"failures", failures_json(summary)},
      {"retries", std::move(retries)},
      {"cached", summary.cached},
      {"latency",
       {{"ttft", latency_json(summary.ttft)},
        {"e2e", latency_json(summary.e2e)},
        {"tpot", latency_json(summary.tpot)}}},
      {"figures", figures_json(summary)},
      {"token_sources", token_sources_json(summary.token_sources)},
      {"tokens_per_second",
       {{"decode_median", number(summary.decode_rate)}, {"system", number(summary.system_rate)}}},
      {"tokens",
       {{"prompt", summary.prompt_tokens},
        {"completion", summary.completion_tokens},
        {"answers_without_usage", summary.without_usage}}},
      {"cost", cost_json(column)},
      {"replayed_from", text_or_null(column.entry.replayed_from)},
      {"egress",
       {{"host", text_or_null(column.host)},
        {"local", column.entry.local},
        {"prompts_sent", summary.prompts_sent}}}};
}

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

Json interval_json(const stats::Interval& interval) {
  return {{"lo", interval.lo ? number(*interval.lo) : Json(nullptr)},
          {"hi", interval.hi ? number(*interval.hi) : Json(nullptr)}};
}

Json judging_json(const compare::Judging& judging) {
  if (!judging.any()) {
    return nullptr;
  }
  const auto maybe = [](const std::optional<double>& value) {
    return value ? number(*value) : Json(nullptr);
  };
  Json out{{"awaiting", judging.awaiting},
           {"judges", Json::array()},
           {"duels", Json::array()},
           {"agreements", Json::array()},
           {"strengths", Json::array()},
           {"related", Json::array()}};
  for (const auto& work : judging.judges) {
    out["judges"].push_back(
        {{"backend", work.backend},
         {"model", work.model},
         {"questions", work.questions},
         {"failed", work.failed},
         {"off_menu", work.off_menu},
         {"prompt_tokens", work.prompt_tokens},
         {"completion_tokens", work.completion_tokens},
         {"cost_usd", work.cost ? Json(decimal_dollars(*work.cost)) : Json(nullptr)},
         {"canaries", work.canaries},
         {"canaries_held", work.canaries_held},
         {"simulated", work.simulated}});
  }
  for (const auto& duel : judging.duels) {
    out["duels"].push_back({{"judge", duel.judge},
                            {"a", duel.reference},
                            {"b", duel.candidate},
                            {"b_wins", duel.wins},
                            {"b_losses", duel.losses},
                            {"ties", duel.ties},
                            {"undecided", duel.undecided},
                            {"b_winrate", maybe(duel.winrate)},
                            {"interval", interval_json(duel.interval)},
                            {"p", maybe(duel.p)},
                            {"consistency", maybe(duel.consistency)},
                            {"flips", duel.flips},
                            {"first_slot_flips", duel.first_flips},
                            {"first_slot_p", maybe(duel.first_p)}});
  }
  for (const auto& agreement : judging.agreements) {
    out["agreements"].push_back({{"scorer", agreement.scorer},
                                 {"n", agreement.n},
                                 {"same", maybe(agreement.share)},
                                 {"kappa", maybe(agreement.kappa)},
                                 {"interval", interval_json(agreement.interval)},
                                 {"weights", agreement.weighted ? "quadratic" : "none"}});
  }
  for (const auto& strength : judging.strengths) {
    out["strengths"].push_back({{"backend", strength.backend}, {"elo", number(strength.elo)}});
  }
  for (const auto& kin : judging.kin) {
    out["related"].push_back({{"judge", kin.judge},
                              {"backend", kin.backend},
                              {"relation", to_string(kin.relation)},
                              {"family", kin.family.empty() ? Json(nullptr) : Json(kin.family)}});
  }
  return out;
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

Json run_json(const store::Manifest& run) {
  return {{"id", run.id},
          {"suite", run.suite},
          {"suite_digest", run.suite_digest},
          {"cases", run.cases},
          {"trials", run.trials},
          {"state", store::to_string(run.state)},
          {"version", run.version},
          {"command", run.command},
          {"started", text_or_null(run.started_utc)},
          {"finished", text_or_null(run.finished_utc)},
          {"seed", run.seed},
          {"scorers", run.scorers},
          {"loop_lag_ms", number(run.loop_lag_ms)},
          {"client_busy", number(run.client_busy)},
          {"self_check", self_check_json(run.self_check)},
          {"notes", run.notes}};
}

}  // namespace

std::string write_json(const Report& report, const RenderOptions& options) {
  static_cast<void>(options);
  Json document;
  document["schema"] = "faceoff.results/1";
  document["run"] = run_json(report.manifest);
  document["complete"] = report.manifest.state == store::RunState::complete;
  document["backends"] = Json::array();
  for (const Column& column : report.columns) {
    document["backends"].push_back(backend_json(column));
  }
  document["comparisons"] = comparisons_json(report.comparisons);
  document["baseline"] = baseline_json(report);
  document["gates"] = gates_json(report);
  document["places"] = standings_json(report);
  document["omnibus"] = omnibus_json(report);
  if (report.judging.any()) {
    document["judging"] = judging_json(report.judging);
  }
  document["exit"] = report.exit
                         ? Json{{"code", report.exit->code}, {"reason", report.exit->reason}}
                         : Json(nullptr);
  // ASCII only: control and bidirectional characters above U+007F would reach a terminal otherwise.
  return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace faceoff::report
