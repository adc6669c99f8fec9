#include <faceoff/chat/timing.h>

#include <algorithm>

namespace faceoff::chat {
namespace {

bool is_output(EventClass c) noexcept {
  return is_token(c) && c != EventClass::reasoning;
}

struct Decode {
  std::optional<TimePoint> first;
  std::optional<TimePoint> first_output;
  std::optional<TimePoint> last;
  std::uint64_t characters_after_first = 0;  // visible ones
};

Decode walk_events(const Stamps& stamps, TimePoint ready, Timing& timing) {
  Decode decode;
  for (const auto& event : stamps.events) {
    if (!is_token(event.what)) {
      continue;
    }
    ++timing.token_events;
    timing.events_ms.push_back(to_ms(event.at - ready));
    if (decode.last) {
      const Duration gap = event.at - *decode.last;
      timing.max_gap = std::max(timing.max_gap.value_or(Duration{0}), gap);
      timing.coalesced += gap == Duration{0} ? 1U : 0U;
    } else {
      decode.first = event.at;
    }
    if (is_output(event.what)) {
      if (decode.first_output) {
        decode.characters_after_first += event.characters;
      } else {
        decode.first_output = event.at;
      }
    }
    decode.last = event.at;
  }
  return decode;
}

}  // namespace

Timing derive_timing(const Stamps& stamps, std::optional<std::int64_t> completion_tokens) {
  Timing timing;
  timing.streamed = stamps.streamed;
  timing.connection_reused = stamps.connection_reused;
  timing.connect = stamps.connect;
  timing.source = stamps.source;
  if (!stamps.ready) {
    return timing;
  }
  const TimePoint ready = *stamps.ready;
  if (stamps.header) {
    timing.ttfb = *stamps.header - ready;
  }
  if (!stamps.streamed) {
    if (stamps.end) {
      timing.e2e = *stamps.end - ready;
    }
    return timing;
  }
  const Decode decode = walk_events(stamps, ready, timing);
  if (!decode.first) {
    return timing;
  }
  timing.ttft = *decode.first - ready;
  timing.e2e = *decode.last - ready;
  if (decode.first_output) {
    timing.ttfo = *decode.first_output - ready;
    const Duration visible = *decode.last - *decode.first_output;
    if (visible > Duration{0} && decode.characters_after_first > 0) {
      timing.characters_per_second =
          static_cast<double>(decode.characters_after_first) / to_seconds(visible);
    }
  }
  if (stamps.end) {
    timing.tail = *stamps.end - *decode.last;
  }
  // All tokens in one event: the rate is unknown, not infinite.
  if (completion_tokens.value_or(0) >= 2 && *decode.last > *decode.first) {
    timing.tpot = (*decode.last - *decode.first) / (*completion_tokens - 1);
  }
  return timing;
}

}  // namespace faceoff::chat
