#pragma once

// The runs of a results folder at a glance. Private to cli.

#include "run_index.h"

#include <faceoff/base/result.h>
#include <faceoff/report/trend.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace faceoff::cli {

struct Loaded;

// One point a backend: what the records of a run or of a baseline come to.
[[nodiscard]] std::vector<report::TrendPoint> points_of(const Loaded& source);

// Figures of every run, kept in results/.index.sqlite so that a thousand runs need not be read
// again. The run folders are the truth: each call looks at their sizes and times, reads what is new
// or has changed and forgets what is gone; without the file, or where it cannot be written or is
// not ours, everything is read anew and nothing is lost.
class History {
 public:
  enum class Start : std::uint8_t { keep, rebuild };
  [[nodiscard]] static Result<std::unique_ptr<History>> open(const std::filesystem::path& results,
                                                             Start start = Start::keep);

  using SuiteRow = RunIndex::SuiteRow;
  // Suites by name, with the number of their runs.
  [[nodiscard]] Result<std::vector<SuiteRow>> suites() const { return index_->suites(); }
  // The points of the suite's last `last` runs, oldest first, columns in their order.
  [[nodiscard]] Result<std::vector<report::TrendPoint>> points(std::string_view suite,
                                                               std::uint64_t last) const {
    return index_->points_of_suite(suite, last);
  }
  // Of all runs, newest first: for `list runs`. One point a backend.
  [[nodiscard]] Result<std::vector<report::TrendPoint>> all() const { return index_->all_points(); }
  // How many run folders were read by open().
  [[nodiscard]] std::uint64_t read() const noexcept { return read_; }

 private:
  explicit History(std::unique_ptr<RunIndex> index) : index_(std::move(index)) {}
  [[nodiscard]] bool update(const std::filesystem::path& results);

  std::unique_ptr<RunIndex> index_;
  std::uint64_t read_ = 0;
};

// What a report says of the runs before its own.
inline constexpr std::uint64_t kMostRunsBefore = 19;
inline constexpr std::uint64_t kMostBytesBefore = 500'000'000;  // of their records, all together

// The run behind the newest complete ones of its suite that lie in the same folder and began before
// it, within the limits above, and the run of its baseline: figures of all their records, whatever
// an index knows. Nothing but these is read. With `keeps` what was read is kept in the folder's
// index, the run's own figures too; else an index that is there is only used.
[[nodiscard]] report::Trend trend_behind(const Loaded& run, bool keeps);

}  // namespace faceoff::cli
