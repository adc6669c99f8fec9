#pragma once

// The runs of a results folder at a glance. Private to cli.

#include <faceoff/base/result.h>
#include <faceoff/report/trend.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

// Figures of every run, kept in results/.index.sqlite so that a thousand runs need not be read
// again. The run folders are the truth: each call looks at their sizes and times, reads what is new
// or has changed and forgets what is gone; without the file, or where it cannot be written or is
// not ours, everything is read anew and nothing is lost.
class History {
 public:
  enum class Start : std::uint8_t { keep, rebuild };
  [[nodiscard]] static Result<std::unique_ptr<History>> open(const std::filesystem::path& results,
                                                             Start start = Start::keep);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // Suites by name, with the number of their runs.
  struct SuiteRow {
    std::string name;
    std::uint64_t runs = 0;
  };
  [[nodiscard]] Result<std::vector<SuiteRow>> suites() const;
  // The points of the suite's last `last` runs, oldest first, columns in their order.
  [[nodiscard]] Result<std::vector<report::TrendPoint>> points(std::string_view suite,
                                                               std::uint64_t last) const;
  // Of all runs, newest first: for `list runs`. One point a backend.
  [[nodiscard]] Result<std::vector<report::TrendPoint>> all() const;
  // How many run folders were read by open().
  [[nodiscard]] std::uint64_t read() const noexcept;

 private:
  struct Parts;
  explicit History(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace faceoff::cli
