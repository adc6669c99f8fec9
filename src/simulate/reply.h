#pragma once

#include <faceoff/base/clock.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

// Bytes that leave `at` after the reply began; a reply begins when its request was read or, with
// slots, when it got one.
struct Step {
  Duration at{};
  std::string bytes;
  // Where in `bytes` readings of the clock are to be filled in (clock_text.h); npos: nowhere.
  std::size_t clock_at = std::string::npos;
  bool clock_first = false;  // two readings
};

// The steps of a reply in order of time, made when they are needed: an answer of megabytes costs no
// more memory than one piece of it.
class StepSource {
 public:
  virtual ~StepSource() = default;
  [[nodiscard]] virtual std::optional<Step> next() = 0;
};

// What becomes of the connection when all steps have left.
enum class End : std::uint8_t { keep_alive, close, reset, hold };

// A chat request, as the request log shows it.
struct ChatNote {
  std::uint64_t request = 0;  // chat requests are counted from 1
  std::string model;
  std::string prompt_digest;  // SHA-256 of the last user message
  std::string case_id;        // of the script's suite, or empty
  std::string_view fault;     // its name; empty: none struck
  bool answers = false;       // whether what follows is the whole of an answer
};

struct Reply {
  std::unique_ptr<StepSource> steps;
  End end = End::keep_alive;
  bool takes_slot = false;
  std::optional<Duration> outage{};  // instead of an answer the server goes away for so long
  std::optional<ChatNote> note{};    // of a chat request, when a log is kept
};

[[nodiscard]] std::unique_ptr<StepSource> fixed_steps(std::vector<Step> steps);
// A 64 KiB block over and over behind `head`, as fast as the client reads.
[[nodiscard]] std::unique_ptr<StepSource> endless_steps(std::string head);

// One whole answer that leaves `at`.
[[nodiscard]] Reply single_reply(std::string bytes, End end, Duration at = Duration::zero());

[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

// The head of an answer with everything but its length and Connection headers.
struct HeadFacts {
  int status = 200;
  std::string_view content_type;
  std::string_view extra;  // whole header lines, each with its CRLF
};
// Status line, headers and body with its Content-Length.
[[nodiscard]] std::string whole_answer(const HeadFacts& facts, std::string_view body, End end);
// The head of a body of unknown length: chunked, or, for HTTP/1.0, ended by the connection.
[[nodiscard]] std::string stream_head(const HeadFacts& facts, bool chunked, End end);
// `bytes` as one chunk. REQUIRES: not empty (that would end the body).
[[nodiscard]] std::string as_chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace faceoff::simulate
