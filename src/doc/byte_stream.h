#pragma once

#include <faceoff/base/result.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace faceoff::doc {

// Buffered reading from a descriptor that the caller owns. A byte order mark at the start is
// dropped.
class ByteStream {
 public:
  ByteStream(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  // What has been read and not been consumed; valid until the next call of fill().
  [[nodiscard]] std::string_view view() const noexcept {
    return std::string_view(buffer_).substr(begin_);
  }
  // Reads more behind view(); sets ended() when there is none.
  [[nodiscard]] Status fill();
  void consume(std::size_t bytes) noexcept { begin_ += bytes; }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  [[nodiscard]] Status read_chunk();

  int fd_;
  std::string name_;
  std::string buffer_;
  std::size_t begin_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace faceoff::doc
