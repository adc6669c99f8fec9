#pragma once

// What `faceoff bench` prints. Private to cli.

#include "bench_options.h"
#include "command.h"

#include <faceoff/load/summary.h>

#include <string>
#include <vector>

namespace faceoff::cli {

// One backend at one load.
struct BenchPoint {
  std::string backend;
  std::string adapter;
  std::string model;
  double load = 0.0;
  load::StageSummary summary;
  load::ClientVerdict client;
  double loop_busy = 0.0;
  std::optional<double> schedule_delay_p99_ms;
};

struct BenchOutcome {
  std::vector<std::string> backends;  // in the order of -b
  std::vector<BenchPoint> points;     // by load, then by backend
  std::string started_utc;
  std::string prompts;             // "64 made-up prompts of about 128 tokens"
  std::vector<std::string> notes;  // "3 local-only cases were left out"
  bool stopped = false;
  chat::StampSource stamps = chat::StampSource::none;  // the best there are
};

[[nodiscard]] std::string bench_text(const BenchOutcome& outcome,
                                     const BenchOptions& options,
                                     const Style& style);
[[nodiscard]] std::string bench_json(const BenchOutcome& outcome, const BenchOptions& options);
// One line for --records.
[[nodiscard]] std::string sample_json(const std::string& backend,
                                      double load,
                                      TimePoint began,
                                      const load::Sample& sample);

}  // namespace faceoff::cli
