#include "config.h"
#include "dry_run.h"
#include "gating.h"
#include "keys.h"
#include "outside.h"
#include "replays.h"
#include "run_gates.h"
#include "run_options.h"
#include "session.h"

#include <faceoff/doc/diagnostic.h>

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

// Every mistake of every file is shown before anything is sent.
struct Prepared {
  std::vector<CheckedSuite> suites;
  std::vector<backend::Spec> specs;
  std::vector<backend::Spec> judges;
  Replays replays;
  std::vector<Variant> variants;  // one a suite
  std::filesystem::path results;
  run::OutsideSettings outside;
};

score::Needs all_needs(const std::vector<CheckedSuite>& suites) {
  score::Needs needs;
  for (const auto& suite : suites) {
    needs.languages.insert(suite.needs.languages.begin(), suite.needs.languages.end());
    needs.helpers.insert(suite.needs.helpers.begin(), suite.needs.helpers.end());
  }
  return needs;
}

Result<Prepared> prepare(const Arguments& arguments,
                         RunOptions& options,
                         const Context& context,
                         doc::Diagnostics& diagnostics) {
  Prepared prepared;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  for (const auto& path : options.suites) {
    FACEOFF_TRY_ASSIGN(auto checked, check_suite(path, options, diagnostics));
    prepared.suites.push_back(std::move(checked));
  }
  FACEOFF_TRY_ASSIGN(options.prices, load_prices(arguments, config, diagnostics));
  prepared.results = results_folder(arguments, config);
  if (!diagnostics.empty()) {
    return prepared;
  }
  FACEOFF_TRY_ASSIGN(prepared.outside,
                     allow_outside(all_needs(prepared.suites), options, config, context));
  FACEOFF_TRY_ASSIGN(prepared.specs, choose_backends(arguments, config));
  leave_out_judges(arguments, prepared.suites, prepared.specs);
  FACEOFF_TRY_ASSIGN(
      prepared.judges,
      choose_judges(arguments, config, prepared.specs, prepared.suites, context, diagnostics));
  if (!diagnostics.empty()) {
    return prepared;
  }
  FACEOFF_TRY(load_keys_of(arguments,
                           context,
                           options.dry_run ? KeyCommands::leave_out : KeyCommands::run,
                           prepared.specs,
                           prepared.judges));
  FACEOFF_TRY_ASSIGN(prepared.replays, open_replays(prepared.specs, prepared.results, diagnostics));
  for (const auto& suite : prepared.suites) {
    Variant& variant = prepared.variants.emplace_back();
    if (diagnostics.empty() && suite.selected > 0) {
      FACEOFF_TRY_ASSIGN(variant.notes, notes_on(prepared.replays, suite, options));
    }
  }
  if (diagnostics.empty()) {
    FACEOFF_TRY(prepare_gates(
        arguments, config.gates, prepared.specs, prepared.results, context, prepared.suites));
  }
  return prepared;
}

// What cannot be written is found before anything is sent. Null: no events are asked for.
Result<std::unique_ptr<EventLog>> prepare_outputs(const RunOptions& options,
                                                  const std::filesystem::path& results,
                                                  const Context& context) {
  FACEOFF_TRY(check_writable(options.formats, options.output.value_or(results)));
  if (!options.events) {
    return nullptr;
  }
  return EventLog::open(*options.events, context.clock);
}

Exit execute(const Arguments& arguments, Context& context) {
  auto options = read_run_options(arguments);
  if (!options) {
    return report_error(options.error(), context);
  }
  doc::Diagnostics diagnostics;
  const auto prepared = prepare(arguments, *options, context, diagnostics);
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    annotate(diagnostics, options->formats);
    return Exit::usage;
  }
  if (!prepared) {
    return report_error(prepared.error(), context);
  }
  if (options->dry_run) {
    return dry_run(prepared->suites, prepared->specs, prepared->judges, *options, context);
  }
  auto events = prepare_outputs(*options, prepared->results, context);
  if (!events) {
    return report_error(events.error(), context);
  }
  const Job job{.specs = prepared->specs,
                .judges = prepared->judges,
                .replays = prepared->replays,
                .results = prepared->results,
                .options = *options,
                .outside = prepared->outside,
                .events = events->get()};
  Budget budget{.limits = options->limits, .began = context.clock.now(), .spent = {}};
  Exit worst = Exit::ok;
  for (std::size_t i = 0; i < prepared->suites.size(); ++i) {
    const Exit exit = run_suite(prepared->suites[i], job, prepared->variants[i], budget, context);
    if (exit == Exit::interrupted || exit == Exit::terminated) {
      return exit;
    }
    if (exit == Exit::budget) {
      for (std::size_t left = i + 1; left < prepared->suites.size(); ++left) {
        print_err(fmt::format("not run: {}\n", prepared->suites[left].suite->path().string()));
      }
      return exit;
    }
    worst = graver(worst, exit);
  }
  return worst;
}

}  // namespace

extern const Command run_command;
const Command run_command{
    .name = "run",
    .summary = "send a suite's prompts to backends, score the answers, compare",
    .positional = {.name = "SUITE", .help = "suite files (.yaml, .json)", .min = 1, .max = 100},
    .flags = run_flags(),
    .examples =
        "faceoff run prompts/quickstart.yaml -b gpt-4o=openai:gpt-4o-2024-11-20 -b "
        "llama=llama-server:models/tiny.gguf\n"
        "faceoff run prompts/quickstart.yaml -b nano=llama-server:models/nano.gguf -b "
        "tiny=llama-server:models/tiny.gguf\n"
        "faceoff run suite.yaml --max-cost '$2' --dry-run\n"
        "faceoff run suite.yaml --filter tag:math --repeat 3 --format md:report.md\n"
        "faceoff run suite.yaml -b llama --baseline main --gate alarm --gate 'score >= 80%'",
    .run = execute};

}  // namespace faceoff::cli
