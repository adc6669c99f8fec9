#pragma once

// The flags of `faceoff bench`, typed. Private to cli.

#include "run_options.h"

#include <faceoff/load/slo.h>
#include <faceoff/load/stage.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

struct BenchOptions {
  load::Stage stage;                           // concurrency and rate are those of the point
  std::vector<double> loads;                   // requests in flight or a second; one: no sweep
  std::optional<std::filesystem::path> suite;  // absent: synthetic prompts
  std::int64_t prompt_tokens = 128;            // of these
  std::optional<std::int64_t> max_tokens;      // synthetic: 128
  load::PromptCache cache = load::PromptCache::as_is;
  std::vector<load::Slo> slos;
  double slo_share = 0.95;  // of the requests that must meet them
  bool dry_run = false;
  bool json = false;
  bool all_figures = false;
  bool other_tools = false;
  bool quiet = false;
  std::optional<std::filesystem::path> records;  // every request, a JSON line each
  RunOptions run;                                // limits, backends, keys: as for a run
};

[[nodiscard]] std::span<const Flag> bench_flags();
[[nodiscard]] Result<BenchOptions> read_bench_options(const Arguments& arguments);

// The stage at one load of the sweep.
[[nodiscard]] load::Stage stage_at(const BenchOptions& options, double load);
// "8 in flight", "2.5/s", "one at a time".
[[nodiscard]] std::string load_text(load::Mode mode, double load);

}  // namespace faceoff::cli
