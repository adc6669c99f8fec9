#include <faceoff/base/files.h>
#include <faceoff/base/text.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace faceoff {
namespace {

constexpr std::size_t kReadChunk = 256UL * 1024;

Status require_regular(int fd, std::string_view name, std::uint64_t max_bytes) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return fail(ErrorKind::io, fmt::format("{}: {}", name, errno_text(errno)));
  }
  if (S_ISDIR(info.st_mode)) {
    return fail(ErrorKind::io, fmt::format("{}: is a directory, not a file", name));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorKind::io, fmt::format("{}: is not a regular file", name));
  }
  if (static_cast<std::uint64_t>(info.st_size) > max_bytes) {
    return fail(
        ErrorKind::io,
        fmt::format("{}: has {} bytes, more than the limit of {}", name, info.st_size, max_bytes));
  }
  return {};
}

Result<std::string> read_all(int fd, std::string_view name, std::uint64_t max_bytes) {
  std::string content;
  std::vector<char> chunk(kReadChunk);
  while (true) {
    const ssize_t n = ::read(fd, chunk.data(), chunk.size());
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail(ErrorKind::io, fmt::format("{}: {}", name, errno_text(errno)));
    }
    if (n == 0) {
      return content;
    }
    content.append(chunk.data(), static_cast<std::size_t>(n));
    if (content.size() > max_bytes) {
      return fail(ErrorKind::io,
                  fmt::format("{}: grew past the limit of {} bytes", name, max_bytes));
    }
  }
}

// Opens component by component without following links, for kernels before 5.6.
Result<UniqueFd> open_by_component(const std::filesystem::path& folder, std::string_view relative) {
  UniqueFd current(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!current.valid()) {
    return fail(ErrorKind::usage, fmt::format("{}: {}", folder.string(), errno_text(errno)));
  }
  const auto parts = split(relative, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part(parts[i]);
    if (part.empty() || part == ".") {
      continue;
    }
    const bool last = i + 1 == parts.size();
    const int flags = last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
    UniqueFd next(::openat(current.get(), part.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) {
      return fail(ErrorKind::usage, fmt::format("'{}': {}", relative, errno_text(errno)));
    }
    current = std::move(next);
  }
  return current;
}

// A device or a pipe cannot be replaced by a new file.
Status write_through(const std::filesystem::path& path, std::string_view content) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) {
    return fail(ErrorKind::io,
                fmt::format("{}: cannot write: {}", path.string(), errno_text(errno)));
  }
  FACEOFF_TRY(write_all(fd.get(), content, path.string()));
  if (::close(fd.release()) != 0) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  return {};
}

Status check_relative(std::string_view relative) {
  if (relative.empty() || relative.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::usage, "the name of the file is empty or holds a NUL");
  }
  if (relative.front() == '/' || relative.front() == '~') {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "'{}' leads out of the suite's folder; name a file beside the suite or below it",
            relative));
  }
  for (const auto part : split(relative, '/')) {
    if (part == "..") {
      return fail(
          ErrorKind::usage,
          fmt::format(
              "'{}' leads out of the suite's folder; name a file beside the suite or below it",
              relative));
    }
  }
  return {};
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int UniqueFd::release() noexcept {
  return std::exchange(fd_, -1);
}

void UniqueFd::reset() noexcept {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

std::string errno_text(int error) {
  return std::generic_category().message(error);
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  // O_NONBLOCK: opening a FIFO must not hang.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  FACEOFF_TRY(require_regular(fd.get(), path.string(), max_bytes));
  return read_all(fd.get(), path.string(), max_bytes);
}

Result<UniqueFd> open_beneath(const std::filesystem::path& folder, std::string_view relative) {
  FACEOFF_TRY(check_relative(relative));
  const std::filesystem::path base = folder.empty() ? "." : folder;
  const UniqueFd dir(::open(base.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!dir.valid()) {
    return fail(ErrorKind::usage, fmt::format("{}: {}", base.string(), errno_text(errno)));
  }
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const std::string name(relative);
  UniqueFd fd(static_cast<int>(::syscall(SYS_openat2, dir.get(), name.c_str(), &how, sizeof how)));
  if (!fd.valid() && (errno == ENOSYS || errno == EPERM)) {
    FACEOFF_TRY_ASSIGN(fd, open_by_component(base, relative));
  }
  if (!fd.valid()) {
    const std::string why = errno == EXDEV ? "leads out of the suite's folder" : errno_text(errno);
    return fail(ErrorKind::usage, fmt::format("'{}': {}", relative, why));
  }
  if (auto status = require_regular(fd.get(), relative, std::uint64_t{1} << 40U); !status) {
    return fail(ErrorKind::usage, std::move(status).error().message);
  }
  return fd;
}

Status write_all(int fd, std::string_view bytes, std::string_view what) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail(ErrorKind::io, fmt::format("{}: {}", what, errno_text(errno)));
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Status write_file_atomic(const std::filesystem::path& path,
                         std::string_view content,
                         unsigned mode) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
    return write_through(path, content);
  }
  std::error_code no_link;
  if (const auto target = std::filesystem::canonical(path, no_link);
      std::filesystem::is_symlink(path, no_link) && !target.empty()) {
    return write_file_atomic(target, content, mode);
  }
  static std::atomic<unsigned> serial{0};
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  // Not made from the name of the file, which may be as long as names can be.
  const std::filesystem::path temporary =
      folder / fmt::format(".faceoff-{}-{}", ::getpid(), serial.fetch_add(1));
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd.valid()) {
    return fail(ErrorKind::io,
                fmt::format("{}: cannot write: {}", path.string(), errno_text(errno)));
  }
  Status written = write_all(fd.get(), content, path.string());
  if (written && ::fsync(fd.get()) != 0) {
    written = fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  const int raw = fd.release();
  if (::close(raw) != 0 && written) {
    written = fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  // The name itself must survive a crash too; a folder that cannot be synced is no reason to fail.
  if (const UniqueFd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); dir.valid()) {
    ::fsync(dir.get());
  }
  return {};
}

}  // namespace faceoff
