#include "config.h"
#include "session.h"
#include "shared_flags.h"
#include "terminal.h"

#include <faceoff/base/text.h>
#include <faceoff/doc/diagnostic.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    kFilterFlag,
    Flag{.name = "format",
         .value = "FMT",
         .help = "text, or github: each mistake also as an annotation (default: text)"},
    Flag{.name = "judge",
         .value = "NAME=ADAPTER:MODEL[@URL]",
         .help = "a backend that scorers ask, as in faceoff run",
         .repeats = true},
    Flag{.name = "allow-host", .value = "HOST", .help = "as in faceoff run", .repeats = true},
};

std::string census_text(const CheckedSuite& checked) {
  std::string out = fmt::format("{}: sound; suite '{}' has {} cases, {} trials per backend",
                                checked.suite->path().string(),
                                display_text(checked.suite->name()),
                                checked.census.cases,
                                checked.census.trials);
  if (checked.census.local_only > 0) {
    out += fmt::format(", {} local-only", checked.census.local_only);
  }
  out += "\n";
  for (const auto& [tag, count] : checked.census.tags) {
    out += fmt::format("  {:>6}  {}\n", count, display_text(tag));
  }
  return out;
}

// Who the scorers ask must be known, and near enough for what they show it.
Status check_judges(const Arguments& arguments,
                    const std::vector<CheckedSuite>& suites,
                    const Context& context,
                    doc::Diagnostics& diagnostics) {
  if (std::ranges::all_of(suites, [](const CheckedSuite& s) { return s.judges.empty(); })) {
    return {};
  }
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  FACEOFF_TRY_ASSIGN(const auto judges,
                     choose_judges(arguments, config, {}, suites, context, diagnostics));
  static_cast<void>(judges);
  return {};
}

Exit execute(const Arguments& arguments, Context& context) {
  RunOptions options;
  options.filters = arguments.values("filter");
  const std::string format = arguments.value("format").value_or("text");
  if (format != "text" && format != "github") {
    return report_error(
        {ErrorKind::usage, fmt::format("--format: '{}' is none of text, github", format)}, context);
  }
  doc::Diagnostics diagnostics;
  std::vector<CheckedSuite> suites;
  std::string text;
  Exit exit = Exit::ok;
  for (const auto& word : arguments.positionals()) {
    auto checked = check_suite(word, options, diagnostics);
    if (!checked) {
      exit = report_error(checked.error(), context);
    } else if (checked->suite != nullptr && diagnostics.empty()) {
      text += census_text(*checked);
      suites.push_back(*std::move(checked));
    }
  }
  if (const Status judges = check_judges(arguments, suites, context, diagnostics); !judges) {
    return report_error(judges.error(), context);
  }
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    annotate(diagnostics, std::array{OutputFormat{.name = format, .path = std::nullopt}});
    return Exit::usage;
  }
  const auto printed = print_out(fitted(text, context.out));
  return printed ? exit : report_error(printed.error(), context);
}

}  // namespace

extern const Command check_command;
const Command check_command{
    .name = "check",
    .summary = "read suites and report every mistake; sends nothing",
    .positional = {.name = "SUITE", .help = "suite files (.yaml, .json)", .min = 1, .max = 10000},
    .flags = kFlags,
    .examples =
        "faceoff check prompts/*.yaml\n"
        "faceoff check suite.yaml --format github",
    .run = execute};

}  // namespace faceoff::cli
