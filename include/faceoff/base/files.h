#pragma once

#include <faceoff/base/result.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace faceoff {

// An open file descriptor, closed when it goes.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int release() noexcept;
  void reset() noexcept;

 private:
  int fd_ = -1;
};

inline constexpr std::uint64_t kMaxDocumentBytes = 64ULL * 1024 * 1024;

// The whole of a regular file. FIFOs, devices and files larger than `max_bytes` are refused before
// anything is read. Errors are of kind io and name the path.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::uint64_t max_bytes = kMaxDocumentBytes);

// Opens a regular file named by `relative` for reading, inside `folder` only: no "..", no absolute
// path, no symbolic link that leads out (openat2 RESOLVE_BENEATH, or component by component).
// Errors are of kind usage: the name comes from a suite.
[[nodiscard]] Result<UniqueFd> open_beneath(const std::filesystem::path& folder,
                                            std::string_view relative);

// Writes a new file beside `path`, syncs it and renames it over `path`, so that a reader sees the
// old or the new content and never half of it. Mode 0600 unless `mode` says otherwise. A link is
// followed; what is no regular file (/dev/stdout, a FIFO) is written to as it is.
[[nodiscard]] Status write_file_atomic(const std::filesystem::path& path,
                                       std::string_view content,
                                       unsigned mode = 0600);

// Writes all of `bytes`; retries on EINTR and partial writes.
[[nodiscard]] Status write_all(int fd, std::string_view bytes, std::string_view what);

// "No such file or directory" for ENOENT and so on; thread-safe.
[[nodiscard]] std::string errno_text(int error);

}  // namespace faceoff
