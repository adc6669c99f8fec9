#include "bench_report.h"
#include "version.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json rates_json(const load::Rates& rates) {
  return {{"window_s", number(rates.window_s)},
          {"req_s", number(rates.req_s)},
          {"out_tok_s", number(rates.out_tok_s)},
          {"goodput", number(rates.goodput)}};
}

Json figures_json(const compare::Figures& figures) {
  Json out = Json::object();
  for (const compare::Figure& figure : figures.figures()) {
    const compare::Distribution& d = figure.values;
    out[std::string(figure.name)] = {
        {"unit", figure.unit},
        {"tool", figure.tool.empty() ? Json(nullptr) : Json(figure.tool)},
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

Json statuses_json(const load::StageSummary& s) {
  Json out = Json::object();
  for (std::size_t i = 0; i < s.by_status.size(); ++i) {
    out[std::string(load::to_string(static_cast<load::AnswerStatus>(i)))] = s.by_status[i];
  }
  return out;
}

Json sources_json(const compare::Figures::Sources& sources) {
  Json out = Json::object();
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i] > 0) {
      out[std::string(chat::to_string(static_cast<chat::TokenSource>(i)))] = sources[i];
    }
  }
  return out;
}

Json client_json(const BenchPoint& point) {
  const load::ClientVerdict& client = point.client;
  return {{"client_bound", client.bound},
          {"why", client.why.empty() ? Json(nullptr) : Json(client.why)},
          {"loop_busy", number(point.loop_busy)},
          {"loop_lag_p99_ms", to_ms(client.loop_lag_p99)},
          {"loop_lag_max_ms", to_ms(client.loop_lag_max)},
          {"coalesced_share", number(client.coalesced_share)},
          {"kernel_share", number(client.kernel_share)},
          {"schedule_delay_p99_ms", number(point.schedule_delay_p99_ms)}};
}

Json point_json(const BenchPoint& point) {
  const load::StageSummary& s = point.summary;
  return {{"backend", point.backend},
          {"adapter", point.adapter},
          {"model", point.model},
          {"simulated", s.simulated},
          {"load", point.load},
          {"issued", s.issued},
          {"warmup", s.warmup},
          {"drained", s.drained},
          {"status", statuses_json(s)},
          {"cut_by_length", s.cut_by_length},
          {"good", s.good},
          {"good_share", number(s.good_share)},
          {"slo_undefined", s.slo_undefined},
          {"concurrency", {{"mean", number(s.concurrency_mean)}, {"max", s.concurrency_max}}},
          {"whole", rates_json(s.whole)},
          {"steady", rates_json(s.steady)},
          {"decode_tok_s", number(s.decode_tok_s)},
          {"tokens",
           {{"prompt", s.prompt_tokens},
            {"cached", s.cached_tokens},
            {"usage_missing", s.usage_missing},
            {"sources", sources_json(s.figures.token_sources())}}},
          {"figures", figures_json(s.figures)},
          {"client", client_json(point)},
          {"warnings", s.warnings},
          {"first_failure", s.first_failure.empty() ? Json(nullptr) : Json(s.first_failure)}};
}

Json breaks_json(const BenchOutcome& outcome, const BenchOptions& options) {
  Json out = Json::array();
  for (const auto& backend : outcome.backends) {
    std::vector<load::SweepPoint> points;
    for (const BenchPoint& point : outcome.points) {
      if (point.backend == backend) {
        points.push_back({.load = point.load, .good_share = point.summary.good_share});
      }
    }
    const auto found = load::find_break(std::move(points), options.slo_share);
    out.push_back(
        {{"backend", backend}, {"holds", number(found.holds)}, {"breaks", number(found.breaks)}});
  }
  return out;
}

std::string_view mode_name(load::Mode mode) {
  return mode == load::Mode::serial ? "serial" : mode == load::Mode::closed ? "closed" : "open";
}

Json times_json(const std::vector<double>& times) {
  constexpr double kMicro = 1000.0;
  Json out = Json::array();
  for (const double ms : times) {
    out.push_back(std::round(ms * kMicro) / kMicro);
  }
  return out;
}

}  // namespace

std::string bench_json(const BenchOutcome& outcome, const BenchOptions& options) {
  Json points = Json::array();
  for (const BenchPoint& point : outcome.points) {
    points.push_back(point_json(point));
  }
  Json slos = Json::array();
  for (const auto& slo : options.slos) {
    slos.push_back(slo.text);
  }
  const bool open = options.stage.mode == load::Mode::open;
  const bool poisson = options.stage.arrival == load::Arrival::poisson;
  const Json out{{"schema", "faceoff.bench/1"},
                 {"version", version_text()},
                 {"started", outcome.started_utc},
                 {"stopped", outcome.stopped},
                 {"mode", mode_name(options.stage.mode)},
                 {"arrival", open ? Json(poisson ? "poisson" : "constant") : Json(nullptr)},
                 {"seed", options.stage.seed},
                 {"prompts", outcome.prompts},
                 {"quantiles", "type-7"},
                 {"stamp_source", chat::to_string(outcome.stamps)},
                 {"slos", std::move(slos)},
                 {"slo_share", options.slo_share},
                 {"points", std::move(points)},
                 {"breaks", options.slos.empty() ? Json(nullptr) : breaks_json(outcome, options)},
                 {"notes", outcome.notes}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string sample_json(const std::string& backend,
                        double load,
                        TimePoint began,
                        const load::Sample& sample) {
  const auto since = [&](TimePoint at) { return to_ms(at - began); };
  Json values = Json::object();
  for (const auto& row : chat::metric_table()) {
    if (const auto& value = chat::of(sample.values, row.id); value && row.tool.empty()) {
      values[std::string(row.name)] = number(*value);
    }
  }
  const Json out{{"backend", backend},
                 {"load", load},
                 {"number", sample.number},
                 {"phase", load::to_string(sample.phase)},
                 {"status", load::to_string(sample.status)},
                 {"message", sample.message.empty() ? Json(nullptr) : Json(sample.message)},
                 {"planned_ms", since(sample.planned)},
                 {"ready_ms", sample.ready ? Json(since(*sample.ready)) : Json(nullptr)},
                 {"last_ms", since(sample.last)},
                 {"tokens", sample.tokens.n ? Json(*sample.tokens.n) : Json(nullptr)},
                 {"token_source", chat::to_string(sample.tokens.source)},
                 {"stamp_source", chat::to_string(sample.timing.source)},
                 {"coalesced", sample.timing.coalesced},
                 {"figures", std::move(values)},
                 {"events", sample.timing.events},
                 {"events_ms", times_json(sample.timing.events_ms)},
                 {"other_ms", times_json(sample.timing.other_ms)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faceoff::cli
