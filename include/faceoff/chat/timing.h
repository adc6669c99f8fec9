#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/chat/completion.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
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
  std::optional<Duration> dns;      // ... and its parts
  std::optional<Duration> tls;
  StampSource source = StampSource::none;
};

// What is derived from them; definitions in docs/metrics.md, further figures in metrics.h. Absent
// means undefined, never 0.
struct Timing {
  std::optional<Duration> connect;  // dns + tcp + tls, new connections only
  std::optional<Duration> dns;      // of it
  std::optional<Duration> tls;      // of it; absent without TLS
  std::optional<Duration> ttfb;     // header - ready
  std::optional<Duration> ttft;     // first token event of any class - ready
  std::optional<Duration> ttfo;     // first content, tool or refusal event - ready
  std::optional<Duration> e2e;      // last token event - ready; not streamed: end - ready
  std::optional<Duration> tpot;     // (last - first token event) / (completion tokens - 1)
  std::optional<Duration> max_gap;  // longest pause between token events
  std::optional<Duration> tail;     // end - last token event
  std::optional<double> characters_per_second;  // visible characters over the decode phase
  // Share of the text's characters that came in the last tenth of e2e; absent for one event.
  std::optional<double> burst_index;
  std::optional<Duration> eventual;   // success - start of the first attempt; only after retries
  std::optional<Duration> throttled;  // of it, waiting because the server said that it was too much
  std::uint32_t token_events = 0;
  std::uint32_t coalesced = 0;      // token events that share their stamp with the frame before
  std::uint32_t kernel_stamps = 0;  // token events stamped by the kernel
  bool streamed = true;
  bool connection_reused = false;
  StampSource source = StampSource::none;
  std::vector<double> events_ms;  // token events, milliseconds since ready

  // All events in order, a letter each (event_letter()), and the times of those without a token.
  // With events_ms they are the whole stream as it was recorded.
  std::string events;
  std::vector<double> other_ms;
  std::vector<std::uint32_t> event_tokens;  // of each token event; empty: the server does not say
};

// `completion_tokens` decides tpot; absent or below 2: tpot is undefined.
[[nodiscard]] Timing derive_timing(const Stamps& stamps,
                                   std::optional<std::int64_t> completion_tokens);

// r role, t reasoning, c content, w content of white space only, f tool, x refusal, u usage, d
// done,
// - error, p ping, e empty; upper case: in one frame with the event before.
[[nodiscard]] char event_letter(const StreamEvent& event) noexcept;

// One event of a recorded stream.
struct EventMark {
  EventClass what = EventClass::empty;
  double ms = 0.0;  // since ready
  bool blank = false;
  bool joined = false;
};
// The stream of Timing::events; of an older record only the token events, as content.
[[nodiscard]] std::vector<EventMark> marks_of(const Timing& timing);

// Pauses between token events of different frames, in milliseconds; coalesced ones are 0.
[[nodiscard]] std::vector<double> gaps_of(const Timing& timing);
// The same spread over the tokens of the later event, one value a token; empty when the server does
// not count tokens by event.
[[nodiscard]] std::vector<double> token_gaps_of(const Timing& timing);

}  // namespace faceoff::chat
