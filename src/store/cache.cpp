#include "stored_answer.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/files.h>
#include <faceoff/base/log.h>
#include <faceoff/store/cache.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxAnswer = 256ULL * 1024 * 1024;

Status make_private(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(ErrorKind::io,
                fmt::format("{}: cannot make the folder: {}; choose another with --cache-dir",
                            folder.string(),
                            errno_text(errno)));
  }
  return {};
}

// As write_file_atomic(), but without a sync: what a crash leaves behind has no checksum.
Status replace_file(const fs::path& path, std::string_view content) {
  static std::atomic<unsigned> serial{0};
  const fs::path temporary =
      path.parent_path() / fmt::format(".{}.{}", ::getpid(), serial.fetch_add(1));
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  Status written = write_all(fd.get(), content, path.string());
  if (::close(fd.release()) != 0 && written) {
    written = fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  if (!written) {
    ::unlink(temporary.c_str());
  }
  return written;
}

class FolderCache final : public AnswerCache {
 public:
  explicit FolderCache(fs::path folder) : folder_(std::move(folder)) {}

  Result<std::optional<StoredAnswer>> find(const std::string& key) override {
    const fs::path path = path_of(key);
    std::error_code error;
    if (!fs::exists(path, error)) {
      return std::nullopt;
    }
    const auto text = read_file(path, kMaxAnswer);
    if (!text) {
      // Another process may just have removed it.
      log::debug(text.error().message);
      return std::nullopt;
    }
    auto record = from_line(*text);
    if (!record || record->digest != sha256_hex(key)) {
      log::warn(fmt::format("{}: {}; the cached answer is ignored",
                            path.string(),
                            record ? "belongs to another request" : record.error().message));
      return std::nullopt;
    }
    return answer_of(*std::move(record));
  }

  Status put(const std::string& key, const StoredAnswer& answer) override {
    if (full_ || answer.error || !answer.completion.complete()) {
      return {};
    }
    Record record = record_of(answer);
    record.digest = sha256_hex(key);
    const fs::path path = path_of(key);
    Status written = make_private(path.parent_path());
    if (written) {
      written = replace_file(path, to_line(record));
    }
    if (!written) {
      full_ = true;
      log::warn(fmt::format("{}; no more answers of this run go into the cache",
                            written.error().message));
    }
    return {};
  }

 private:
  // Keys are texts of any kind; names of files are not.
  [[nodiscard]] fs::path path_of(const std::string& key) const {
    const std::string name = sha256_hex(key);
    return folder_ / name.substr(0, 2) / name.substr(2);
  }

  fs::path folder_;
  bool full_ = false;
};

}  // namespace

Result<std::unique_ptr<AnswerCache>> open_answer_cache(const fs::path& folder) {
  std::error_code error;
  if (folder.has_parent_path() && !fs::exists(folder.parent_path(), error)) {
    fs::create_directories(folder.parent_path(), error);
  }
  FACEOFF_TRY(make_private(folder));
  return std::make_unique<FolderCache>(folder);
}

}  // namespace faceoff::store
