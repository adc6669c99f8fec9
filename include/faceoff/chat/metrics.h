#pragma once

#include <faceoff/chat/completion.h>
#include <faceoff/chat/timing.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace faceoff::chat {

// Every figure of one answer. The name in metric_table() is the id under which docs/metrics.md
// defines it; those with the name of another tool in front are what that tool would have said of
// the same events (compat.h).
enum class Metric : std::uint8_t {
  schedule_delay,
  client_queue,
  connect,
  dns,
  tls,
  ttfb,
  ttft,
  ttfo,
  ttfc,
  ttft_incl_setup,
  ttft_sched,
  thinking_time,
  e2e,
  e2e_sched,
  e2e_eventual,
  throttled,
  tail,
  max_gap,
  tpot,
  ntpot,
  tok_s_user,
  visible_tok_s,
  prefill_tok_s,
  char_s,
  burst_index,
  server_queue,
  server_ttft,
  server_prefill,
  server_decode,
  server_processing,
  net_overhead,
  vllm_ttft,
  vllm_tpot,
  vllm_e2el,
  guidellm_ttft,
  guidellm_ttfot,
  guidellm_itl,
  guidellm_tpot,
  guidellm_tok_s,
  aiperf_ttft,
  aiperf_ttfo,
  aiperf_ttst,
  aiperf_itl,
  aiperf_latency,
  aiperf_tok_s_user,
  aiperf_prefill_tok_s,
  llmperf_ttft,
  llmperf_itl,
  llmperf_e2e,
};
inline constexpr std::size_t kMetrics = static_cast<std::size_t>(Metric::llmperf_e2e) + 1;

struct MetricInfo {
  Metric id;
  std::string_view name;
  std::string_view unit;  // ms, ms/token, tok/s, char/s, share
  std::string_view tool;  // empty, or whose figure it reproduces
};
[[nodiscard]] std::span<const MetricInfo, kMetrics> metric_table() noexcept;
[[nodiscard]] const MetricInfo& info(Metric metric) noexcept;
[[nodiscard]] std::optional<Metric> parse_metric(std::string_view name) noexcept;

// How many tokens an answer had and who says so, best first: usage, server_timing, logprobs (the
// server counted them by event), events (one each, a guess), chars (a quarter of the characters, a
// guess), none.
enum class TokenSource : std::uint8_t { usage, server_timing, logprobs, events, chars, none };
[[nodiscard]] std::string_view to_string(TokenSource source) noexcept;
struct TokenCount {
  std::optional<std::int64_t> n;
  TokenSource source = TokenSource::none;
};
[[nodiscard]] TokenCount count_output_tokens(const Completion& completion, const Timing& timing);

// What the figures of an answer are computed from.
struct Measured {
  const Timing& timing;
  const Completion& completion;
  Duration client_queue{0};                // from us to the wire, connecting apart
  std::optional<Duration> schedule_delay;  // ready - planned; open loop only
};
using MetricValues = std::array<std::optional<double>, kMetrics>;
// Absent means undefined, never 0. Of a failed answer only what came before the failure has a
// meaning, and no statistics are made of it.
[[nodiscard]] MetricValues measure(const Measured& answer);
[[nodiscard]] inline const std::optional<double>& of(const MetricValues& values,
                                                     Metric metric) noexcept {
  return values[static_cast<std::size_t>(metric)];
}

}  // namespace faceoff::chat
