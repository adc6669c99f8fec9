#pragma once

// A trend run by run, as its tables and charts show it. Private to report.

#include <faceoff/report/trend.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::report {

struct TrendRun {
  std::vector<const TrendPoint*> points;  // by backend; null: it had no part in the run
  const TrendPoint* any = nullptr;        // one of them
  bool suite_changed = false;             // since the run before
};

// Points into the trend, which must outlive it.
struct TrendView {
  // Backends in order of first appearance, or those of `backends` in their order and no others.
  explicit TrendView(const Trend& trend, std::vector<std::string> backends = {});

  std::vector<std::string> backends;
  std::vector<TrendRun> runs;

  // The last point of a backend before this run; null: none.
  [[nodiscard]] const TrendPoint* before(std::size_t run, std::size_t backend) const noexcept;
};

// "suite changed, other model": what hinders comparing the point with the one before (may be null),
// and what kind of run it is of. Words of ours, but for the name of a baseline.
[[nodiscard]] std::string trend_note(const TrendPoint& point, const TrendPoint* before);
// The same text for the same suite and model: a line may join the two.
[[nodiscard]] bool continues(const TrendPoint& point, const TrendPoint& before) noexcept;

// "2026-08-22 14:03" of an RFC 3339 time; anything else as it is.
[[nodiscard]] std::string minute_of(const std::string& utc);
// The random end of a run's id.
[[nodiscard]] std::string end_of_id(const std::string& id);
// "84.0% [78.3, 88.4]" and "0.41 s [0.39, 0.44]".
[[nodiscard]] std::string share_text(const TrendFigure& figure);
[[nodiscard]] std::string seconds_text(const TrendFigure& figure,
                                       bool interval,
                                       std::string_view none);

}  // namespace faceoff::report
