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

Result<Exit> compare_runs(const Arguments& arguments, const Context& context) {
  doc::Diagnostics ignored;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, ignored));
  FACEOFF_TRY_ASSIGN(const auto formats, read_formats(arguments));
  const auto results = results_folder(arguments, config);
  std::vector<std::filesystem::path> folders;
  for (const auto& word : arguments.positionals()) {
    FACEOFF_TRY_ASSIGN(auto folder, store::find_run(results, word));
    folders.push_back(std::move(folder));
  }
  FACEOFF_TRY_ASSIGN(const auto report, report_on_runs(folders));
  FACEOFF_TRY(write_formats(report, formats, context));
  return Exit::ok;
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = compare_runs(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command compare_command;
const Command compare_command{
    .name = "compare",
    .summary = "compare the backends of a run, or of two runs, case by case; sends nothing",
    .positional = {.name = "RUN",
                   .help =
                       "run folders, ids or their beginnings, latest; the first is the reference",
                   .min = 1,
                   .max = 20},
    .flags = kFlags,
    .examples = "faceoff compare latest\nfaceoff compare latest~1 latest",
    .run = execute};

}  // namespace faceoff::cli
