#pragma once

// One suite, run and reported. Private to cli.

#include "command.h"
#include "event_log.h"
#include "gating.h"
#include "judges.h"
#include "run_options.h"

#include <faceoff/backend/spec.h>
#include <faceoff/run/outside.h>
#include <faceoff/score/outside.h>
#include <faceoff/store/replay.h>
#include <faceoff/suite/suite.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace faceoff::cli {

// What a suite sends to one backend. Tokens are estimated: one for every four characters.
struct Volume {
  std::uint64_t trials = 0;
  std::int64_t prompt_tokens = 0;
  std::uint64_t limited = 0;    // trials whose case sets max_tokens
  std::int64_t max_tokens = 0;  // the sum of these
};

// A suite that has been read and found sound.
struct CheckedSuite {
  std::unique_ptr<suite::Suite> suite;
  suite::Census census;
  std::uint64_t selected = 0;         // cases that the filters leave
  std::uint64_t selected_trials = 0;  // per backend, repeats counted
  std::uint64_t selected_local = 0;   // of these trials, those that stay on this machine
  Volume volume;                      // to a backend on this machine
  Volume remote_volume;               // to another: without local-only cases
  std::vector<std::string> scorers;   // name/version of those in use
  score::Needs needs;                 // programs that scorers have run
  std::vector<std::pair<std::string, std::uint64_t>> selected_tags;  // with their cases
  // One a selected case, by id and digest; emptied when the gates have been prepared.
  std::vector<std::uint64_t> selected_keys;
  std::vector<compare::Gate> gates;  // of the suite file
  std::vector<JudgeDemand> judges;   // of the selected cases
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

// What the suites of one command may still use up of its limits.
struct Budget {
  run::Limits limits;
  TimePoint began;
  Money spent;  // by the suites before
};

// Answers of earlier runs and of files, by the name of the backend that they stand for.
using Replays = std::map<std::string, std::shared_ptr<store::Replay>, std::less<>>;

// How a run differs from asking every case.
struct Variant {
  // `rerun`: which of the trials in the folder are sent again; empty: all that have no answer.
  std::function<bool(const store::RunWriter&, const store::TrialKey&)> sends_again;
  bool only_failed = false;  // of them, those that failed
  // `rescore`: the run whose answers are scored anew, and cases of it that cannot be.
  std::optional<store::Manifest> rescored;
  std::set<std::string, std::less<>> left_out;
  std::filesystem::path rescored_folder;  // of that run: what its judges said stands there
  std::vector<std::string> notes;         // for the reader of the report
};

// What the suites of one command have in common; refers to what outlives the run.
struct Job {
  const std::vector<backend::Spec>& specs;
  const std::vector<backend::Spec>& judges;  // asked by scorers, not compared
  const Replays& replays;
  const std::filesystem::path& results;
  const RunOptions& options;
  // What scorers may start; the folder of the logs is that of the run.
  run::OutsideSettings outside = {};
  EventLog* events = nullptr;  // null: none is kept
};

// Starts what must be started, runs the suite on the backends, writes the run folder and prints the
// report.
[[nodiscard]] Exit run_suite(const CheckedSuite& checked,
                             const Job& job,
                             const Variant& variant,
                             Budget& budget,
                             Context& context);

}  // namespace faceoff::cli
