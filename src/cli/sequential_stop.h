#pragma once

// `faceoff run --stop-when-sure`. Private to cli.

#include <faceoff/compare/sequential.h>
#include <faceoff/run/runner.h>
#include <faceoff/store/run_folder.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::cli {

inline constexpr std::string_view kEvidenceRule = "e-value";

// Error of kind usage for a gate that needs a fixed number of cases, and for a single backend
// without a gate.
[[nodiscard]] Status check_stopping(const store::Gating& gating, std::size_t backends);

// Passes records on and drains the run as soon as all is settled: every threshold gate, or, without
// gates, whether each backend is better or worse than the first one.
class SequentialStop final : public run::Sink {
 public:
  SequentialStop(run::Sink& next, std::vector<std::string> backends, run::StopSignal& stop)
      : next_(next), backends_(backends), watch_(std::move(backends)), stop_(stop) {}
  // Watches these gates of a run with so many cases.
  void watch_gates(const store::Gating& gating, std::uint64_t cases);
  // What an interrupted run recorded before.
  [[nodiscard]] Status read_earlier(const std::filesystem::path& folder);
  [[nodiscard]] Status append(const store::Record& record, std::string_view line) override;
  [[nodiscard]] Status flush() override { return next_.flush(); }
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

 private:
  void look(const store::Record& record);
  [[nodiscard]] bool settled() const;

  run::Sink& next_;
  std::vector<std::string> backends_;
  compare::SequentialWatch watch_;
  std::vector<compare::ThresholdWatch> thresholds_;
  run::StopSignal& stop_;
  bool stopped_ = false;
};

// The same suite with its cases in an order drawn by chance, without which stopping early proves
// nothing: a file is often sorted by topic or difficulty. Holds all cases in memory. Only cases
// that `selects` takes, the first `limit` of them in file order (0: all). Error of kind usage where
// there are too many.
[[nodiscard]] Result<std::unique_ptr<suite::Suite>> in_random_order(
    const suite::Suite& suite,
    const std::function<bool(const suite::Case&)>& selects,
    std::uint64_t limit,
    std::uint64_t seed);

// "stopped after 57 of 200 cases: the outcome was clear", with the manifest set to what was run.
void note_early_stop(const run::Tally& tally, store::Manifest& manifest);

}  // namespace faceoff::cli
