#include "manifest.h"

#include <faceoff/base/files.h>
#include <faceoff/base/log.h>
#include <faceoff/store/baseline.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxName = 100;
constexpr std::string_view kExtension = ".json";

// What names this machine, or belongs to the run's folder only.
Manifest cut_down(Manifest manifest) {
  manifest.suite_path.clear();
  manifest.directory.clear();
  manifest.command.clear();
  manifest.curl_version.clear();
  manifest.host_os.clear();
  manifest.notes.clear();
  manifest.loop_lag_ms = 0.0;
  manifest.client_busy = 0.0;
  manifest.gating = {};
  for (BackendEntry& entry : manifest.backends) {
    entry.base_url.clear();
  }
  return manifest;
}

Record cut_down(Record&& record) {
  Record out;
  out.suite = std::move(record.suite);
  out.case_id = std::move(record.case_id);
  out.backend = std::move(record.backend);
  out.repeat = record.repeat;
  out.tags = std::move(record.tags);
  out.cluster = std::move(record.cluster);
  out.digest = std::move(record.digest);
  out.outcome = record.outcome;
  out.value = record.value;
  out.error = record.error;
  out.completion.finish = record.completion.finish;
  out.timing.ttft = record.timing.ttft;
  out.timing.e2e = record.timing.e2e;
  for (const Attempt& attempt : record.attempts) {
    Attempt kept;
    kept.number = attempt.number;
    kept.http_status = attempt.http_status;
    kept.failure = attempt.failure;
    kept.note = attempt.note;
    out.attempts.push_back(std::move(kept));
  }
  out.simulated = record.simulated;
  out.cached = record.cached;
  out.suspended = record.suspended;
  return out;
}

}  // namespace

Status check_baseline_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.empty() || name.size() > kMaxName || name.front() == '.' || name.front() == '-' ||
      !std::ranges::all_of(name, fits)) {
    return fail(ErrorKind::usage,
                fmt::format("'{}' cannot name a baseline; use letters, digits, '-', '_' and '.', "
                            "a letter or digit first",
                            name));
  }
  return {};
}

Result<Baseline> make_baseline(const fs::path& run_folder, std::string_view name, UtcTime now) {
  FACEOFF_TRY(check_baseline_name(name));
  FACEOFF_TRY_ASSIGN(Run run, open_run(run_folder));
  if (run.manifest.state != RunState::complete) {
    return fail(ErrorKind::usage,
                fmt::format("{}: the run is not complete ({}); go on with it by --resume, or name "
                            "another",
                            run_folder.string(),
                            to_string(run.manifest.state)));
  }
  Baseline baseline;
  baseline.name = name;
  baseline.created_utc = format_utc(now);
  baseline.manifest = cut_down(std::move(run.manifest));
  FACEOFF_TRY_ASSIGN(auto records, load_records(run_folder));
  baseline.records.reserve(records.size());
  for (Record& record : records) {
    // The file says it once a backend; a stand-in behind a URL shows in its answers only.
    const auto entry =
        std::ranges::find(baseline.manifest.backends, record.backend, &BackendEntry::name);
    if (entry != baseline.manifest.backends.end()) {
      entry->simulated = entry->simulated || record.simulated;
    }
    baseline.records.push_back(cut_down(std::move(record)));
  }
  return baseline;
}

Status write_baseline(const Baseline& baseline, const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) {
    fs::create_directories(path.parent_path(), error);
    if (error) {
      return fail(
          ErrorKind::io,
          fmt::format(
              "{}: cannot make the folder: {}", path.parent_path().string(), error.message()));
    }
  }
  // No prompt and no answer is in it, and teams share it.
  return write_file_atomic(path, baseline_text(baseline), 0644);
}

fs::path baseline_path(const fs::path& results, std::string_view name) {
  return results / "baselines" / (std::string(name) + std::string(kExtension));
}

std::vector<fs::path> list_baselines(const fs::path& results) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(results / "baselines", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (it->is_regular_file(error) && !name.starts_with('.') && name.ends_with(kExtension)) {
      files.push_back(it->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace faceoff::store
