#pragma once

#include "chat_request.h"

#include <faceoff/base/clock.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

// All that a dialect needs to write one answer down.
struct ChatFacts {
  std::uint64_t serial = 0;  // of the request; makes ids
  UtcTime utc;
  std::string model;
  Answer answer;
  std::int64_t prompt_tokens = 1;
  std::int64_t reasoning_tokens = 0;
  std::int64_t completion_tokens = 1;  // those of the reasoning included
  Duration first_token{};
  Duration per_token{};
  bool include_usage = false;
  bool clock = false;  // the text is one of clock_text()
};

// A text that is streamed piece by piece, each between `before` and `after`.
struct Segment {
  std::string text;
  std::string lead{};          // a frame of its own in front of the first piece
  std::string first_before{};  // instead of `before` for the first piece, when not empty
  std::string before;
  std::string after;
};

// The frames of a stream; empty ones are not sent.
struct Frames {
  std::string opening;         // brings no token
  bool opens_at_once = false;  // the opening does not wait for the first token
  std::vector<Segment> segments;
  std::string finish;
  std::string usage;
  std::string done;
};

// Why a request is refused. Each dialect has its own words for it.
enum class Cause : std::uint8_t {
  invalid_request,
  bad_json,
  empty_body,
  authentication,
  missing_key,
  unknown_model,
  context,
  content_filter,
  rate_limit,
  token_limit,
  quota,
  slow_down,
  server_error,
  overloaded,
  loading,
  not_found,
  echo_key,  // body and headers repeat the key they were sent, in several encodings
};
// The name by which scripts ask for it (`body_type`), and back.
[[nodiscard]] std::string_view to_string(Cause cause) noexcept;
[[nodiscard]] std::optional<Cause> parse_cause(std::string_view name) noexcept;
[[nodiscard]] std::vector<std::string_view> cause_names();

struct ErrorFacts {
  Cause cause = Cause::server_error;
  int status = 500;
  std::string message{};  // empty: the dialect's usual text
  std::string param{};
  std::string model{};
  std::int64_t prompt_tokens = 0;
  std::int64_t context = 0;
};
// The status that usually goes with it.
[[nodiscard]] int usual_status(Cause cause) noexcept;
[[nodiscard]] Cause usual_cause(int status) noexcept;
// OpenAI's text for it, with the facts filled in.
[[nodiscard]] std::string usual_message(const ErrorFacts& facts);
// OpenAI's `type` and `code`; an empty code is null.
struct ErrorWords {
  std::string_view type;
  std::string_view code;
};
[[nodiscard]] ErrorWords openai_words(Cause cause) noexcept;

// How one dialect writes. Implementations have no state.
class Wire {
 public:
  virtual ~Wire() = default;
  [[nodiscard]] virtual ChatShape shape() const noexcept = 0;
  [[nodiscard]] virtual std::string_view body_type() const noexcept = 0;
  [[nodiscard]] virtual std::string_view stream_type() const noexcept = 0;
  // Header lines that every answer of the dialect has, each with its CRLF.
  [[nodiscard]] virtual std::string headers(std::uint64_t serial, Duration processing) const = 0;
  [[nodiscard]] virtual std::string body(const ChatFacts& facts) const = 0;
  [[nodiscard]] virtual Frames frames(const ChatFacts& facts) const = 0;
  [[nodiscard]] virtual std::string error(const ErrorFacts& facts) const = 0;
  // An error in the middle of a stream.
  [[nodiscard]] virtual std::string error_frame(const ErrorFacts& facts) const = 0;
};

[[nodiscard]] const Wire& openai_wire();
[[nodiscard]] const Wire& llama_wire();
[[nodiscard]] const Wire& ollama_wire();         // /api/chat
[[nodiscard]] const Wire& ollama_openai_wire();  // Ollama's own /v1/chat/completions

// 32 hexadecimal digits that belong to the request.
[[nodiscard]] std::string hex_id(std::uint64_t serial);
[[nodiscard]] std::int64_t unix_seconds(UtcTime utc) noexcept;
[[nodiscard]] std::string_view openai_finish(chat::Finish finish) noexcept;

}  // namespace faceoff::simulate
