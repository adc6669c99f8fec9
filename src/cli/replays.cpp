#include "replays.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShown = 5;

Result<std::shared_ptr<store::Replay>> open_one(const backend::Spec& spec,
                                                const fs::path& results,
                                                doc::Diagnostics& diagnostics) {
  if (store::is_answers_file(spec.run)) {
    if (!spec.run_backend.empty()) {
      return fail(
          ErrorKind::usage,
          fmt::format(
              "'{}' is a file of answers; it has no backend '{}'", spec.run, spec.run_backend));
    }
    FACEOFF_TRY_ASSIGN(auto replay, store::replay_file(spec.run, diagnostics));
    return std::shared_ptr<store::Replay>(std::move(replay));
  }
  fs::path run = spec.run;
  if (run.filename() == "records.jsonl") {
    run = run.has_parent_path() ? run.parent_path() : fs::path(".");
  }
  FACEOFF_TRY_ASSIGN(const fs::path folder, store::find_run(results, run.string()));
  FACEOFF_TRY_ASSIGN(auto replay, store::replay_run(folder, spec.run_backend, spec.name));
  return std::shared_ptr<store::Replay>(std::move(replay));
}

// What one replay has for the cases that take part.
struct Coverage {
  std::uint64_t found = 0;
  std::uint64_t missing = 0;
  std::vector<std::string> missing_cases;
};

void look(const store::Replay& replay,
          const suite::Case& item,
          std::int32_t repeats,
          Coverage& coverage) {
  for (std::int32_t repeat = 0; repeat < repeats; ++repeat) {
    if (replay.holds(item.id, repeat)) {
      ++coverage.found;
      continue;
    }
    ++coverage.missing;
    auto& names = coverage.missing_cases;
    if (names.size() < kShown && (names.empty() || names.back() != item.id)) {
      names.push_back(item.id);
    }
  }
}

Result<std::map<std::string, Coverage>> look_at_cases(const Replays& replays,
                                                      const CheckedSuite& checked,
                                                      const RunOptions& options) {
  std::map<std::string, Coverage> coverages;
  const auto selects = make_filter(options.filters);
  const auto source = checked.suite->open();
  std::uint64_t count = 0;
  while (options.limit == 0 || count < options.limit) {
    doc::Diagnostics ignored;
    FACEOFF_TRY_ASSIGN(const auto item, source->next(ignored));
    if (!item) {
      break;
    }
    if (selects && !selects(*item)) {
      continue;
    }
    ++count;
    const std::int32_t repeats = options.repeat > 0 ? options.repeat : item->repeat;
    for (const auto& [name, replay] : replays) {
      look(*replay, *item, repeats, coverages[name]);
    }
  }
  return coverages;
}

}  // namespace

std::string shown_list(const std::vector<std::string>& names, std::uint64_t count) {
  const std::size_t shown = std::min(names.size(), kShown);
  std::string out = join(
      std::vector<std::string>(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown)),
      ", ");
  return count > shown ? fmt::format("{} and {} more", out, count - shown) : out;
}

Result<Replays> open_replays(std::vector<backend::Spec>& specs,
                             const fs::path& results,
                             doc::Diagnostics& diagnostics) {
  Replays replays;
  for (auto& spec : specs) {
    if (spec.adapter != "replay") {
      continue;
    }
    auto replay = open_one(spec, results, diagnostics);
    if (!replay) {
      return tl::make_unexpected(
          with_context(std::move(replay).error(), fmt::format("backend '{}'", spec.name)));
    }
    if (*replay == nullptr) {
      continue;
    }
    const store::BackendEntry& recorded = (*replay)->recorded();
    spec.model = recorded.model;
    spec.base_url = recorded.base_url;
    spec.run = recorded.replayed_from;
    replays.emplace(spec.name, *std::move(replay));
  }
  return replays;
}

Result<std::vector<std::string>> notes_on(const Replays& replays,
                                          const CheckedSuite& checked,
                                          const RunOptions& options) {
  std::vector<std::string> notes;
  if (replays.empty()) {
    return notes;
  }
  FACEOFF_TRY_ASSIGN(const auto coverages, look_at_cases(replays, checked, options));
  for (const auto& [name, replay] : replays) {
    const std::string& from = replay->recorded().replayed_from;
    const Coverage& coverage = coverages.at(name);
    if (coverage.found == 0) {
      return fail(ErrorKind::usage,
                  fmt::format("backend '{}': {} holds {} answers, but none to a case of '{}'; are "
                              "the ids of its cases the same?",
                              name,
                              from,
                              replay->size(),
                              checked.suite->name()));
    }
    for (const auto& note : replay->notes()) {
      notes.push_back(fmt::format("{}: {}", name, note));
    }
    if (coverage.missing > 0) {
      notes.push_back(fmt::format("{}: {} of {} trials have no answer in {} (cases {}{})",
                                  name,
                                  coverage.missing,
                                  coverage.found + coverage.missing,
                                  from,
                                  join(coverage.missing_cases, ", "),
                                  coverage.missing > coverage.missing_cases.size() ? ", ..." : ""));
    }
    if (replay->size() > coverage.found) {
      notes.push_back(fmt::format("{}: {} answers of {} belong to no case that takes part",
                                  name,
                                  replay->size() - coverage.found,
                                  from));
    }
  }
  return notes;
}

}  // namespace faceoff::cli
