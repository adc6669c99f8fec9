#include "json_values.h"

#include <faceoff/report/reporter.h>

namespace faceoff::report {
namespace {

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
