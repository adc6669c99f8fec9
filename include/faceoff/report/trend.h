#pragma once

#include <faceoff/report/reporter.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// How a suite came out over its runs.
namespace faceoff::report {

struct TrendFigure {
  std::optional<double> value;
  std::optional<double> lo;  // of the 95% interval
  std::optional<double> hi;
  friend bool operator==(const TrendFigure&, const TrendFigure&) = default;
};

// One backend in one run. Strings are foreign.
struct TrendPoint {
  std::string run;  // its whole id
  std::string suite_digest;
  std::string started_utc;
  std::string state;  // complete, interrupted, ...
  std::string backend;
  std::string model;
  bool simulated = false;
  std::uint64_t cases = 0;
  std::uint64_t failed = 0;
  TrendFigure score;
  TrendFigure ttft;  // medians, in seconds
  TrendFigure e2e;
  std::optional<std::string> cost_usd;  // exact decimal
  friend bool operator==(const TrendPoint&, const TrendPoint&) = default;
};

// Oldest first; each backend has a table of its own.
struct Trend {
  std::string suite;
  std::vector<TrendPoint> points;
};

[[nodiscard]] std::string write_trend(const Trend& trend, const RenderOptions& options);
// "schema": "faceoff.trend/1"; ASCII only.
[[nodiscard]] std::string write_trend_json(const Trend& trend);

}  // namespace faceoff::report
