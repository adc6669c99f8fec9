#include "json_values.h"

#include <faceoff/base/units.h>

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

}  // namespace

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

}  // namespace faceoff::report
