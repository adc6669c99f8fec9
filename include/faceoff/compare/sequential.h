#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/stats/sequential.h>
#include <faceoff/store/record.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::compare {

// Looks at a run case by case, in the order of its records, and says when every column is clearly
// better or worse than the first one. Holds at any stopping time, given a random order of cases.
// Counts the first repeat of each case, and one case of each cluster: others are not independent.
// Read again in file order, the records of a run give the same evidence. Memory holds the cases
// that not every column has answered yet. Not thread-safe.
class SequentialWatch {
 public:
  explicit SequentialWatch(std::vector<std::string> columns, double alpha = 0.05);
  void add(const store::Record& record);
  // Every comparison is clear; with several of them each at its share of alpha.
  [[nodiscard]] bool sure() const noexcept;
  // The strongest that was reached, of a column against the first.
  [[nodiscard]] Evidence evidence(std::string_view candidate) const;

 private:
  struct Waiting {
    std::vector<std::optional<double>> values;
    std::size_t known = 0;
  };
  struct Side {
    Evidence now;
    Evidence best;
    double best_log_e = 0.0;
    std::set<std::string> clusters;
  };
  void settle(std::size_t column, const Waiting& waiting, const std::string& cluster);

  std::vector<std::string> columns_;
  double alpha_;
  std::vector<Side> sides_;
  std::map<std::pair<std::string, std::string>, Waiting> waiting_;
};

// "At least `needed` of `total` cases right" by one column: whether the answers so far settle it
// whatever comes next, which costs nothing in error. First repeats only; failed trials are left
// open.
class ThresholdWatch {
 public:
  ThresholdWatch(std::string column, std::uint64_t needed, std::uint64_t total)
      : column_(std::move(column)), needed_(needed), total_(total) {}
  void add(const store::Record& record);
  [[nodiscard]] stats::Curtailed state() const noexcept;

 private:
  std::string column_;
  std::uint64_t needed_;
  std::uint64_t total_;
  std::uint64_t right_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace faceoff::compare
