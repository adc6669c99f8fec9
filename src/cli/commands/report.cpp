#include "print_report.h"

namespace faceoff::cli {
namespace {

Exit execute(const Arguments& arguments, Context& context) {
  const auto& words = arguments.positionals();
  return print_report(
      arguments, words.empty() ? std::vector<std::string>{"latest"} : words, nullptr, context);
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
    .flags = report_flags(),
    .examples =
        "faceoff report\nfaceoff report latest~1 --format md:report.md\nfaceoff report 7f3a --json",
    .run = execute};

}  // namespace faceoff::cli
