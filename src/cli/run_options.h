#pragma once

// The flags of `faceoff run`, typed. Private to cli.

#include "command.h"
#include "output.h"

#include <faceoff/backend/price_table.h>
#include <faceoff/backend/spec.h>
#include <faceoff/run/policy.h>
#include <faceoff/run/runner.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

// Whether answers are taken from the cache and put into it.
struct CacheUse {
  bool read = false;
  bool write = false;
  std::optional<std::filesystem::path> folder;  // absent: $XDG_CACHE_HOME/faceoff
};

struct RunOptions {
  std::vector<std::filesystem::path> suites;
  std::optional<std::filesystem::path> output;  // the run folder
  bool resume = false;
  bool local_only = false;
  CacheUse cache;
  std::optional<std::int64_t> concurrency;
  std::optional<std::int64_t> rate;  // requests a minute and backend
  run::Deadlines deadlines;
  run::RetryPolicy retry;
  std::vector<std::string> filters;
  std::uint64_t limit = 0;
  std::int32_t repeat = 0;
  std::uint64_t seed = 0;
  double max_error_rate = 0.05;
  bool stop_when_sure = false;
  run::Limits limits;          // of all suites of the command together
  bool dry_run = false;        // only tell what would be sent
  bool allow_code = false;     // scorers may run code of answers, in a sandbox
  bool allow_exec = false;     // scorers may start programs that the suite names
  backend::PriceTable prices;  // set from the configuration, not from flags alone
  std::string progress = "auto";
  bool quiet = false;
  std::vector<OutputFormat> formats;
  std::optional<std::string> events;  // file, fd:N or - that the run's events go to
};

[[nodiscard]] std::span<const Flag> run_flags();
[[nodiscard]] Result<RunOptions> read_run_options(const Arguments& arguments);

// * stands for any characters, ? for one.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text);

// Cases that satisfy every filter: an id or a pattern with *, tag:NAME, or `not` before either.
[[nodiscard]] std::function<bool(const suite::Case&)> make_filter(std::vector<std::string> filters);

}  // namespace faceoff::cli
