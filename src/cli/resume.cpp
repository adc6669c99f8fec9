#include "resume.h"

#include <faceoff/base/text.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::cli {

std::string resume_hint(const std::vector<std::string>& command_line,
                        const std::filesystem::path& folder) {
  std::string out = "faceoff";
  for (std::size_t i = 1; i < command_line.size(); ++i) {
    const std::string& word = command_line[i];
    if (word == "-o" || word == "--output") {
      ++i;
    } else if (word != "--resume" && !word.starts_with("--output=")) {
      out += " " + shell_word(word);
    }
  }
  return out + " --resume -o " + shell_word(folder.string());
}

std::string resume_offer(const std::vector<std::string>& command_line,
                         const std::filesystem::path& results,
                         std::string_view suite,
                         const std::vector<backend::Spec>& specs) {
  const auto folder = find_unfinished(results, suite, specs);
  if (!folder || store::is_in_use(*folder)) {
    return {};
  }
  const auto run = store::open_run(*folder);
  if (!run || !check_same_run(*run, suite, specs)) {
    return {};
  }
  const std::uint64_t answers = store::count_answers(*folder);
  if (answers == 0) {
    return {};
  }
  return fmt::format(
      "an unfinished run of this suite is in {}; {} {} kept; go on with\n  {}\nthis run starts "
      "anew\n",
      display_text(folder->string()),
      answers,
      answers == 1 ? "answer is" : "answers are",
      display_text(resume_hint(command_line, *folder)));
}

Result<std::filesystem::path> find_unfinished(const std::filesystem::path& results,
                                              std::string_view suite,
                                              const std::vector<backend::Spec>& specs) {
  for (const auto& folder : store::list_runs(results)) {
    const auto run = store::open_run(folder);
    if (!run || run->manifest.state == store::RunState::complete ||
        !run->manifest.rescored_from.empty() || run->manifest.suite != suite) {
      continue;
    }
    const bool same = std::ranges::equal(
        run->manifest.backends, specs, {}, &store::BackendEntry::name, &backend::Spec::name);
    if (same) {
      return folder;
    }
  }
  return fail(ErrorKind::usage,
              fmt::format("--resume: {} holds no unfinished run of suite '{}' with these backends",
                          results.string(),
                          suite));
}

Status check_same_judges(const store::Run& before, const std::vector<backend::Spec>& judges) {
  for (const auto& spec : judges) {
    const auto old =
        std::ranges::find(before.manifest.judges, spec.name, &store::BackendEntry::name);
    if (old == before.manifest.judges.end() || spec.model.empty() ||
        (old->adapter == spec.adapter && old->model == spec.model)) {
      continue;
    }
    return fail(
        ErrorKind::usage,
        fmt::format("{}: the judge '{}' was {} with model '{}' in this run, now it is {} with "
                    "'{}'; start a new run, or judge the recorded answers anew: -b "
                    "NAME=replay:{}",
                    before.folder.string(),
                    spec.name,
                    old->adapter,
                    old->model,
                    spec.adapter,
                    spec.model,
                    before.folder.string()));
  }
  return {};
}

Status check_same_run(const store::Run& before,
                      std::string_view suite,
                      const std::vector<backend::Spec>& specs) {
  if (before.manifest.suite != suite) {
    return fail(ErrorKind::usage,
                fmt::format("{}: is a run of suite '{}', not of '{}'",
                            before.folder.string(),
                            before.manifest.suite,
                            suite));
  }
  for (const auto& spec : specs) {
    const auto old =
        std::ranges::find(before.manifest.backends, spec.name, &store::BackendEntry::name);
    if (old == before.manifest.backends.end()) {
      continue;
    }
    if (spec.adapter == "replay" && old->replayed_from != spec.run) {
      return fail(ErrorKind::usage,
                  fmt::format("{}: '{}' was replayed from {} in this run, now from {}; start a new "
                              "run, or give the replay another name",
                              before.folder.string(),
                              spec.name,
                              old->replayed_from.empty() ? "nothing" : old->replayed_from,
                              spec.run));
    }
    // A stand-in is given by its script, without a model.
    const bool other_adapter = !spec.adapter.empty() && old->adapter != spec.adapter;
    const bool other_model = !spec.model.empty() && old->model != spec.model;
    if (other_adapter || other_model) {
      return fail(
          ErrorKind::usage,
          fmt::format("{}: '{}' was {} with model '{}' in this run, now it is {} with '{}'; "
                      "start a new run, or give the new model another name",
                      before.folder.string(),
                      spec.name,
                      old->adapter,
                      old->model,
                      spec.adapter,
                      spec.model));
    }
  }
  return {};
}

}  // namespace faceoff::cli
