#pragma once

#include <faceoff/compare/figures.h>
#include <faceoff/load/slo.h>
#include <faceoff/load/stage.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::load {

// Rates over a window of time (docs/metrics.md).
struct Rates {
  double window_s = 0.0;
  double req_s = 0.0;      // successes a second
  double out_tok_s = 0.0;  // their tokens a second
  double goodput = 0.0;    // good answers a second
};

// One target under one load: everything that is said of it.
struct StageSummary {
  std::uint64_t issued = 0;  // measured requests
  std::uint64_t warmup = 0;
  std::uint64_t drained = 0;  // of the measured: back after the last one was started
  static constexpr std::size_t kStatuses = 11;
  std::array<std::uint64_t, kStatuses> by_status{};
  std::string first_failure;  // a message, for the reader
  std::uint64_t cut_by_length = 0;
  std::uint64_t usage_missing = 0;
  std::uint64_t good = 0;                    // met every objective
  double good_share = 0.0;                   // of all issued
  std::vector<std::uint64_t> slo_undefined;  // per objective: answers without the figure
  compare::Figures figures;                  // of the answers with status ok
  // From the first measured request's t_ready to the last measured token: ramp and drain included;
  // and to the start of the last request: the load as asked for.
  Rates whole;
  Rates steady;
  double concurrency_mean = 0.0;  // over `whole`, weighted by time; all requests of the target
  std::int64_t concurrency_max = 0;
  std::optional<double> decode_tok_s;  // sum of (n - 1) / sum of (last - first): no mean of rates
  std::int64_t prompt_tokens = 0;
  std::int64_t cached_tokens = 0;
  bool simulated = false;
  std::vector<std::string> warnings;  // what a reader must know before the figures

  [[nodiscard]] std::uint64_t count(AnswerStatus status) const noexcept {
    return by_status[static_cast<std::size_t>(status)];
  }
};

[[nodiscard]] StageSummary summarise(const Stage& stage,
                                     const StageResult& result,
                                     std::size_t target,
                                     std::span<const Slo> slos);

// Share of the gaps that lie around 40 ms (delayed ACK of the client's kernel against Nagle on the
// server), where they stand out: at least 2 % of the gaps, four times as many as in the
// neighbouring ranges, and the median gap is far from it. Nullopt: no such step.
[[nodiscard]] std::optional<double> delayed_ack_share(std::span<const double> gaps_ms);

// Between which loads of a sweep the share of good answers falls below `wanted`.
struct SweepPoint {
  double load = 0.0;
  double good_share = 0.0;
};
struct Break {
  std::optional<double> holds;   // greatest load up to which every point was good enough
  std::optional<double> breaks;  // least load that was not
};
[[nodiscard]] Break find_break(std::vector<SweepPoint> points, double wanted);

}  // namespace faceoff::load
