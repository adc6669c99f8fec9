#pragma once

// From run folders and baselines to a report. Private to cli.

#include "command.h"
#include "gating.h"
#include "run_options.h"

#include <faceoff/compare/judging.h>
#include <faceoff/compare/results.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/report.h>
#include <faceoff/store/baseline.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

// An earlier result, read.
struct Loaded {
  store::Manifest manifest;
  std::filesystem::path folder = {};  // of a run
  std::vector<compare::Column> columns;
  compare::Options options = {};  // for comparisons within the run
  std::string mark;  // behind the '@' of its columns, where several results stand side by side
  // The run's own copy of what it was held against; null: nothing.
  std::shared_ptr<const store::Baseline> baseline = nullptr;
  // Of a baseline.
  std::shared_ptr<const std::vector<store::Record>> records = nullptr;
  bool is_baseline = false;
  compare::JudgingLog judging = {};
};
// The backends' names, in the order of the columns.
[[nodiscard]] std::vector<std::string> names_in(const store::Manifest& manifest);
// With `cases`, single records can be read again afterwards.
[[nodiscard]] Result<Loaded> load_run(const std::filesystem::path& folder,
                                      report::CaseGatherer* cases = nullptr);
// Shares the baseline's records.
[[nodiscard]] Loaded load_baseline(const std::shared_ptr<const store::Baseline>& baseline);

// Reads the records of a run and makes its report: every backend after the first is compared with
// the first, and each with its baseline where the run had one. Its gates are judged again. With
// cases it has the runs before it too.
[[nodiscard]] Result<report::Report> report_on_run(const std::filesystem::path& folder,
                                                   const std::filesystem::path& results,
                                                   bool with_cases);

// One result as report_on_run(), or several: each backend of the later ones against the first one's
// of the same name, or, where the first has only one, against that, pairing cases by id and prompt,
// or by id alone. The gates of `gating` (may be
// null) are about the later ones. Error of kind usage: nothing can be compared, a gate does not
// hold.
[[nodiscard]] Result<report::Report> report_on(std::span<const Loaded> sources,
                                               const GateRequest* gating,
                                               const Context& context,
                                               bool by_id = false);

// Any of the formats shows single cases.
[[nodiscard]] bool show_cases(std::span<const OutputFormat> formats);
// Gives the report the cases of its sources, which were all loaded with this gatherer.
void put_cases(std::span<const Loaded> sources,
               report::CaseGatherer&& cases,
               report::Report& report);

// The run behind those before it. Only the index of `results` is written to.
void put_trend(const Loaded& run, const std::filesystem::path& results, report::Report& report);

// Writes summary.json and report.md into the run folder, and report.html where the report has its
// cases.
[[nodiscard]] Status keep_reports(const report::Report& report,
                                  const std::filesystem::path& folder);

}  // namespace faceoff::cli
