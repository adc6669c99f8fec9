#include "keys.h"
#include "outside.h"
#include "recorded.h"
#include "replays.h"
#include "resume.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "failed", .help = "the trials that failed"},
    Flag{.name = "case",
         .value = "GLOB",
         .help = "only cases whose id fits; without --failed also those that were answered",
         .repeats = true},
    Flag{.name = "backend",
         .letter = 'b',
         .value = "NAME",
         .help = "only this backend; NAME=ADAPTER:MODEL[@URL] where its address has changed",
         .repeats = true},
    Flag{.name = "api-key-file",
         .value = "[NAME=]PATH",
         .help = "as in faceoff run",
         .repeats = true},
    Flag{.name = "allow-code-execution", .help = "as in faceoff run"},
    Flag{.name = "allow-exec", .help = "as in faceoff run"},
    Flag{.name = "concurrency", .letter = 'j', .value = "N", .help = "as in faceoff run"},
    Flag{.name = "max-retries", .value = "N", .help = "as in faceoff run"},
    Flag{.name = "max-retry-time", .value = "TIME", .help = "as in faceoff run"},
    Flag{.name = "timeout", .value = "TIME", .help = "as in faceoff run"},
    Flag{.name = "max-error-rate", .value = "P%", .help = "as in faceoff run"},
    kFormatFlag,
    kJsonFlag,
    kJunitLevelFlag,
    kMarkerFlag,
    kCsvRawFlag,
    Flag{.name = "progress", .value = "WHEN", .help = "auto, bar, plain or none"},
};

// The run may be a stranger's: an address that it names gets no key of the environment, unless -b
// names it now.
void distrust(std::vector<backend::Spec>& specs) {
  for (auto& spec : specs) {
    if (spec.origin == backend::Origin::flag) {
      spec.origin = backend::Origin::project;
    }
  }
}

using NewSpecs = std::map<std::string, backend::Spec, std::less<>>;

// What -b defines anew, with the paths of the present folder.
Result<NewSpecs> read_new_specs(const Arguments& arguments) {
  NewSpecs specs;
  for (const auto& word : arguments.values("backend")) {
    if (word.find('=') == std::string::npos) {
      continue;
    }
    FACEOFF_TRY_ASSIGN(auto spec, backend::parse_short_spec(word));
    if (!spec.simulate.empty()) {
      spec.simulate = std::filesystem::absolute(spec.simulate).string();
    }
    if (spec.model.ends_with(".gguf")) {
      spec.model = std::filesystem::absolute(spec.model).string();
    }
    specs.insert_or_assign(spec.name, std::move(spec));
  }
  return specs;
}

// The backends of then, those that -b names, each as -b says now.
Result<std::vector<backend::Spec>> choose(const Recorded& recorded,
                                          const Arguments& arguments,
                                          const NewSpecs& new_specs) {
  FACEOFF_TRY_ASSIGN(auto specs, choose_backends(recorded.arguments, recorded.config));
  distrust(specs);
  if (!arguments.has("backend")) {
    return specs;
  }
  std::vector<backend::Spec> chosen;
  for (const auto& word : arguments.values("backend")) {
    const std::string name = word.substr(0, word.find('='));
    const auto known = std::ranges::find(specs, name, &backend::Spec::name);
    if (known == specs.end()) {
      std::vector<std::string> names;
      for (const auto& spec : specs) {
        names.push_back("'" + spec.name + "'");
      }
      return fail(ErrorKind::usage,
                  fmt::format("-b: run {} has no backend '{}'; it has {}",
                              recorded.run.manifest.id,
                              name,
                              join(names, ", ")));
    }
    const auto defined = new_specs.find(name);
    chosen.push_back(defined == new_specs.end() ? *known : defined->second);
  }
  return chosen;
}

Status check_unchanged(const store::Run& run, const CheckedSuite& checked) {
  if (checked.suite->digest() == run.manifest.suite_digest) {
    return {};
  }
  return fail(
      ErrorKind::usage,
      fmt::format("{}: has changed since the run; restore it, or send what has changed with\n"
                  "  {}",
                  checked.suite->path().string(),
                  resume_hint(run.manifest.command, run.folder)));
}

