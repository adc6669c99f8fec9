#pragma once

// One suite, run and reported. Private to cli.

#include "command.h"
#include "gating.h"
#include "run_options.h"

#include <faceoff/backend/spec.h>
#include <faceoff/suite/suite.h>

#include <filesystem>
#include <memory>
#include <vector>

namespace faceoff::cli {

// A suite that has been read and found sound.
struct CheckedSuite {
  std::unique_ptr<suite::Suite> suite;
  suite::Census census;
  std::uint64_t selected = 0;         // cases that the filters leave
  std::uint64_t selected_trials = 0;  // per backend, repeats counted
  std::uint64_t selected_local = 0;   // of these trials, those that stay on this machine
  std::vector<std::string> scorers;   // name/version of those in use
  std::vector<std::pair<std::string, std::uint64_t>> selected_tags;  // with their cases
  std::vector<std::uint64_t> selected_keys;  // one a selected case, by id and digest
  std::vector<compare::Gate> gates;          // of the suite file
  // What the run is judged by, all sources together.
  GateRequest gating;
  std::shared_ptr<const store::Baseline> baseline;  // null: none
};

// Reads the suite once: every mistake of the file, its data files and its scorers goes to
// `diagnostics`.
[[nodiscard]] Result<CheckedSuite> check_suite(const std::filesystem::path& path,
                                               const RunOptions& options,
                                               doc::Diagnostics& diagnostics);

// Prints the mistakes to stderr in the layout of docs/guide.md.
void print_diagnostics(const doc::Diagnostics& diagnostics, const Context& context);

// Starts what must be started, runs the suite on the backends, writes the run folder and prints the
// report.
[[nodiscard]] Exit run_suite(const CheckedSuite& checked,
                             const std::vector<backend::Spec>& specs,
                             const std::filesystem::path& results,
                             const RunOptions& options,
                             Context& context);

}  // namespace faceoff::cli
