#include "byte_stream.h"

#include "source_text.h"

#include <faceoff/base/files.h>

#include <cerrno>

#include <fmt/format.h>

#include <unistd.h>

namespace faceoff::doc {
namespace {
constexpr std::size_t kChunk = 64UL * 1024;
}

Status ByteStream::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  FACEOFF_TRY(read_chunk());
  if (started_) {
    return {};
  }
  // The mark may arrive in pieces.
  while (!ended_ && buffer_.size() < kByteOrderMark.size()) {
    FACEOFF_TRY(read_chunk());
  }
  started_ = true;
  if (buffer_.starts_with(kByteOrderMark)) {
    buffer_.erase(0, kByteOrderMark.size());
  }
  return {};
}

Status ByteStream::read_chunk() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kChunk);
  ssize_t n = -1;
  do {
    n = ::read(fd_, buffer_.data() + before, kChunk);
  } while (n < 0 && errno == EINTR);
  const int error = errno;
  buffer_.resize(before + static_cast<std::size_t>(n > 0 ? n : 0));
  if (n < 0) {
    return fail(ErrorKind::io, fmt::format("{}: {}", name_, errno_text(error)));
  }
  ended_ = n == 0;
  return {};
}

}  // namespace faceoff::doc
