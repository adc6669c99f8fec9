#include "print_report.h"

#include "config.h"
#include "output.h"
#include "results.h"
#include "session.h"
#include "shared_flags.h"
#include "terminal.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kReportFlags{
    kFormatFlag, kJsonFlag, kJunitLevelFlag, kMarkerFlag, kCsvRawFlag};
constexpr std::array kCompareFlags{
    Flag{.name = "gate",
         .value = "EXPR",
         .help = "a condition on the later runs, e.g. alarm, 'not-worse 3pp', 'score >= 80%'",
         .repeats = true},
    kFailOnFlag,
    kMaxDropFlag,
    kMaxSlowdownFlag,
    Flag{.name = "pair-by",
         .value = "WHAT",
         .help =
             "prompt: pair cases of the same id and prompt (default); id: of the same id, so as "
             "to compare two prompts"},
    Flag{.name = "baseline",
         .value = "NAME",
         .help = "a baseline or its file as the reference, before all runs"},
    kInconclusiveFlag,
    kAlphaFlag,
    kFormatFlag,
    kJsonFlag,
    kJunitLevelFlag,
    kMarkerFlag,
    kCsvRawFlag,
};

// @NAME and files are baselines; everything else is a run.
Result<Loaded> find_and_load(const std::filesystem::path& results,
                             const std::string& name,
                             report::CaseGatherer* cases,
                             const Context& context) {
  std::error_code error;
  if (name.starts_with('@') || std::filesystem::is_regular_file(name, error)) {
    FACEOFF_TRY_ASSIGN(auto baseline, find_baseline(results, name, context.clock.utc_now()));
    return load_baseline(std::make_shared<const store::Baseline>(std::move(baseline)));
  }
  FACEOFF_TRY_ASSIGN(const auto folder, store::find_run(results, name));
  return load_run(folder, cases);
}

Result<bool> pairs_by_id(const Arguments& arguments) {
  const std::string word = arguments.value("pair-by").value_or("prompt");
  if (word != "prompt" && word != "id") {
    return fail(ErrorKind::usage, fmt::format("--pair-by: '{}' is neither prompt nor id", word));
  }
  return word == "id";
}

Result<Exit> find_and_print(const Arguments& arguments,
                            const std::vector<std::string>& names,
                            const GateRequest* gating,
                            const Context& context) {
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  FACEOFF_TRY_ASSIGN(const auto formats, read_formats(arguments));
  const auto by_id = pairs_by_id(arguments);
  if (!by_id) {
    return tl::make_unexpected(by_id.error());
  }
  const auto results = results_folder(arguments, config);
  std::vector<Loaded> sources;
  std::optional<report::CaseGatherer> cases;
  if (show_cases(formats)) {
    cases.emplace();
  }
  if (gating != nullptr && gating->baseline) {
    FACEOFF_TRY_ASSIGN(auto baseline,
                       find_baseline(results, *gating->baseline, context.clock.utc_now()));
    sources.push_back(load_baseline(std::make_shared<const store::Baseline>(std::move(baseline))));
  }
  for (const auto& name : names) {
    FACEOFF_TRY_ASSIGN(auto source,
                       find_and_load(results, name, cases ? &*cases : nullptr, context));
    sources.push_back(std::move(source));
  }
  FACEOFF_TRY_ASSIGN(auto report, report_on(sources, gating, context, *by_id));
  GateExit outcome;
  if (gating != nullptr) {
    outcome = gate_exit(report);
    report.exit = report::Exit{.code = static_cast<int>(outcome.exit),
                               .reason = outcome.reason.empty() ? "finished" : outcome.reason};
  }
  const bool has_page = std::ranges::find(formats, "html", &OutputFormat::name) != formats.end();
  if (has_page && sources.size() == 1 && !sources.front().is_baseline) {
    put_trend(sources.front(), results, report);
  }
  if (cases) {
    put_cases(sources, *std::move(cases), report);
  }
  FACEOFF_TRY(write_formats(report, formats, context));
  if (outcome.exit != Exit::ok) {
    tell(context, outcome.reason + "\n");
  }
  return outcome.exit;
}

}  // namespace

std::span<const Flag> report_flags() {
  return kReportFlags;
}

std::span<const Flag> compare_flags() {
  return kCompareFlags;
}

Exit print_report(const Arguments& arguments,
                  const std::vector<std::string>& names,
                  const GateRequest* gating,
                  const Context& context) {
  const auto exit = find_and_print(arguments, names, gating, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace faceoff::cli
