#include "history.h"

#include "results.h"

#include <faceoff/base/log.h>
#include <faceoff/base/units.h>
#include <faceoff/compare/summary.h>

#include <algorithm>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <sys/stat.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;
using report::TrendFigure;
using report::TrendPoint;

constexpr const char* kFile = ".index.sqlite";

// What tells that a folder is as it was read: sizes and times of its two files.
std::string stamp_of(const fs::path& folder) {
  std::string out;
  for (const char* name : {"run.json", "records.jsonl"}) {
    struct stat info {};
    if (::stat((folder / name).c_str(), &info) == 0) {
      out += fmt::format("{}:{}.{:09};", info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    }
  }
  return out;
}

TrendFigure figure_of(const compare::QuantileEstimate& quantile) {
  return {.value = quantile.value, .lo = quantile.lo, .hi = quantile.hi};
}

// From an index or, where that does not know the folder as it is now, from the records.
class RunsBefore {
 public:
  RunsBefore(const Loaded& run, const fs::path& folder, RunIndex* index, bool writes)
      : run_(run), folder_(folder), index_(index), writes_(writes) {
    if (index_ != nullptr) {
      known_ = index_->rows().value_or(std::map<std::string, RunIndex::Row>());
    }
  }

  std::vector<TrendPoint> gather() {
    const auto folders = store::list_runs(folder_.parent_path());
    std::uint64_t place = folders.size() + 1;
    std::uint64_t bytes = 0;
    std::uint64_t runs = 0;
    std::vector<TrendPoint> points;
    for (const fs::path& folder : folders) {
      --place;
      if (runs == kMostRunsBefore) {
        break;
      }
      if (folder.filename() == folder_.filename() || !is_before(folder)) {
        continue;
      }
      std::error_code error;
      const std::uint64_t size = fs::file_size(folder / "records.jsonl", error);
      if (error || size > kMostBytesBefore - bytes) {
        break;
      }
      bytes += size;
      if (auto of_run = points_in(folder, place); !of_run.empty()) {
        ++runs;
        std::ranges::move(of_run, std::back_inserter(points));
      }
    }
    return points;
  }

  // True: the index holds something new.
  [[nodiscard]] bool changed() const noexcept { return changed_; }
  void keep_own() {
    const std::string folder = folder_.filename().string();
    const std::string stamp = stamp_of(folder_);
    const auto known = known_.find(folder);
    if (known == known_.end() || known->second.stamp != stamp) {
      // Newer than all others, until the next look at the whole folder.
      changed_ =
          index_->keep(folder, stamp, &run_.manifest, points_of(run_), 1U << 30U) || changed_;
    }
  }

 private:
  const RunIndex::Row* row_of(const fs::path& folder) const {
    const auto known = known_.find(folder.filename().string());
    return known != known_.end() && known->second.stamp == stamp_of(folder) ? &known->second
                                                                            : nullptr;
  }

  bool fits(std::string_view suite, std::string_view started, std::string_view state) const {
    return suite == run_.manifest.suite && started < run_.manifest.started_utc &&
           state == store::to_string(store::RunState::complete);
  }

  bool is_before(const fs::path& folder) const {
    if (const RunIndex::Row* row = row_of(folder); row != nullptr) {
      return fits(row->suite, row->started_utc, row->state);
    }
    const auto run = store::open_run(folder);
    return run && fits(run->manifest.suite,
                       run->manifest.started_utc,
                       store::to_string(run->manifest.state));
  }

  std::vector<TrendPoint> points_in(const fs::path& folder, std::uint64_t place) {
    const std::string name = folder.filename().string();
    if (row_of(folder) != nullptr) {
      if (auto points = index_->points_of_folder(name)) {
        return *std::move(points);
      }
    }
    const std::string stamp = stamp_of(folder);
    const auto run = load_run(folder);
    if (!run) {
      log::debug(fmt::format("left out of the trend: {}", run.error().message));
      return {};
    }
    auto points = points_of(*run);
    if (writes_) {
      changed_ = index_->keep(name, stamp, &run->manifest, points, place) || changed_;
    }
    return points;
  }

  const Loaded& run_;
  const fs::path& folder_;
  RunIndex* index_;
  bool writes_;
  std::map<std::string, RunIndex::Row> known_;
  bool changed_ = false;
};

// The baseline's own figures, unless its run is among the others.
void add_baseline(const Loaded& run, std::vector<TrendPoint>& points) {
  const store::Baseline& baseline = *run.baseline;
  bool found = false;
  for (TrendPoint& point : points) {
    if (point.run == baseline.manifest.id) {
      point.baseline = baseline.name;
      found = true;
    }
  }
  if (found) {
    return;
  }
  for (TrendPoint& point : points_of(load_baseline(run.baseline))) {
    point.baseline = baseline.name;
    points.push_back(std::move(point));
  }
}

}  // namespace

