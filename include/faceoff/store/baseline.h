#pragma once

#include <faceoff/base/result.h>
#include <faceoff/store/record.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// A baseline is what a later run needs of an earlier one to be compared with it case by case:
// scores, times and outcomes of every trial, digests of the prompts, versions of the scorers,
// identity of the backends, and no prompt or answer. One JSON file with one line a case, made to
// be committed beside a suite: about 110 bytes a case and 30 bytes a trial.
namespace faceoff::store {

inline constexpr int kBaselineSchema = 1;
// The copy that a run keeps of the baseline it was gated against.
inline constexpr std::string_view kBaselineCopy = "baseline.json";

struct Baseline {
  std::string name;  // letters, digits, '.', '-' and '_'
  // Of the run: id, suite, digest, scorers, seed, times and backends. Commands, paths and notes
  // stay behind.
  Manifest manifest;
  // Cut down to what the file holds; failed trials among them. The last record of every trial.
  std::vector<Record> records;
  std::string created_utc;
};

// Errors of kind usage: the run is not complete, or the name cannot be one of a file.
[[nodiscard]] Result<Baseline> make_baseline(const std::filesystem::path& run_folder,
                                             std::string_view name,
                                             UtcTime now);
[[nodiscard]] Status check_baseline_name(std::string_view name);

// The whole file; its last member is the CRC-32 of everything before.
[[nodiscard]] std::string baseline_text(const Baseline& baseline);
// Replaces the file at once, so that a reader, or a second writer of the same name, sees one
// baseline or the other and never half of one. Makes the folder.
[[nodiscard]] Status write_baseline(const Baseline& baseline, const std::filesystem::path& path);
// Errors of kind io name the file: unreadable, damaged, or of another schema.
[[nodiscard]] Result<Baseline> read_baseline(const std::filesystem::path& path);

// results/baselines/NAME.json
[[nodiscard]] std::filesystem::path baseline_path(const std::filesystem::path& results,
                                                  std::string_view name);
// Files of that folder, by name.
[[nodiscard]] std::vector<std::filesystem::path> list_baselines(
    const std::filesystem::path& results);

}  // namespace faceoff::store
