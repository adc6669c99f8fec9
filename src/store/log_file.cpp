#include "log_file.h"

#include <faceoff/base/log.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <unistd.h>

namespace faceoff::store {
namespace {

constexpr Duration kSyncInterval = std::chrono::seconds(1);

}  // namespace

LogFile::LogFile(UniqueFd file, std::filesystem::path path)
    : file_(std::move(file)), path_(std::move(path)) {}

LogFile::~LogFile() {
  if (file_.valid() && !write_out()) {
    log::error(fmt::format("{}: the last records could not be written", path_.string()));
  }
}

void LogFile::add(std::string_view line) {
  pending_ += line;
  pending_ += '\n';
}

Status LogFile::flush(TimePoint now) {
  FACEOFF_TRY(write_out());
  if (const int error = sync_error_.load(); error != 0) {
    return tl::make_unexpected(failure(error));
  }
  if (dirty_ && now - synced_at_ >= kSyncInterval) {
    synced_at_ = now;
    dirty_ = false;
    ask_for_sync();
  }
  return {};
}

Status LogFile::close() {
  Status done = write_out();
  if (syncer_.joinable()) {
    syncer_.request_stop();
    syncer_.join();
  }
  if (done && sync_error_.load() != 0) {
    done = tl::make_unexpected(failure(sync_error_.load()));
  }
  if (done && ::fdatasync(file_.get()) != 0) {
    done = tl::make_unexpected(failure(errno));
  }
  const int fd = file_.release();
  // A network file system reports here what it could not write.
  if (fd >= 0 && ::close(fd) != 0 && done) {
    done = tl::make_unexpected(failure(errno));
  }
  return done;
}

Status LogFile::truncate(std::uint64_t bytes) {
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0) {
    return tl::make_unexpected(failure(errno));
  }
  dirty_ = true;
  return {};
}

Status LogFile::write_out() {
  if (pending_.empty()) {
    return {};
  }
  const off_t before = ::lseek(file_.get(), 0, SEEK_END);
  Status written = write_all(file_.get(), pending_, path_.string());
  if (!written && before >= 0) {
    take_back_half_line(static_cast<std::uint64_t>(before));
  }
  pending_.clear();
  dirty_ = true;
  return written;
}

// Half a line must not stay in front of a later one.
void LogFile::take_back_half_line(std::uint64_t written_from) {
  const off_t end = ::lseek(file_.get(), 0, SEEK_END);
  const auto now = end < 0 ? written_from : static_cast<std::uint64_t>(end);
  const std::uint64_t written = now - std::min(now, written_from);
  const std::string_view part = std::string_view(pending_).substr(0, written);
  const std::size_t newline = part.rfind('\n');
  const std::uint64_t whole = newline == std::string_view::npos ? 0 : newline + 1;
  if (::ftruncate(file_.get(), static_cast<off_t>(written_from + whole)) != 0) {
    log::error(fmt::format("{}: cannot take back a half-written line", path_.string()));
  }
}

void LogFile::ask_for_sync() {
  if (!syncer_.joinable()) {
    try {
      syncer_ = std::jthread([this](const std::stop_token& stop) { sync_when_asked(stop); });
    } catch (const std::system_error&) {
      // No further thread is to be had.
      if (::fdatasync(file_.get()) != 0) {
        sync_error_ = errno;
      }
      return;
    }
  }
  {
    const std::scoped_lock lock(mutex_);
    wanted_ = true;
  }
  wake_.notify_one();
}

void LogFile::sync_when_asked(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return wanted_; })) {
    wanted_ = false;
    lock.unlock();
    if (::fdatasync(file_.get()) != 0) {
      sync_error_ = errno;
    }
    lock.lock();
  }
}

Error LogFile::failure(int error) const {
  return {ErrorKind::io, fmt::format("{}: {}", path_.string(), errno_text(error))};
}

}  // namespace faceoff::store
