#include "config.h"
#include "gating.h"
#include "session.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <system_error>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFlags{
    Flag{.name = "baseline-file",
         .value = "PATH",
         .help = "the file itself, instead of results/baselines/NAME.json; to be committed"},
};

struct Place {
  fs::path results;
  std::optional<fs::path> file;

  [[nodiscard]] fs::path path(const std::string& name) const {
    return file ? *file : store::baseline_path(results, name);
  }
};

std::string backends_text(const store::Manifest& manifest) {
  std::string text;
  for (const auto& entry : manifest.backends) {
    text += fmt::format("{}{}{}",
                        text.empty() ? "" : ", ",
                        display_text(entry.name),
                        entry.simulated ? " (simulated)" : "");
  }
  return text;
}

std::size_t cases_in(const store::Baseline& baseline) {
  std::set<std::pair<std::string_view, std::string_view>> cases;
  for (const store::Record& record : baseline.records) {
    cases.emplace(record.case_id, record.digest);
  }
  return cases.size();
}

Result<Exit> set(const Arguments& arguments, const Place& place, const Context& context) {
  const auto& words = arguments.positionals();
  FACEOFF_TRY_ASSIGN(const fs::path run,
                     store::find_run(place.results, words.size() > 2 ? words[2] : "latest"));
  FACEOFF_TRY_ASSIGN(const auto baseline,
                     store::make_baseline(run, words[1], context.clock.utc_now()));
  const fs::path path = place.path(words[1]);
  FACEOFF_TRY(store::write_baseline(baseline, path));
  std::error_code error;
  const std::size_t cases = cases_in(baseline);
  const auto bytes = fs::file_size(path, error);
  FACEOFF_TRY(print_out(fmt::format("{}: baseline '{}' of run {}, {} cases, {}, {} bytes a case\n",
                                    path.string(),
                                    baseline.name,
                                    baseline.manifest.id,
                                    cases,
                                    backends_text(baseline.manifest),
                                    error || cases == 0 ? 0 : bytes / cases)));
  return Exit::ok;
}

Result<store::Baseline> read_named(const Arguments& arguments, const Place& place) {
  const auto& words = arguments.positionals();
  std::error_code error;
  if (place.file) {
    return store::read_baseline(*place.file);
  }
  if (words.size() > 1 && store::check_baseline_name(words[1]) &&
      fs::is_regular_file(place.path(words[1]), error)) {
    return store::read_baseline(place.path(words[1]));
  }
  if (words.size() < 2) {
    return fail(ErrorKind::usage, "which baseline? See faceoff baseline list");
  }
  // For its message.
  return find_baseline(place.results, "@" + words[1], {});
}

Result<Exit> show(const Arguments& arguments, const Place& place, const Context& /*context*/) {
  FACEOFF_TRY_ASSIGN(const auto baseline, read_named(arguments, place));
  const store::Manifest& run = baseline.manifest;
  std::string out = fmt::format("baseline  {}\nset       {}\nrun       {}\nsuite     {} ({})\n",
                                baseline.name,
                                baseline.created_utc,
                                display_text(run.id),
                                display_text(run.suite),
                                run.suite_digest.substr(0, 12));
  out += fmt::format("started   {}\ncases     {}\ntrials    {}\nscorers   {}\nversion   {}\n",
                     run.started_utc,
                     cases_in(baseline),
                     baseline.records.size(),
                     display_text(join(run.scorers, ", ")),
                     display_text(run.version));
  for (const auto& entry : run.backends) {
    double sum = 0.0;
    std::size_t scored = 0;
    for (const store::Record& record : baseline.records) {
      if (record.backend == entry.name && record.value) {
        sum += *record.value;
        ++scored;
      }
    }
    out += fmt::format(
        "backend   {}{}: {} {}, {} scored{}\n",
        display_text(entry.name),
        entry.simulated ? " (simulated)" : "",
        display_text(entry.adapter),
        display_text(entry.identity.model.empty() ? entry.model : entry.identity.model),
        scored,
        scored == 0 ? std::string()
                    : fmt::format(", mean {:.1f}%", sum / static_cast<double>(scored) * 100.0));
  }
  FACEOFF_TRY(print_out(out));
  return Exit::ok;
}

