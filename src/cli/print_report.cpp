#include "print_report.h"

#include "config.h"
#include "results.h"
#include "session.h"

#include <array>

namespace faceoff::cli {
namespace {

constexpr std::array kReportFlags{
    Flag{.name = "format",
         .value = "FMT[:PATH]",
         .help = "table, md or json; with :PATH into a file",
         .repeats = true},
    Flag{.name = "json", .help = "the same as --format json"},
};

Result<Exit> find_and_print(const Arguments& arguments,
                            const std::vector<std::string>& runs,
                            const Context& context) {
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  FACEOFF_TRY_ASSIGN(const auto formats, read_formats(arguments));
  std::vector<std::filesystem::path> folders;
  for (const auto& name : runs) {
    FACEOFF_TRY_ASSIGN(auto folder, store::find_run(results_folder(arguments, config), name));
    folders.push_back(std::move(folder));
  }
  FACEOFF_TRY_ASSIGN(const auto report, report_on_runs(folders));
  FACEOFF_TRY(write_formats(report, formats, context));
  return Exit::ok;
}

}  // namespace

std::span<const Flag> report_flags() {
  return kReportFlags;
}

Exit print_report(const Arguments& arguments,
                  const std::vector<std::string>& runs,
                  const Context& context) {
  const auto exit = find_and_print(arguments, runs, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace faceoff::cli
