// Reading earlier results.

#include "results.h"
#include "sequential_stop.h"

#include <faceoff/base/log.h>
#include <faceoff/compare/sequential.h>

#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {

std::vector<std::string> names_in(const store::Manifest& manifest) {
  std::vector<std::string> names;
  for (const auto& backend : manifest.backends) {
    names.push_back(backend.name);
  }
  return names;
}

Result<Loaded> load_run(const std::filesystem::path& folder, report::CaseGatherer* cases) {
  FACEOFF_TRY_ASSIGN(auto run, store::open_run(folder));
  const std::vector<std::string> order = names_in(run.manifest);
  compare::Results results(order);
  const bool watched = run.manifest.stop_rule == kEvidenceRule;
  compare::SequentialWatch watch(order);
  compare::JudgingLog judging;
  const auto each = [&](store::Record&& record) {
    judging.add(record);
    results.add(record);
    if (watched && !record.awaits) {
      watch.add(record);
    }
  };
  FACEOFF_TRY_ASSIGN(
      const auto read,
      cases != nullptr ? cases->read(folder, each) : store::read_records(folder, each));
  if (read.damaged_tail) {
    log::warn(
        fmt::format("{}: the last record is cut off and was left out; --resume repairs the file",
                    folder.string()));
  }
  Loaded loaded{.manifest = std::move(run.manifest),
                .folder = folder,
                .columns = results.columns(),
                .mark = {}};
  loaded.judging = std::move(judging);
  loaded.mark = loaded.manifest.id.substr(loaded.manifest.id.rfind('-') + 1);
  for (std::size_t i = 1; watched && i < order.size(); ++i) {
    loaded.options.evidence[order[i]] = watch.evidence(order[i]);
  }
  if (!loaded.manifest.gating.baseline.empty()) {
    auto baseline = store::read_baseline(folder / store::kBaselineCopy);
    if (baseline) {
      loaded.baseline = std::make_shared<const store::Baseline>(*std::move(baseline));
    } else {
      log::warn(baseline.error().message);
    }
  }
  return loaded;
}

Loaded load_baseline(const std::shared_ptr<const store::Baseline>& baseline) {
  compare::Results results(names_in(baseline->manifest));
  for (const store::Record& record : baseline->records) {
    results.add(record);
  }
  return {.manifest = baseline->manifest,
          .columns = results.columns(),
          .mark = baseline->name,
          .records = {baseline, &baseline->records},
          .is_baseline = true};
}

}  // namespace faceoff::cli
