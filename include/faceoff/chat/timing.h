#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/chat/completion.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace faceoff::chat {

// The raw stamps of one attempt.
struct Stamps {
  TimePoint queued;                 // handed to the transport
  std::optional<TimePoint> ready;   // connection up, request about to be written (PREREQ)
  std::optional<TimePoint> header;  // first byte of the response header
  std::optional<TimePoint> end;     // transfer done
  std::vector<StreamEvent> events;
  bool streamed = true;  // false: one JSON body
  bool connection_reused = false;
  std::optional<Duration> connect;  // dns + tcp + tls; absent on a reused connection
  StampSource source = StampSource::none;
};

// What is derived from them; definitions in docs/metrics.md. Absent means undefined, never 0.
struct Timing {
  std::optional<Duration> connect;  // dns + tcp + tls, new connections only
  std::optional<Duration> ttfb;     // header - ready
  std::optional<Duration> ttft;     // first token event of any class - ready
  std::optional<Duration> ttfo;     // first content, tool or refusal event - ready
  std::optional<Duration> e2e;      // last token event - ready; not streamed: end - ready
  std::optional<Duration> tpot;     // (last - first token event) / (completion tokens - 1)
  std::optional<Duration> max_gap;  // longest pause between token events
  std::optional<Duration> tail;     // end - last token event
  std::optional<double> characters_per_second;  // visible characters over the decode phase
  std::uint32_t token_events = 0;
  std::uint32_t coalesced = 0;  // token events that share their stamp with the one before
  bool streamed = true;
  bool connection_reused = false;
  StampSource source = StampSource::none;
  std::vector<double> events_ms;  // token events, milliseconds since ready
};

// `completion_tokens` decides tpot; absent or below 2: tpot is undefined.
[[nodiscard]] Timing derive_timing(const Stamps& stamps,
                                   std::optional<std::int64_t> completion_tokens);

}  // namespace faceoff::chat
