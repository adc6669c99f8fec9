#include "outside.h"
#include "recorded.h"
#include "replays.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFlags{
    Flag{.name = "suite",
         .value = "FILE",
         .help = "the suite with the scorers of now (default: the one of the run)"},
    Flag{.name = "allow-code-execution", .help = "as in faceoff run"},
    Flag{.name = "allow-exec", .help = "as in faceoff run"},
    Flag{.name = "output",
         .letter = 'o',
         .value = "DIR",
         .help = "the run folder to write (default: a new one below results)"},
    kFormatFlag,
    kJsonFlag,
    kJunitLevelFlag,
    kMarkerFlag,
    kCsvRawFlag,
    Flag{.name = "progress", .value = "WHEN", .help = "auto, bar, plain or none"},
};

Result<Replays> open_answers(const store::Run& run, std::vector<backend::Spec>& specs) {
  Replays replays;
  for (const auto& entry : run.manifest.backends) {
    backend::Spec spec;
    spec.name = entry.name;
    spec.adapter = "replay";
    spec.model = entry.model;
    spec.base_url = entry.base_url;
    spec.run = run.manifest.id;
    FACEOFF_TRY_ASSIGN(auto replay, store::replay_run(run.folder, entry.name, entry.name));
    replays.emplace(spec.name, std::move(replay));
    specs.push_back(std::move(spec));
  }
  if (replays.empty()) {
    return fail(ErrorKind::usage, fmt::format("run {} holds no answers", run.manifest.id));
  }
  return replays;
}

// Sorts out the cases that cannot be scored anew, and counts what remains.
class Sorter {
 public:
  Sorter(const Replays& replays, CheckedSuite& checked, RunOptions& options, Variant& variant)
      : replays_(replays), checked_(checked), options_(options), variant_(variant) {}

  Status sort() {
    const auto selects = make_filter(options_.filters);
    const auto source = checked_.suite->open();
    std::uint64_t count = 0;
    checked_.selected = 0;
    checked_.selected_trials = 0;
    checked_.selected_local = 0;
    while (options_.limit == 0 || count < options_.limit) {
      doc::Diagnostics ignored;
      FACEOFF_TRY_ASSIGN(const auto item, source->next(ignored));
      if (!item) {
        break;
      }
      if (!selects || selects(*item)) {
        ++count;
        FACEOFF_TRY(place(*item));
      }
    }
    // The runner counts the cases that it takes.
    options_.limit = options_.limit == 0 ? 0 : checked_.selected;
    note(changed_, "the prompt has changed since");
    note(unknown_, "the run has no answer");
    if (checked_.selected == 0) {
      return fail(ErrorKind::usage,
                  fmt::format("{}: no case has the same id and prompt as in the run",
                              checked_.suite->path().string()));
    }
    return {};
  }

 private:
  Status place(const suite::Case& item) {
    const std::int32_t repeats = options_.repeat > 0 ? options_.repeat : item.repeat;
    bool known = false;
    bool answered = false;
    for (const auto& [name, replay] : replays_) {
      for (std::int32_t repeat = 0; repeat < repeats && !answered; ++repeat) {
        if (replay->holds(item.id, repeat)) {
          known = true;
          FACEOFF_TRY_ASSIGN(const auto found, replay->find(item, repeat));
          answered = found.answer.has_value();
        }
      }
    }
    if (answered) {
      ++checked_.selected;
      checked_.selected_trials += static_cast<std::uint64_t>(repeats);
      return {};
    }
    variant_.left_out.insert(item.id);
    (known ? changed_ : unknown_).push_back(item.id);
    return {};
  }

  void note(const std::vector<std::string>& cases, std::string_view why) {
    if (!cases.empty()) {
      variant_.notes.push_back(fmt::format("{} case{} not scored anew, {}: {}",
                                           cases.size(),
                                           cases.size() == 1 ? " was" : "s were",
                                           why,
                                           shown_list(cases, cases.size())));
    }
  }

  const Replays& replays_;
  CheckedSuite& checked_;
  RunOptions& options_;
  Variant& variant_;
  std::vector<std::string> changed_;
  std::vector<std::string> unknown_;
};

Result<Exit> go(const Arguments& arguments, Context& context, doc::Diagnostics& diagnostics) {
  std::optional<fs::path> suite;
  if (const auto named = arguments.value("suite")) {
    suite = fs::absolute(*named);
  }
  FACEOFF_TRY_ASSIGN(Recorded recorded, recall(arguments, {}, context, diagnostics));
  if (!diagnostics.empty()) {
    return Exit::usage;
  }
  const store::Manifest& manifest = recorded.run.manifest;
  FACEOFF_TRY_ASSIGN(
      auto checked,
      check_suite(suite.value_or(manifest.suite_path), recorded.options, diagnostics));
  if (!diagnostics.empty()) {
    return Exit::usage;
  }
  std::vector<backend::Spec> specs;
  FACEOFF_TRY_ASSIGN(const Replays replays, open_answers(recorded.run, specs));
  recorded.options.stop_when_sure = false;
  Variant variant;
  variant.rescored = manifest;
  variant.rescored_folder = recorded.run.folder;
  FACEOFF_TRY(Sorter(replays, checked, recorded.options, variant).sort());
  FACEOFF_TRY_ASSIGN(auto outside,
                     allow_outside(checked.needs, recorded.options, recorded.config, context));
  const std::vector<backend::Spec> nobody;
  const Job job{.specs = specs,
                .judges = nobody,
                .replays = replays,
                .results = recorded.results,
                .options = recorded.options,
                .outside = std::move(outside)};
  Budget budget{.limits = {}, .began = context.clock.now(), .spent = {}};
  return run_suite(checked, job, variant, budget, context);
}

Exit execute(const Arguments& arguments, Context& context) {
  return with_diagnostics(go, arguments, context);
}

}  // namespace

extern const Command rescore_command;
const Command rescore_command{
    .name = "rescore",
    .summary = "score the answers of a run anew, into a new run; sends nothing",
    .positional = {.name = "RUN",
                   .help = "a run folder, an id or its beginning, latest, latest~1",
                   .min = 1,
                   .max = 1},
    .flags = kFlags,
    .examples = "faceoff rescore latest\nfaceoff rescore 7f3a --suite prompts/stricter.yaml",
    .run = execute};

}  // namespace faceoff::cli
