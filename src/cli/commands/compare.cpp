#include "print_report.h"

namespace faceoff::cli {
namespace {

Exit execute(const Arguments& arguments, Context& context) {
  const auto gating = read_gate_request(arguments);
  if (!gating) {
    return report_error(gating.error(), context);
  }
  return print_report(arguments, arguments.positionals(), &*gating, context);
}

}  // namespace

extern const Command compare_command;
const Command compare_command{
    .name = "compare",
    .summary = "compare the backends of a run, or runs and baselines, case by case; sends nothing",
    .positional = {.name = "RUN",
                   .help = "run folders, ids or their beginnings, latest, or @BASELINE; the first "
                           "is the reference",
                   .min = 1,
                   .max = 20},
    .flags = compare_flags(),
    .examples =
        "faceoff compare latest\n"
        "faceoff compare latest~1 latest\n"
        "faceoff compare @main latest --gate alarm --gate 'not-worse 3pp'",
    .run = execute};

}  // namespace faceoff::cli