Result<Exit> list(const Arguments& /*arguments*/, const Place& place, const Context& /*context*/) {
  std::string out;
  for (const fs::path& file : store::list_baselines(place.results)) {
    const auto baseline = store::read_baseline(file);
    out += baseline ? fmt::format("{}  {}  {} cases  {}\n",
                                  pad(file.stem().string(), 16),
                                  baseline->manifest.started_utc.substr(0, 10),
                                  cases_in(*baseline),
                                  backends_text(baseline->manifest))
                    : fmt::format("{}  {}\n",
                                  pad(file.stem().string(), 16),
                                  display_text(baseline.error().message));
  }
  if (out.empty()) {
    print_err(fmt::format("{}: no baseline is set; make one with faceoff baseline set NAME RUN\n",
                          (place.results / "baselines").string()));
  }
  FACEOFF_TRY(print_out(out));
  return Exit::ok;
}

Result<Exit> remove(const Arguments& arguments, const Place& place, const Context& /*context*/) {
  // A file that is no sound baseline may be somebody's something else: only a name goes unread.
  if (place.file) {
    FACEOFF_TRY(store::read_baseline(*place.file));
  } else {
    FACEOFF_TRY(store::check_baseline_name(arguments.positionals()[1]));
  }
  std::error_code error;
  const fs::path path = place.path(arguments.positionals()[1]);
  if (!fs::remove(path, error)) {
    if (error) {
      return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), error.message()));
    }
    FACEOFF_TRY(read_named(arguments, place));
  }
  FACEOFF_TRY(print_out(fmt::format("{}: removed\n", path.string())));
  return Exit::ok;
}

struct Action {
  std::string_view name;
  std::size_t min;  // words behind it
  std::size_t max;
  Result<Exit> (*run)(const Arguments&, const Place&, const Context&);
};
constexpr std::array kActions{Action{"set", 1, 2, set},
                              Action{"show", 0, 1, show},
                              Action{"list", 0, 0, list},
                              Action{"rm", 1, 1, remove}};

Result<Exit> act(const Arguments& arguments, const Context& context) {
  const auto& words = arguments.positionals();
  const auto* action = std::ranges::find(kActions, words.front(), &Action::name);
  if (action == kActions.end()) {
    std::vector<std::string_view> names;
    for (const auto& each : kActions) {
      names.push_back(each.name);
    }
    const auto near = closest(words.front(), names);
    return fail(ErrorKind::usage,
                fmt::format("unknown action '{}'; {}",
                            words.front(),
                            near ? fmt::format("did you mean '{}'?", *near)
                                 : "choose set, show, list or rm"));
  }
  if (words.size() - 1 < action->min || words.size() - 1 > action->max) {
    return fail(ErrorKind::usage,
                fmt::format("faceoff baseline {} {}",
                            action->name,
                            action->name == "set"    ? "takes a name and a run: NAME [RUN]"
                            : action->name == "list" ? "takes nothing behind it"
                                                     : "takes one name"));
  }
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  Place place{.results = results_folder(arguments, config), .file = std::nullopt};
  if (const auto file = arguments.value("baseline-file")) {
    place.file = *file;
  }
  return action->run(arguments, place, context);
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = act(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command baseline_command;
const Command baseline_command{
    .name = "baseline",
    .summary = "keep a run's scores under a name, to compare later runs with",
    .positional = {.name = "ACTION",
                   .help = "set NAME [RUN] (default: latest), show NAME, list, rm NAME",
                   .min = 1,
                   .max = 3},
    .flags = kFlags,
    .examples =
        "faceoff baseline set main\n"
        "faceoff baseline set main latest~1 --baseline-file baselines/main.json\n"
        "faceoff run suite.yaml -b llama --baseline main --gate alarm\n"
        "faceoff compare @main latest",
    .run = execute};

}  // namespace faceoff::cli
