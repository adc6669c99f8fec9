#pragma once

#include <faceoff/base/result.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace faceoff::net {

// One event of a text/event-stream (WHATWG HTML, 9.2 Server-sent events).
struct SseEvent {
  std::string_view event;  // "message" when the stream names none
  std::string_view data;   // lines joined by \n
  // The stream ended before the blank line that closes an event: `data` may be cut.
  bool at_end = false;
};

// Incremental parser: feed() takes bytes cut anywhere (also inside a CRLF, a BOM or a character)
// and calls back once for each complete event and each comment, in the order of the stream. Views
// are valid during the call only. `id` and `retry` are ignored: nothing here reconnects.
//
// Beyond the standard: a field called `error` (old llama-server writes `error: {...}` without
// framing) comes as an event of that name, after the data of its block if that has any.
//
// A line may have up to 1 MiB, the data of an event up to 4 MiB; more is an error of kind protocol
// and ends parsing.
class SseParser {
 public:
  using OnEvent = std::function<void(const SseEvent&)>;
  // Text after the colon, without one leading space.
  using OnComment = std::function<void(std::string_view)>;
  SseParser(OnEvent on_event, OnComment on_comment);

  [[nodiscard]] Status feed(std::string_view bytes);
  // The stream has ended: a last event without its blank line is still delivered when its last line
  // was complete (servers that end with `data: [DONE]\n`) or unfinished (`data: [DONE]`).
  [[nodiscard]] Status finish();

 private:
  // Leaves in `bytes` what follows a byte order mark at the start of the stream.
  void skip_bom(std::string_view& bytes);
  // The last piece of a line.
  [[nodiscard]] Status end_line(std::string_view piece);
  [[nodiscard]] Status take_line(std::string_view line);
  [[nodiscard]] Status append(std::string& block, std::string_view value, bool& has);
  void dispatch(bool at_end);
  [[nodiscard]] Status give_up(std::string_view what);

  OnEvent on_event_;
  OnComment on_comment_;
  std::string line_;  // an unfinished line
  std::string event_;
  std::string data_;
  std::string error_;
  std::size_t bom_seen_ = 0;  // bytes of a leading BOM matched so far
  bool at_start_ = true;
  bool after_cr_ = false;
  bool has_data_ = false;
  bool has_error_ = false;
  bool failed_ = false;
};

}  // namespace faceoff::net
