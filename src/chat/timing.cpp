#include <faceoff/chat/timing.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faceoff::chat {
namespace {

constexpr double kBurstFrom = 0.9;  // of e2e

struct Letter {
  EventClass what;
  char letter;
};
constexpr std::array kLetters{Letter{EventClass::role, 'r'},
                              Letter{EventClass::reasoning, 't'},
                              Letter{EventClass::content, 'c'},
                              Letter{EventClass::tool, 'f'},
                              Letter{EventClass::refusal, 'x'},
                              Letter{EventClass::usage, 'u'},
                              Letter{EventClass::done, 'd'},
                              Letter{EventClass::error, '-'},
                              Letter{EventClass::ping, 'p'},
                              Letter{EventClass::empty, 'e'}};
constexpr char kBlank = 'w';
constexpr char kToLower = 'a' - 'A';

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

EventClass class_of(char lower) noexcept {
  for (const auto& row : kLetters) {
    if (row.letter == lower) {
      return row.what;
    }
  }
  return lower == kBlank ? EventClass::content : EventClass::empty;
}

bool is_output(EventClass c) noexcept {
  return is_token(c) && c != EventClass::reasoning;
}

struct Decode {
  std::optional<TimePoint> first;
  std::optional<TimePoint> first_output;
  std::optional<TimePoint> last;
  std::uint64_t characters = 0;
  std::uint64_t characters_after_first = 0;  // visible ones
};

void take_token(const StreamEvent& event, TimePoint ready, Decode& decode, Timing& timing) {
  ++timing.token_events;
  timing.kernel_stamps += event.source == StampSource::kernel ? 1U : 0U;
  timing.events_ms.push_back(to_ms(event.at - ready));
  if (event.tokens && timing.event_tokens.size() + 1 == timing.token_events) {
    timing.event_tokens.push_back(*event.tokens);
  }
  if (!decode.last) {
    decode.first = event.at;
  } else if (!event.joined) {
    const Duration gap = event.at - *decode.last;
    timing.max_gap = std::max(timing.max_gap.value_or(Duration{0}), gap);
    timing.coalesced += gap == Duration{0} ? 1U : 0U;
  }
  decode.characters += event.characters;
  if (is_output(event.what)) {
    if (decode.first_output) {
      decode.characters_after_first += event.characters;
    } else {
      decode.first_output = event.at;
    }
  }
  decode.last = event.at;
}

Decode walk_events(const Stamps& stamps, TimePoint ready, Timing& timing) {
  Decode decode;
  timing.events.reserve(stamps.events.size());
  timing.events_ms.reserve(stamps.events.size());
  for (const auto& event : stamps.events) {
    timing.events += event_letter(event);
    if (is_token(event.what)) {
      take_token(event, ready, decode, timing);
    } else {
      timing.other_ms.push_back(to_ms(event.at - ready));
    }
  }
  if (timing.event_tokens.size() != timing.token_events) {
    timing.event_tokens.clear();
  }
  return decode;
}

std::optional<double> burst_of(const Stamps& stamps, TimePoint ready, const Decode& decode) {
  if (*decode.last <= *decode.first || decode.characters == 0) {
    return std::nullopt;
  }
  const double from = kBurstFrom * to_ms(*decode.last - ready);
  std::uint64_t late = 0;
  for (const auto& event : stamps.events) {
    if (is_token(event.what) && to_ms(event.at - ready) >= from) {
      late += event.characters;
    }
  }
  return static_cast<double>(late) / static_cast<double>(decode.characters);
}

}  // namespace

char event_letter(const StreamEvent& event) noexcept {
  char letter = kBlank;
  if (event.what != EventClass::content || !event.blank) {
    letter = std::ranges::find(kLetters, event.what, &Letter::what)->letter;
  }
  const bool raise = event.joined && letter != '-';
  return raise ? static_cast<char>(letter - kToLower) : letter;
}

std::vector<EventMark> marks_of(const Timing& timing) {
  std::vector<EventMark> marks;
  if (timing.events.empty()) {
    for (const double ms : timing.events_ms) {
      marks.push_back({.what = EventClass::content, .ms = ms});
    }
    return marks;
  }
  marks.reserve(timing.events.size());
  auto token = timing.events_ms.begin();
  auto other = timing.other_ms.begin();
  for (const char c : timing.events) {
    const char lower = is_upper(c) ? static_cast<char>(c + kToLower) : c;
    EventMark mark{.what = class_of(lower), .blank = lower == kBlank, .joined = is_upper(c)};
    auto& from = is_token(mark.what) ? token : other;
    // A record that was cut or edited by hand may have fewer times than letters.
    if (from == (is_token(mark.what) ? timing.events_ms.end() : timing.other_ms.end())) {
      break;
    }
    mark.ms = *from++;
    marks.push_back(mark);
  }
  return marks;
}

std::vector<double> gaps_of(const Timing& timing) {
  std::vector<double> gaps;
  std::optional<double> last;
  for (const EventMark& mark : marks_of(timing)) {
    if (!is_token(mark.what)) {
      continue;
    }
    if (last && !mark.joined) {
      gaps.push_back(mark.ms - *last);
    }
    last = mark.ms;
  }
  return gaps;
}

std::vector<double> token_gaps_of(const Timing& timing) {
  std::vector<double> gaps;
  if (timing.event_tokens.size() != timing.events_ms.size()) {
    return gaps;
  }
  for (std::size_t i = 1; i < timing.events_ms.size(); ++i) {
    const std::uint32_t tokens = timing.event_tokens[i];
    const double each = (timing.events_ms[i] - timing.events_ms[i - 1]) / std::max(tokens, 1U);
    gaps.insert(gaps.end(), tokens, each);
  }
  return gaps;
}

Timing derive_timing(const Stamps& stamps, std::optional<std::int64_t> completion_tokens) {
  Timing timing;
  timing.streamed = stamps.streamed;
  timing.connection_reused = stamps.connection_reused;
  timing.connect = stamps.connect;
  timing.dns = stamps.dns;
  timing.tls = stamps.tls;
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
  timing.burst_index = burst_of(stamps, ready, decode);
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
