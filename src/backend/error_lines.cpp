#include "error_lines.h"

#include <faceoff/net/line_end.h>

#include <algorithm>

namespace faceoff::backend {

std::optional<std::size_t> ErrorLines::find_end(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (skipping_) {
      i = std::min(net::find_line_end(bytes, i), bytes.size());
      if (i == bytes.size()) {
        return std::nullopt;
      }
    }
    const char c = bytes[i];
    if (c == '\n' || c == '\r') {
      const bool found = matched_ == kField.size();
      matched_ = 0;
      skipping_ = false;
      if (found) {
        return i + 1;
      }
    } else if (matched_ == kField.size()) {
      if (line_.size() < kMaxLine) {
        line_ += c;
      }
    } else if (c == kField[matched_]) {
      ++matched_;
    } else {
      skipping_ = true;
      matched_ = 0;
    }
  }
  return std::nullopt;
}

}  // namespace faceoff::backend
