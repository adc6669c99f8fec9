#include "manifest.h"
#include "record_file.h"

#include <faceoff/base/log.h>
#include <faceoff/base/units.h>
#include <faceoff/store/run_folder.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

// Data survives a kill of the process without a sync; a power cut costs at most this much.
constexpr Duration kSyncInterval = std::chrono::seconds(1);

Error io_error(const std::filesystem::path& path, int error) {
  return {ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(error))};
}

// Takes the lock of a run folder and writes our pid into it.
Result<UniqueFd> lock(const std::filesystem::path& folder) {
  const auto path = folder / kLockName;
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) {
    return tl::make_unexpected(io_error(path, errno));
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    std::string pid(32, '\0');
    const ssize_t n = ::read(fd.get(), pid.data(), pid.size());
    pid.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return fail(
        ErrorKind::io,
        fmt::format(
            "{}: the run is in use by process {}; wait for it or choose another folder with -o",
            folder.string(),
            pid.empty() ? "unknown" : pid));
  }
  if (::ftruncate(fd.get(), 0) == 0) {
    FACEOFF_TRY(write_all(fd.get(), std::to_string(::getpid()), path.string()));
  }
  return fd;
}

class Writer final : public RunWriter {
 public:
  Writer(std::filesystem::path folder, Manifest manifest, UniqueFd lock, UniqueFd records)
      : folder_(std::move(folder)),
        manifest_(std::move(manifest)),
        lock_(std::move(lock)),
        records_(std::move(records)) {}

  [[nodiscard]] const std::filesystem::path& folder() const noexcept override { return folder_; }
  [[nodiscard]] const Manifest& manifest() const noexcept override { return manifest_; }
  [[nodiscard]] const std::set<TrialKey>& done() const noexcept override { return done_; }

  Status append(const Record& record, TimePoint now) override {
    std::string line = to_line(record);
    line += '\n';
    const off_t before = ::lseek(records_.get(), 0, SEEK_END);
    if (auto status = write_all(records_.get(), line, (folder_ / kRecordsName).string()); !status) {
      // Half a line must not stay in front of a later one.
      if (before >= 0 && ::ftruncate(records_.get(), before) != 0) {
        log::error("records.jsonl: cannot take back a half-written line");
      }
      return status;
    }
    dirty_ = true;
    if (now - synced_at_ >= kSyncInterval) {
      synced_at_ = now;
      return sync();
    }
    return {};
  }

  Status update(const Manifest& manifest) override {
    manifest_ = manifest;
    return write_file_atomic(folder_ / kManifestName, manifest_text(manifest_));
  }

  Status sync() override {
    if (dirty_ && ::fdatasync(records_.get()) != 0) {
      return tl::make_unexpected(io_error(folder_ / kRecordsName, errno));
    }
    dirty_ = false;
    return {};
  }

  void remember(const Record& record) {
    if (record.outcome == score::Outcome::failed) {
      done_.erase(key_of(record));
    } else {
      done_.insert(key_of(record));
    }
  }

 private:
  std::filesystem::path folder_;
  Manifest manifest_;
  UniqueFd lock_;
  UniqueFd records_;
  std::set<TrialKey> done_;
  TimePoint synced_at_{};
  bool dirty_ = false;
};

Result<UniqueFd> open_records(const std::filesystem::path& folder, int extra_flags) {
  const auto path = folder / kRecordsName;
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | extra_flags, 0600));
  if (!fd.valid()) {
    return tl::make_unexpected(io_error(path, errno));
  }
  return fd;
}

// Cuts a half-written last line off, after keeping what was there.
Status repair_tail(const std::filesystem::path& folder, const Walk& walk) {
  if (!walk.damaged_tail) {
    return {};
  }
  const auto path = folder / kRecordsName;
  FACEOFF_TRY_ASSIGN(const std::string all, read_file(path, std::uint64_t{1} << 40U));
  FACEOFF_TRY(write_file_atomic(folder / "records.damaged-tail",
                                std::string_view(all).substr(walk.sound_bytes)));
  if (::truncate(path.c_str(), static_cast<off_t>(walk.sound_bytes)) != 0) {
    return tl::make_unexpected(io_error(path, errno));
  }
  log::warn(fmt::format(
      "{}: the last line was cut off and has been removed (kept in records.damaged-tail)",
      path.string()));
  return {};
}

}  // namespace

Result<std::unique_ptr<RunWriter>> RunWriter::create(const std::filesystem::path& folder,
                                                     const Manifest& manifest) {
  std::error_code error;
  if (folder.has_parent_path()) {
    std::filesystem::create_directories(folder.parent_path(), error);
    if (error) {
      return fail(
          ErrorKind::io,
          fmt::format(
              "{}: cannot make the folder: {}", folder.parent_path().string(), error.message()));
    }
  }
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(ErrorKind::io,
                fmt::format("{}: cannot make the folder: {}; choose another with -o",
                            folder.string(),
                            errno_text(errno)));
  }
  FACEOFF_TRY_ASSIGN(UniqueFd lock_fd, lock(folder));
  if (std::filesystem::exists(folder / kManifestName, error)) {
    return fail(
        ErrorKind::io,
        fmt::format(
            "{}: already holds a run; continue it with --resume or choose another folder with -o",
            folder.string()));
  }
  FACEOFF_TRY_ASSIGN(UniqueFd records, open_records(folder, O_CREAT | O_EXCL));
  auto writer = std::make_unique<Writer>(folder, manifest, std::move(lock_fd), std::move(records));
  FACEOFF_TRY(writer->update(manifest));
  return writer;
}

Result<std::unique_ptr<RunWriter>> RunWriter::resume(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(auto manifest, read_manifest(folder));
  FACEOFF_TRY_ASSIGN(UniqueFd lock_fd, lock(folder));

  FACEOFF_TRY_ASSIGN(UniqueFd records, open_records(folder, O_CREAT));
  auto writer =
      std::make_unique<Writer>(folder, std::move(manifest), std::move(lock_fd), std::move(records));
  FACEOFF_TRY_ASSIGN(const Walk walk,
                     walk_records(folder, [&](Record&& record) { writer->remember(record); }));
  FACEOFF_TRY(repair_tail(folder, walk));
  return writer;
}

}  // namespace faceoff::store
