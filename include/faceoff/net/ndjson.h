#pragma once

#include <faceoff/base/result.h>

#include <functional>
#include <string>
#include <string_view>

namespace faceoff::net {

// Incremental reader of newline-delimited JSON (Ollama): calls back once for each line that is not
// blank, without its line end (LF or CRLF), however the bytes are cut. Views are valid during the
// call only. A line may have up to 8 MiB; more is an error of kind protocol and ends parsing.
class NdjsonParser {
 public:
  using OnLine = std::function<void(std::string_view)>;
  explicit NdjsonParser(OnLine on_line);

  [[nodiscard]] Status feed(std::string_view bytes);
  // Delivers a last line that has no line end.
  [[nodiscard]] Status finish();

 private:
  void deliver(std::string_view line) const;
  [[nodiscard]] Status give_up(std::string_view what);

  OnLine on_line_;
  std::string line_;  // an unfinished line
  bool failed_ = false;
};

}  // namespace faceoff::net
