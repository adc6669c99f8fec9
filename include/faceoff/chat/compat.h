#pragma once

#include <faceoff/chat/timing.h>

#include <cstdint>
#include <optional>
#include <vector>

// What other load generators would have reported of a recorded stream: the same words mean other
// things there (docs/metrics.md). Read from their sources in 2026; pure functions of the events.
// Milliseconds; absent where the tool has no value or one that it makes up (0 for "nothing came").
// All of them start before the connection is made, as `start_ms` before Timing's `ready`.
namespace faceoff::chat {

struct CompatInput {
  std::vector<EventMark> marks;
  double start_ms = 0.0;                          // client_queue + connect
  std::optional<double> end_ms;                   // transfer done, since ready
  std::optional<std::int64_t> completion_tokens;  // of usage
  std::optional<std::int64_t> prompt_tokens;
};
[[nodiscard]] CompatInput compat_input(const Timing& timing,
                                       const Usage& usage,
                                       Duration client_queue);

// `vllm bench serve`: any chunk with choices counts, role and finish included; tokens by usage.
struct VllmFigures {
  std::optional<double> ttft;
  std::optional<double> tpot;  // (e2el - ttft) / (n - 1); n of at most 1 is left out
  std::optional<double> e2el;  // to the last chunk with choices
  std::vector<double> itl;     // gaps between such chunks, pooled over requests
};
[[nodiscard]] VllmFigures vllm_figures(const CompatInput& input);

// GuideLLM: content, reasoning and tool chunks count; without usage each is a token.
struct GuidellmFigures {
  std::optional<double> ttft;
  std::optional<double> ttfot;  // first chunk that is no reasoning
  std::optional<double> itl;    // (last - first) / (n - 1), per request
  std::optional<double> tpot;   // last / n, the first token included
  std::optional<double> tok_s;  // n / (end of the stream)
};
[[nodiscard]] GuidellmFigures guidellm_figures(const CompatInput& input);

// AIPerf: content and reasoning chunks count. Its own token counts come from a tokenizer of the
// client; here they are the server's.
struct AiperfFigures {
  std::optional<double> ttft;
  std::optional<double> ttfo;  // first content
  std::optional<double> ttst;  // second chunk - first
  std::optional<double> itl;   // (latency - ttft) / (n - 1), per request
  std::optional<double> latency;
  std::optional<double> tok_s_user;     // 1000 / itl
  std::optional<double> prefill_tok_s;  // prompt tokens / ttft
  std::vector<double> icl;              // gaps between chunks
};
[[nodiscard]] AiperfFigures aiperf_figures(const CompatInput& input);

// llmperf: content only; its inter-token latency divides by all chunks, role and usage included.
struct LlmperfFigures {
  std::optional<double> ttft;
  std::optional<double> itl;  // (ttft + gaps) / chunks
  std::optional<double> e2e;  // end of the stream
};
[[nodiscard]] LlmperfFigures llmperf_figures(const CompatInput& input);

}  // namespace faceoff::chat
