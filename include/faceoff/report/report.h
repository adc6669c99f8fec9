#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/gate_result.h>
#include <faceoff/compare/judging.h>
#include <faceoff/compare/summary.h>
#include <faceoff/report/trend.h>
#include <faceoff/store/run_folder.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::report {

class CaseViews;

// One backend with its figures. Strings of `entry` and `summary` are foreign text as it came; the
// reporters make it safe for what they write.
struct Column {
  store::BackendEntry entry;
  compare::Summary summary;
  std::string host;  // of base_url, with the port where one is given
};

// How the command ended, for machines: one row of `faceoff help exit-codes`.
struct Exit {
  int code = 0;
  std::string reason;
};

// An earlier run that this one was held against.
struct Baseline {
  std::string name;
  std::string run_id;
  std::string run_started_utc;
  std::vector<compare::PairComparison> comparisons;  // candidates: backends of this run
  std::string note;  // what could not be compared and why, of our own words only
};

// All that a report shows; made from records and a manifest, without the models.
struct Report {
  store::Manifest manifest;
  std::vector<Column> columns;  // the first is the reference
  std::vector<compare::PairComparison> comparisons;
  std::optional<Baseline> baseline;
  std::vector<compare::GateResult> gates;
  std::string gates_note;                    // why no gate was judged
  std::vector<compare::Standing> standings;  // of three and more backends; set by the command
  std::optional<compare::Omnibus> omnibus;   // likewise
  compare::Judging judging;                  // what judges did; set by the command
  std::optional<Exit> exit;                  // for JSON; set by the command
  std::vector<std::string> next_commands;    // command lines worth trying next; set by the command
  // Single cases with columns as above; null: not opened. Set by the command where a reporter
  // shows cases (case_views.h).
  std::shared_ptr<const CaseViews> cases = nullptr;
  // This run behind earlier ones of its suite; nullopt: not known. Set by the command where a
  // reporter shows it (Reporter::shows_cases): figures of other runs' records, so these must lie
  // where this one does.
  std::optional<Trend> trend;
};

// Columns are the summaries in their order, each with the manifest's entry of its name. To report
// on backends of two runs, hand in a manifest that lists them under the summaries' names. Secrets
// in error texts are redacted here.
[[nodiscard]] Report build_report(const store::Manifest& manifest,
                                  std::span<const compare::Summary> summaries,
                                  std::vector<compare::PairComparison> comparisons);

}  // namespace faceoff::report
