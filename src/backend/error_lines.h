#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace faceoff::backend {

// llama-server before September 2025 wrote a line `error: {...}` into the stream, a field that
// text/event-stream does not know and its parsers skip.
class ErrorLines {
 public:
  // Bytes up to and with the end of the first such line, or nullopt. take() then has its text.
  [[nodiscard]] std::optional<std::size_t> find_end(std::string_view bytes);
  [[nodiscard]] std::string take() { return std::exchange(line_, {}); }

 private:
  static constexpr std::string_view kField = "error:";
  static constexpr std::size_t kMaxLine = 16UL * 1024;
  std::size_t matched_ = 0;
  bool skipping_ = false;
  std::string line_;
};

}  // namespace faceoff::backend
