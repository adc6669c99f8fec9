#include "sha256.h"

#include <faceoff/base/file_digest.h>
#include <faceoff/base/files.h>

#include <cerrno>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20U;

tl::unexpected<Error> unreadable(const std::filesystem::path& path, std::string_view why) {
  return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), why));
}

}  // namespace

Result<std::string> sha256_hex_of_file(const std::filesystem::path& path,
                                       const std::function<bool()>& stopped) {
  // O_NONBLOCK: opening a FIFO must not hang.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
    return unreadable(path, errno_text(errno));
  }
  if (!S_ISREG(info.st_mode)) {
    return unreadable(path, "no regular file");
  }
  Sha256 digest;
  std::vector<char> piece(kPiece);
  std::uint64_t left = static_cast<std::uint64_t>(info.st_size);
  while (true) {
    if (stopped && stopped()) {
      return fail(ErrorKind::cancelled, fmt::format("{}: stopped while reading", path.string()));
    }
    const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return unreadable(path, errno_text(errno));
    }
    const auto size = static_cast<std::uint64_t>(n);
    if (size > left || (size == 0 && left > 0)) {
      return unreadable(path, "changed while it was read");
    }
    if (size == 0) {
      return digest.hex();
    }
    left -= size;
    digest.add(std::string_view(piece.data(), static_cast<std::size_t>(size)));
  }
}

}  // namespace faceoff
