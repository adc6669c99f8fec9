#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How a suite came out over its runs.
namespace faceoff::report {

struct RenderOptions;

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
  std::string baseline = {};            // the run is that of this baseline
  friend bool operator==(const TrendPoint&, const TrendPoint&) = default;
};

// Oldest first; the points of one run stand together.
struct Trend {
  std::string suite;
  std::vector<TrendPoint> points;
  std::string run = {};  // the id of the run that a report is about; empty: none
};

// A table for each backend, for a terminal.
[[nodiscard]] std::string write_trend(const Trend& trend, const RenderOptions& options);
// The same tables for GitHub.
[[nodiscard]] std::string write_trend_markdown(const Trend& trend);
// One page that loads nothing, under the rules of the HTML report: charts and tables, all of them
// readable without a script. `version`: of faceoff.
[[nodiscard]] std::string write_trend_html(const Trend& trend, std::string_view version);
// "schema": "faceoff.trend/1"; ASCII only.
[[nodiscard]] std::string write_trend_json(const Trend& trend);

}  // namespace faceoff::report
