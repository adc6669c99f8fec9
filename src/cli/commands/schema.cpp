#include "command.h"
#include "schemas.h"

#include <faceoff/base/text.h>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

Exit execute(const Arguments& arguments, Context& context) {
  const std::string& name = arguments.positionals().front();
  const std::string_view text = schema_text(name);
  if (text.empty()) {
    const auto near = closest(name, kSchemaNames);
    return report_error({ErrorKind::usage,
                         fmt::format("there is no schema of '{}'; {}",
                                     name,
                                     near ? fmt::format("did you mean '{}'?", *near)
                                          : "choose results, records, events or suite")},
                        context);
  }
  const auto printed = print_out(text);
  return printed ? Exit::ok : report_error(printed.error(), context);
}

}  // namespace

extern const Command schema_command;
const Command schema_command{
    .name = "schema",
    .summary = "print the JSON Schema of results, records, events or suite",
    .positional = {.name = "WHAT",
                   .help = "results (summary.json, --json), records (a line of records.jsonl), "
                           "events (a line of --events), suite",
                   .min = 1,
                   .max = 1},
    .flags = {},
    .examples = "faceoff schema results\nfaceoff schema suite",
    .run = execute};

}  // namespace faceoff::cli
