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
};

// Incremental parser: feed() takes bytes cut anywhere (also inside a CRLF, a BOM or a character)
// and calls back once for each complete event and each comment. Views are valid during the call
// only. A line may have up to 1 MiB, an event up to 4 MiB; more is an error of kind protocol and
// ends parsing.
class SseParser {
 public:
  using OnEvent = std::function<void(const SseEvent&)>;
  using OnComment = std::function<void(std::string_view)>;
  SseParser(OnEvent on_event, OnComment on_comment);

  [[nodiscard]] Status feed(std::string_view bytes);
  // The stream has ended: a last event without its blank line is still delivered when its last line
  // was complete (servers that end with `data: [DONE]\n`) or unfinished (`data: [DONE]`).
  [[nodiscard]] Status finish();

 private:
  [[nodiscard]] Status end_line();
  void dispatch();

  OnEvent on_event_;
  OnComment on_comment_;
  std::string line_;
  std::string event_;
  std::string data_;
  std::size_t bom_seen_ = 0;  // bytes of a leading BOM matched so far
  bool at_start_ = true;
  bool after_cr_ = false;
  bool has_data_ = false;
  bool failed_ = false;
};

}  // namespace faceoff::net
