#include "engine.h"

#include <array>

namespace faceoff::load {
namespace {

using backend::FailureKind;

AnswerStatus status_of(const backend::Failure& failure) {
  switch (failure.kind) {
    case FailureKind::cancelled:
      return AnswerStatus::cancelled;
    case FailureKind::rate_limited:
    case FailureKind::quota:
    case FailureKind::overloaded:
      return AnswerStatus::throttled;
    case FailureKind::stream_error:
      return AnswerStatus::stream_error;
    case FailureKind::truncated:
      return AnswerStatus::truncated;
    case FailureKind::connect_timeout:
      return AnswerStatus::timeout_connect;
    case FailureKind::first_token_timeout:
    case FailureKind::idle_timeout:
      return AnswerStatus::timeout_idle;
    case FailureKind::total_timeout:
      return AnswerStatus::timeout_total;
    default:
      return failure.http_status >= 400 ? AnswerStatus::http_error : AnswerStatus::reset;
  }
}

// The last token event of the answer, or the end of the transfer where there is none.
TimePoint last_of(const run::TrialResult& result, TimePoint now) {
  return result.ready && result.timing.e2e ? *result.ready + *result.timing.e2e : now;
}

}  // namespace

std::string_view to_string(Phase phase) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"warmup", "measure", "drain"};
  return kNames[static_cast<std::size_t>(phase)];
}

std::string_view to_string(AnswerStatus status) noexcept {
  constexpr std::array<std::string_view, 11> kNames{"ok",
                                                    "empty",
                                                    "http_error",
                                                    "stream_error",
                                                    "timeout_connect",
                                                    "timeout_idle",
                                                    "timeout_total",
                                                    "reset",
                                                    "truncated",
                                                    "cancelled",
                                                    "throttled"};
  return kNames[static_cast<std::size_t>(status)];
}

void Engine::take_sample(const Flight& flight, run::TrialResult result) {
  Sample sample;
  sample.target = flight.lane;
  sample.number = flight.number;
  sample.phase = flight.number < stage_.warmup ? Phase::warmup : Phase::measure;
  sample.planned = flight.planned;
  sample.ready = result.ready;
  sample.last = last_of(result, clock_.now());
  if (result.failure) {
    sample.status = status_of(*result.failure);
    sample.message = result.failure->message;
  } else if (result.timing.streamed && result.timing.token_events == 0) {
    sample.status = AnswerStatus::empty;
  }
  sample.length = result.completion.finish == chat::Finish::length;
  sample.simulated = result.simulated;
  sample.client_queue = result.client_queue;
  sample.tokens = chat::count_output_tokens(result.completion, result.timing);
  std::optional<Duration> delay;
  if (stage_.mode == Mode::open && result.ready) {
    delay = *result.ready - flight.planned;
  }
  sample.values = chat::measure({.timing = result.timing,
                                 .completion = result.completion,
                                 .client_queue = result.client_queue,
                                 .schedule_delay = delay});
  sample.timing = std::move(result.timing);
  sample.usage = result.completion.usage;
  ClientSigns& signs = result_.signs;
  signs.token_events += sample.timing.token_events;
  signs.coalesced += sample.timing.coalesced;
  signs.kernel_stamps += sample.timing.kernel_stamps;
  for (const double gap : chat::gaps_of(sample.timing)) {
    signs.gaps.add(from_ms(gap));
  }
  if (on_answer_) {
    on_answer_(sample, result.completion);
  }
  result_.samples.push_back(std::move(sample));
}

}  // namespace faceoff::load
