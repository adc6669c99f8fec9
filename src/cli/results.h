#pragma once

// From a run folder to a report. Private to cli.

#include "command.h"
#include "run_options.h"

#include <faceoff/report/report.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

// Reads the records of a run and makes its report; every backend after the first is compared with
// the first.
[[nodiscard]] Result<report::Report> report_on_run(const std::filesystem::path& folder);

// The backends of two runs side by side: each backend of the later runs against the first run's of
// the same name, or, when there is only one in each, against that.
[[nodiscard]] Result<report::Report> report_on_runs(std::span<const std::filesystem::path> folders);

// Writes summary.json and report.md into the run folder.
[[nodiscard]] Status keep_reports(const report::Report& report,
                                  const std::filesystem::path& folder);

// Writes the report in each format; without one, as a table on standard output.
[[nodiscard]] Status write_formats(const report::Report& report,
                                   std::span<const OutputFormat> formats,
                                   const Context& context);

}  // namespace faceoff::cli