std::function<bool(const store::RunWriter&, const store::TrialKey&)> selection(
    const Arguments& arguments) {
  return [only_failed = arguments.has("failed"), globs = arguments.values("case")](
             const store::RunWriter& writer, const store::TrialKey& key) {
    if (only_failed && !writer.has_failed(key)) {
      return false;
    }
    return globs.empty() || std::ranges::any_of(globs, [&key](const std::string& glob) {
             return fits(glob, key.case_id);
           });
  };
}

Result<Exit> go(const Arguments& arguments, Context& context, doc::Diagnostics& diagnostics) {
  if (!arguments.has("failed") && !arguments.has("case")) {
    return fail(ErrorKind::usage, "say what is to be sent again: --failed, --case GLOB, or both");
  }
  FACEOFF_TRY_ASSIGN(const NewSpecs new_specs, read_new_specs(arguments));
  constexpr std::array<std::string_view, 1> kOwn{"backend"};
  FACEOFF_TRY_ASSIGN(Recorded recorded, recall(arguments, kOwn, context, diagnostics));
  const store::Manifest& manifest = recorded.run.manifest;
  if (!diagnostics.empty()) {
    return Exit::usage;
  }
  if (!manifest.rescored_from.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("run {} holds answers of run {}, scored anew; send those again",
                            manifest.id,
                            manifest.rescored_from));
  }
  FACEOFF_TRY_ASSIGN(const auto checked,
                     check_suite(manifest.suite_path, recorded.options, diagnostics));
  if (!diagnostics.empty()) {
    return Exit::usage;
  }
  FACEOFF_TRY(check_unchanged(recorded.run, checked));
  FACEOFF_TRY_ASSIGN(auto specs, choose(recorded, arguments, new_specs));
  FACEOFF_TRY_ASSIGN(recorded.options.prices,
                     load_prices(recorded.arguments, recorded.config, diagnostics));
  if (!arguments.has("backend")) {
    leave_out_judges(recorded.arguments, std::span(&checked, 1), specs);
  }
  FACEOFF_TRY_ASSIGN(auto judges,
                     choose_judges(recorded.arguments,
                                   recorded.config,
                                   specs,
                                   std::span(&checked, 1),
                                   context,
                                   diagnostics));
  if (!diagnostics.empty()) {
    return Exit::usage;
  }
  distrust(judges);
  FACEOFF_TRY(load_keys_of(arguments, context, KeyCommands::run, specs, judges));
  FACEOFF_TRY_ASSIGN(const Replays replays, open_replays(specs, recorded.results, diagnostics));
  if (!diagnostics.empty()) {
    return Exit::usage;
  }
  recorded.options.resume = true;
  recorded.options.stop_when_sure = false;
  recorded.options.output = recorded.run.folder;
  Variant variant;
  variant.sends_again = selection(arguments);
  variant.only_failed = arguments.has("failed");
  FACEOFF_TRY_ASSIGN(variant.notes, notes_on(replays, checked, recorded.options));
  FACEOFF_TRY(check_writable(recorded.options.formats, recorded.run.folder));
  FACEOFF_TRY_ASSIGN(auto outside,
                     allow_outside(checked.needs, recorded.options, recorded.config, context));
  const Job job{.specs = specs,
                .judges = judges,
                .replays = replays,
                .results = recorded.results,
                .options = recorded.options,
                .outside = std::move(outside)};
  Budget budget{.limits = recorded.options.limits, .began = context.clock.now(), .spent = {}};
  return run_suite(checked, job, variant, budget, context);
}

Exit execute(const Arguments& arguments, Context& context) {
  return with_diagnostics(go, arguments, context);
}

}  // namespace

extern const Command rerun_command;
const Command rerun_command{
    .name = "rerun",
    .summary = "send trials of a run again, into the same folder; the last answer counts",
    .positional = {.name = "RUN",
                   .help = "a run folder, an id or its beginning, latest, latest~1",
                   .min = 1,
                   .max = 1},
    .flags = kFlags,
    .examples =
        "faceoff rerun latest --failed\n"
        "faceoff rerun 7f3a --case 'add-*' -b llama=llama-server@http://127.0.0.1:8081",
    .run = execute};

}  // namespace faceoff::cli
