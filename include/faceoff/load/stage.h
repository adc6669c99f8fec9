#pragma once

#include <faceoff/backend/backend.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/chat/metrics.h>
#include <faceoff/load/arrivals.h>
#include <faceoff/load/prompts.h>
#include <faceoff/load/self_check.h>
#include <faceoff/net/transport.h>
#include <faceoff/run/policy.h>
#include <faceoff/run/runner.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::load {

// How requests are sent.
enum class Mode : std::uint8_t {
  serial,  // one at a time over all targets, which take turns in an order drawn for each prompt
  closed,  // `concurrency` in flight at each target: the next one leaves when one is back
  open,    // on an absolute schedule, whatever is in flight
};

// One load on one or more backends.
struct Stage {
  Mode mode = Mode::serial;
  std::int64_t concurrency = 1;  // closed
  double rate = 0.0;             // open: requests a second and target
  Arrival arrival = Arrival::poisson;
  std::uint64_t requests = 64;       // measured, of each target
  std::optional<Duration> duration;  // measured requests are started for so long at most
  std::uint64_t warmup = 0;  // requests of each target before those, handed over without a pause
  std::int64_t max_in_flight = 4096;  // open: of each target; beyond it a request waits and is late
  bool preconnect = true;             // connections are made before the first request
  std::uint64_t seed = 0;
};

struct Target {
  const backend::Backend* backend = nullptr;  // outlives the stage
  chat::Params params{};                      // over those of the prompt
  run::Deadlines deadlines{};
  net::Reach reach = net::Reach::any;
};

enum class Phase : std::uint8_t { warmup, measure, drain };
[[nodiscard]] std::string_view to_string(Phase phase) noexcept;
// Of docs/metrics.md: only `ok` enters the latency statistics.
enum class AnswerStatus : std::uint8_t {
  ok,
  empty,  // the stream ended in good order without a token
  http_error,
  stream_error,
  timeout_connect,
  timeout_idle,
  timeout_total,
  reset,
  truncated,
  cancelled,
  throttled,
};
[[nodiscard]] std::string_view to_string(AnswerStatus status) noexcept;

// What became of one request. Its text is not kept.
struct Sample {
  std::size_t target = 0;
  std::uint64_t number = 0;  // of the target, warm-up included
  // drain: sent while measuring, back after the last measured request was started; counts.
  Phase phase = Phase::measure;
  TimePoint planned{};  // t_sched; in a closed loop when there was room for it
  std::optional<TimePoint> ready{};
  TimePoint last{};  // last token event, or the end
  AnswerStatus status = AnswerStatus::ok;
  std::string message{};  // of a failure
  chat::Timing timing{};
  chat::Usage usage{};
  Duration client_queue{0};
  chat::TokenCount tokens{};
  chat::MetricValues values{};
  bool length = false;  // cut by the token limit
  bool simulated = false;
};

struct StageResult {
  std::vector<Sample> samples;  // in order of their ends
  ClientSigns signs;            // of the whole stage; loop_busy and wall are left to the caller
  TimePoint began{};
  TimePoint ended{};
  bool stopped = false;  // by the stop signal
};

// Told of every answer with its text before that is dropped.
using OnAnswer = std::function<void(const Sample&, const chat::Completion&)>;

// Sends the prompts, each once (no retries), and waits for all answers. Error of kind usage: a
// request that a target's wire cannot express.
[[nodiscard]] Result<StageResult> run_stage(const Stage& stage,
                                            const std::vector<Target>& targets,
                                            const PromptSource& prompts,
                                            net::Transport& transport,
                                            const Clock& clock,
                                            const run::StopSignal& stop,
                                            const OnAnswer& on_answer = {});

}  // namespace faceoff::load
