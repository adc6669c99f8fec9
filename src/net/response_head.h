#pragma once

#include <faceoff/net/transport.h>

#include <cstdint>
#include <string_view>

namespace faceoff::net {

// Collects the header lines that libcurl hands over one by one. libcurl passes the blocks of
// interim responses and the trailers of a chunked body the same way; neither gets into the result.
class ResponseHead {
 public:
  enum class Line : std::uint8_t {
    begins,    // the first line of a response
    more,      // a header
    interim,   // the end of a 1xx block
    complete,  // the end of the final block: headers() is whole
    conflict,  // the end of a final block with several different Content-Length values
    trailer    // after the final block
  };
  // `line` with its line end.
  Line add(std::string_view line);
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  // Moves the result out. REQUIRES: complete().
  [[nodiscard]] Headers take();
  void clear();

 private:
  void begin(std::string_view status_line);
  [[nodiscard]] Line end();
  [[nodiscard]] bool lengths_agree() const;

  Headers headers_;
  bool complete_ = false;
};

}  // namespace faceoff::net
