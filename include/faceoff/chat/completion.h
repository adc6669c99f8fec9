#pragma once

#include <faceoff/base/clock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::chat {

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  // JSON text as the model wrote it
  friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

// Token counts as the server reported them; absent means not reported, never 0.
struct Usage {
  std::optional<std::int64_t> prompt_tokens;
  std::optional<std::int64_t> completion_tokens;
  std::optional<std::int64_t> cached_tokens;     // part of prompt_tokens
  std::optional<std::int64_t> reasoning_tokens;  // part of completion_tokens
  std::string source;  // usage, server_timing, or empty when nothing was reported
  friend bool operator==(const Usage&, const Usage&) = default;
};

// What the server says of its own time; columns of their own, never mixed with ours.
struct ServerTiming {
  std::optional<double> queue_ms;
  std::optional<double> load_ms;
  std::optional<double> prompt_ms;
  std::optional<std::int64_t> prompt_n;  // prompt tokens processed, cached ones excluded
  std::optional<double> predicted_ms;
  std::optional<std::int64_t> predicted_n;
  std::optional<double> processing_ms;           // openai-processing-ms
  std::optional<double> ttft_ms = std::nullopt;  // first token by the server's own clock
  std::optional<double> itl_ms = std::nullopt;   // mean time between its tokens
  friend bool operator==(const ServerTiming&, const ServerTiming&) = default;
};

// Why the model stopped. `none`: the stream ended without saying; such an answer is truncated.
enum class Finish : std::uint8_t { none, stop, length, tool_calls, content_filter, other };
[[nodiscard]] std::string_view to_string(Finish finish) noexcept;
[[nodiscard]] std::optional<Finish> parse_finish(std::string_view text) noexcept;

// What a model answered (choice 0).
struct Completion {
  std::string text;
  std::string reasoning;
  std::optional<std::string> refusal;
  std::vector<ToolCall> tool_calls;
  Finish finish = Finish::none;
  std::string finish_text;  // the server's own word
  std::string model;        // as the server resolved it
  std::string fingerprint;  // system_fingerprint or build
  Usage usage;
  ServerTiming server;
  // A stream is complete only when it said why it ended.
  [[nodiscard]] bool complete() const noexcept { return finish != Finish::none; }
};

// Classes of stream events. Only reasoning, content, tool and refusal are token events
// (docs/metrics.md).
enum class EventClass : std::uint8_t {
  role,
  reasoning,
  content,
  tool,
  refusal,
  usage,
  done,
  error,
  ping,
  empty
};
[[nodiscard]] std::string_view to_string(EventClass c) noexcept;
[[nodiscard]] constexpr bool is_token(EventClass c) noexcept {
  return c == EventClass::reasoning || c == EventClass::content || c == EventClass::tool ||
         c == EventClass::refusal;
}

// Where the time stamps of a trial come from, best first.
enum class StampSource : std::uint8_t { kernel, loop, callback, none };
[[nodiscard]] std::string_view to_string(StampSource source) noexcept;

struct StreamEvent {
  EventClass what = EventClass::empty;
  TimePoint at;
  std::uint32_t characters = 0;                        // code points of text that it brought
  std::optional<std::uint32_t> tokens = std::nullopt;  // where the server counts them by event
  StampSource source = StampSource::none;              // of `at`
  bool blank = false;                                  // content of white space only
  bool joined = false;                                 // stood in one frame with the event before
};

}  // namespace faceoff::chat