std::vector<TrendPoint> points_of(const Loaded& run) {
  std::vector<TrendPoint> points;
  for (const auto& column : run.columns) {
    const compare::Summary summary = compare::summarise(column);
    TrendPoint point;
    point.run = run.manifest.id;
    point.suite_digest = run.manifest.suite_digest;
    point.started_utc = run.manifest.started_utc;
    point.state = store::to_string(run.manifest.state);
    point.backend = column.name();
    point.simulated = summary.simulated;
    for (const auto& entry : run.manifest.backends) {
      if (entry.name == column.name()) {
        point.model = entry.model;
        point.simulated = point.simulated || entry.simulated;
      }
    }
    point.cases = summary.all.cases;
    point.failed = summary.all.outcomes.of(score::Outcome::failed);
    const compare::ScoreEstimate& score = summary.all.score;
    point.score = {.value = score.value, .lo = score.lo, .hi = score.hi};
    point.ttft = figure_of(summary.ttft.p50);
    point.e2e = figure_of(summary.e2e.p50);
    if (summary.with_cost > 0) {
      point.cost_usd = decimal_dollars(summary.cost);
    }
    points.push_back(std::move(point));
  }
  return points;
}

// Makes the tables say what the folders say.
bool History::update(const fs::path& results) {
  if (!index_->begin()) {
    return false;
  }
  auto known = index_->rows();
  if (!known) {
    return false;
  }
  const auto folders = store::list_runs(results);
  std::uint64_t place = folders.size();
  for (const fs::path& path : folders) {
    const std::string folder = path.filename().string();
    const std::string stamp = stamp_of(path);
    const auto old = known->find(folder);
    const bool same = old != known->end() && old->second.stamp == stamp;
    if (old != known->end()) {
      known->erase(old);
    }
    if (same) {
      if (!index_->move(folder, place--)) {
        return false;
      }
      continue;
    }
    ++read_;
    const auto run = load_run(path);
    if (!run) {
      log::debug(fmt::format("left out of the history: {}", run.error().message));
    }
    if (!index_->keep(folder,
                      stamp,
                      run ? &run->manifest : nullptr,
                      run ? points_of(*run) : std::vector<TrendPoint>(),
                      place--)) {
      return false;
    }
  }
  for (const auto& [folder, row] : *known) {
    if (!index_->forget(folder)) {
      return false;
    }
  }
  return index_->commit();
}

Result<std::unique_ptr<History>> History::open(const fs::path& results, Start start) {
  const fs::path file = results / kFile;
  std::error_code ignored;
  if (start == Start::rebuild) {
    fs::remove(file, ignored);
  }
  // Of an older version, damaged or not ours: it holds nothing that the folders do not hold.
  for (const bool fresh : {false, true}) {
    if (!fs::is_directory(results, ignored)) {
      break;
    }
    if (fresh) {
      fs::remove(file, ignored);
    }
    if (auto index = RunIndex::open(file, fresh); index != nullptr) {
      std::unique_ptr<History> history(new History(std::move(index)));
      if (history->update(results)) {
        return history;
      }
    }
  }
  if (auto index = RunIndex::in_memory(); index != nullptr) {
    std::unique_ptr<History> history(new History(std::move(index)));
    if (history->update(results)) {
      return history;
    }
  }
  return fail(ErrorKind::io, "the index of runs cannot be built in memory");
}

report::Trend trend_behind(const Loaded& run, bool keeps) {
  std::error_code ignored;
  const fs::path folder = fs::weakly_canonical(fs::absolute(run.folder, ignored), ignored);
  const fs::path file = folder.parent_path() / kFile;
  std::unique_ptr<RunIndex> index;
  if (keeps || fs::is_regular_file(file, ignored)) {
    index = RunIndex::open(file, false);
    // Somebody else writes it just now: then it is only read.
    keeps = keeps && index != nullptr && index->begin();
  }
  RunsBefore before(run, folder, index.get(), keeps);
  report::Trend trend{
      .suite = run.manifest.suite, .points = before.gather(), .run = run.manifest.id};
  if (keeps) {
    before.keep_own();
    if (before.changed() && !index->commit()) {
      log::debug("the index of runs could not be written");
    }
  }
  if (run.baseline != nullptr) {
    add_baseline(run, trend.points);
  }
  std::ranges::stable_sort(trend.points, {}, [](const TrendPoint& point) {
    return std::pair(std::string_view(point.started_utc), std::string_view(point.run));
  });
  std::ranges::move(points_of(run), std::back_inserter(trend.points));
  return trend;
}

}  // namespace faceoff::cli
