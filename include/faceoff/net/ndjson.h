#pragma once

#include <faceoff/base/result.h>

#include <functional>
#include <string>
#include <string_view>

namespace faceoff::net {

// Incremental reader of newline-delimited JSON (Ollama): calls back once for each non-empty line
// without its line end. A line may have up to 8 MiB.
class NdjsonParser {
 public:
  using OnLine = std::function<void(std::string_view)>;
  explicit NdjsonParser(OnLine on_line);

  [[nodiscard]] Status feed(std::string_view bytes);
  // Delivers a last line that has no line end.
  [[nodiscard]] Status finish();

 private:
  OnLine on_line_;
  std::string line_;
  bool failed_ = false;
};

}  // namespace faceoff::net
