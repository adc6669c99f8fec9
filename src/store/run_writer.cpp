#include "log_file.h"
#include "manifest.h"
#include "record_file.h"
#include "trial_index.h"

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

constexpr std::size_t kCopyChunk = 256UL * 1024;
constexpr std::string_view kTailName = "records.damaged-tail";

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
        run_(short_id(manifest_)),
        lock_(std::move(lock)),
        records_(std::move(records), folder_ / kRecordsName) {}

  [[nodiscard]] const std::filesystem::path& folder() const noexcept override { return folder_; }
  [[nodiscard]] const Manifest& manifest() const noexcept override { return manifest_; }
  [[nodiscard]] bool is_done(const TrialKey& key) const override { return index_.is_done(key); }
  [[nodiscard]] bool has_failed(const TrialKey& key) const override {
    return index_.has_failed(key);
  }
  [[nodiscard]] bool awaits(const TrialKey& key) const override { return index_.awaits(key); }
  [[nodiscard]] Kept kept(std::string_view backend) const override { return index_.kept(backend); }

  void add(std::string_view line) override { records_.add(line); }
  Status flush(TimePoint now) override { return records_.flush(now); }
  Status append(const Record& record, TimePoint now) override {
    records_.add(to_line(record, run_));
    return records_.flush(now);
  }

  Status update(const Manifest& manifest) override {
    FACEOFF_TRY(write_file_atomic(folder_ / kManifestName, manifest_text(manifest)));
    manifest_ = manifest;
    return {};
  }

  Status close() override { return records_.close(); }

  // Brings the file to the end of its last whole record and takes over what was recorded.
  Status adopt(const Walk& walk, TrialIndex index);

 private:
  std::filesystem::path folder_;
  Manifest manifest_;
  std::string run_;
  UniqueFd lock_;
  LogFile records_;
  TrialIndex index_;
};

// Appends the bytes of `from` behind `offset` to `to`.
Status copy_tail(const std::filesystem::path& from,
                 std::uint64_t offset,
                 const std::filesystem::path& to) {
  const UniqueFd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!in.valid() || !out.valid()) {
    return tl::make_unexpected(io_error(in.valid() ? to : from, errno));
  }
  std::string chunk(kCopyChunk, '\0');
  while (true) {
    const ssize_t n = ::pread(in.get(), chunk.data(), chunk.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return tl::make_unexpected(io_error(from, errno));
    }
    if (n == 0) {
      return {};
    }
    const auto size = static_cast<std::size_t>(n);
    FACEOFF_TRY(write_all(out.get(), std::string_view(chunk).substr(0, size), to.string()));
    offset += size;
  }
}

Status Writer::adopt(const Walk& walk, TrialIndex index) {
  index_ = std::move(index);
  if (walk.lacks_newline) {
    records_.add({});
    return records_.flush(TimePoint{});
  }
  if (!walk.damaged_tail) {
    return {};
  }
  FACEOFF_TRY(copy_tail(records_.path(), walk.sound_bytes, folder_ / kTailName));
  FACEOFF_TRY(records_.truncate(walk.sound_bytes));
  log::warn(fmt::format("{}: the last line was cut off and has been removed (kept in {})",
                        records_.path().string(),
                        kTailName));
  return {};
}

Result<UniqueFd> open_records(const std::filesystem::path& folder, int extra_flags) {
  const auto path = folder / kRecordsName;
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | extra_flags, 0600));
  if (!fd.valid()) {
    return tl::make_unexpected(io_error(path, errno));
  }
  return fd;
}

// Makes the folders above a run, which others may read but never change.
Status make_parents(const std::filesystem::path& folder) {
  if (folder.empty() || folder == folder.root_path()) {
    return {};
  }
  struct stat info {};
  if (::stat(folder.c_str(), &info) == 0) {
    return {};
  }
  FACEOFF_TRY(make_parents(folder.parent_path()));
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    return fail(ErrorKind::io,
                fmt::format("{}: cannot make the folder: {}", folder.string(), errno_text(errno)));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<RunWriter>> RunWriter::create(const std::filesystem::path& folder,
                                                     const Manifest& manifest) {
  FACEOFF_TRY(make_parents(folder.parent_path()));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(ErrorKind::io,
                fmt::format("{}: cannot make the folder: {}; choose another with -o",
                            folder.string(),
                            errno_text(errno)));
  }
  FACEOFF_TRY_ASSIGN(UniqueFd lock_fd, lock(folder));
  std::error_code error;
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
  const std::string run = short_id(manifest);
  auto writer =
      std::make_unique<Writer>(folder, std::move(manifest), std::move(lock_fd), std::move(records));
  TrialIndex index;
  FACEOFF_TRY_ASSIGN(const Walk walk,
                     walk_records(folder / kRecordsName,
                                  run,
                                  [&index](Record&& record, const Place&) { index.add(record); }));
  index.seal();
  FACEOFF_TRY(writer->adopt(walk, std::move(index)));
  return writer;
}

}  // namespace faceoff::store
