#pragma once

// The flags of `faceoff run`, typed. Private to cli.

#include "command.h"

#include <faceoff/backend/spec.h>
#include <faceoff/run/policy.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::cli {

struct OutputFormat {
  std::string name;                           // of a reporter
  std::optional<std::filesystem::path> path;  // absent: standard output
};

struct RunOptions {
  std::vector<std::filesystem::path> suites;
  std::optional<std::filesystem::path> output;  // the run folder
  bool resume = false;
  bool local_only = false;
  std::optional<std::int64_t> concurrency;
  std::optional<std::int64_t> rate;  // requests a minute and backend
  run::Deadlines deadlines;
  run::RetryPolicy retry;
  std::vector<std::string> filters;
  std::uint64_t limit = 0;
  std::int32_t repeat = 0;
  std::uint64_t seed = 0;
  double max_error_rate = 0.05;
  std::string progress = "auto";
  bool quiet = false;
  std::vector<OutputFormat> formats;
};

[[nodiscard]] std::span<const Flag> run_flags();
[[nodiscard]] Result<RunOptions> read_run_options(const Arguments& arguments);

// FORMAT or FORMAT:PATH, checked against the reporter table; --json adds one.
[[nodiscard]] Result<std::vector<OutputFormat>> read_formats(const Arguments& arguments);

// Cases that satisfy every filter: an id or a pattern with *, tag:NAME, or `not` before either.
[[nodiscard]] std::function<bool(const suite::Case&)> make_filter(std::vector<std::string> filters);

}  // namespace faceoff::cli
