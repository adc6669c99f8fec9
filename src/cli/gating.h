#pragma once

// Gates and baselines on their way from flags and files to an exit code. Private to cli.

#include "command.h"

#include <faceoff/compare/gate_check.h>
#include <faceoff/compare/gate_result.h>
#include <faceoff/report/report.h>
#include <faceoff/store/baseline.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

// What --gate, --max-drop, --max-slowdown, --baseline, --alpha and --inconclusive ask for.
struct GateRequest {
  std::vector<compare::Gate> gates;
  bool of_files = true;  // gates of suites and of faceoff.yaml count too (no --no-gates)
  double alpha = 0.05;
  bool inconclusive_fails = false;
  std::optional<std::string> baseline;
};
[[nodiscard]] Result<GateRequest> read_gate_request(const Arguments& arguments);
// Leaves out gates that are there already.
void add_gates(GateRequest& request, const std::vector<compare::Gate>& gates);
[[nodiscard]] store::Gating gating_of(const GateRequest& request);

// A baseline as a user names it: NAME or @NAME below `results`, a file, or a finished run. Error of
// kind usage, with the near ones.
[[nodiscard]] Result<store::Baseline> find_baseline(const std::filesystem::path& results,
                                                    std::string_view word,
                                                    UtcTime now);

// The same case with the same prompt and parameters has the same key.
[[nodiscard]] std::uint64_t case_key(std::string_view id, std::string_view digest);

// The gates hold in this scope; warnings go to stderr. Error of kind usage with a line a gate.
[[nodiscard]] Status check_request(const GateRequest& request,
                                   const compare::GateScope& scope,
                                   const Context& context);

// Why scores of two runs must not be compared; empty: they may.
[[nodiscard]] std::string scorers_differ(const std::vector<std::string>& reference,
                                         const std::vector<std::string>& candidate);

// Judges the gates of report.manifest.gating on these subjects.
void judge(report::Report& report, std::span<const compare::GateSubject> subjects);
// ok, gate_failed or inconclusive, with its words for people.
struct GateExit {
  Exit exit = Exit::ok;
  std::string reason;
};
[[nodiscard]] GateExit gate_exit(const report::Report& report);

}  // namespace faceoff::cli
