#include "config.h"
#include "results.h"

#include <array>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "format",
         .value = "FMT[:PATH]",
         .help = "table, md or json; with :PATH into a file",
         .repeats = true},
    Flag{.name = "json", .help = "the same as --format json"},
};

Result<Exit> write_report(const Arguments& arguments, const Context& context) {
  doc::Diagnostics ignored;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, ignored));
  FACEOFF_TRY_ASSIGN(const auto formats, read_formats(arguments));
  const std::string name =
      arguments.positionals().empty() ? "latest" : arguments.positionals().front();
  FACEOFF_TRY_ASSIGN(const auto folder, store::find_run(results_folder(arguments, config), name));
  FACEOFF_TRY_ASSIGN(const auto report, report_on_run(folder));
  FACEOFF_TRY(write_formats(report, formats, context));
  return Exit::ok;
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = write_report(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command report_command;
const Command report_command{
    .name = "report",
    .summary = "print the report of a run again, in any format; sends nothing",
    .positional = {.name = "RUN",
                   .help =
                       "a run folder, an id or its beginning, latest, latest~1 (default: latest)",
                   .min = 0,
                   .max = 1},
    .flags = kFlags,
    .examples =
        "faceoff report\nfaceoff report latest~1 --format md:report.md\nfaceoff report 7f3a --json",
    .run = execute};

}  // namespace faceoff::cli
