#include "print_report.h"

namespace faceoff::cli {
namespace {

Exit execute(const Arguments& arguments, Context& context) {
  return print_report(arguments, arguments.positionals(), context);
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
    .flags = report_flags(),
    .examples = "faceoff compare latest\nfaceoff compare latest~1 latest",
    .run = execute};

}  // namespace faceoff::cli
