#include "manifest.h"
#include "record_file.h"

#include <faceoff/store/run_folder.h>

#include <cerrno>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

constexpr std::size_t kChunk = 256UL * 1024;

// Splits a growing buffer into lines and hands each to the record parser.
class Walker {
 public:
  Walker(std::string name, const std::function<void(Record&&)>& each)
      : name_(std::move(name)), each_(each) {}

  Status feed(std::string_view bytes) {
    buffer_ += bytes;
    std::size_t begin = 0;
    for (auto end = buffer_.find('\n'); end != std::string::npos; end = buffer_.find('\n', begin)) {
      FACEOFF_TRY(line(std::string_view(buffer_).substr(begin, end - begin)));
      begin = end + 1;
    }
    buffer_.erase(0, begin);
    return {};
  }

  Walk finish() {
    walk_.damaged_tail = bad_line_ != 0 || !buffer_.empty();
    return walk_;
  }

 private:
  Status line(std::string_view text) {
    ++number_;
    // A bad line is forgiven only when nothing follows it: a write that was cut off.
    if (bad_line_ != 0) {
      return fail(ErrorKind::io,
                  fmt::format("{}:{}: {}; the file was changed or damaged, restore it from a copy",
                              name_,
                              bad_line_,
                              bad_reason_));
    }
    auto record = from_line(text);
    if (!record) {
      bad_line_ = number_;
      bad_reason_ = std::move(record).error().message;
      return {};
    }
    ++walk_.records;
    walk_.sound_bytes += text.size() + 1;
    each_(*std::move(record));
    return {};
  }

  std::string name_;
  const std::function<void(Record&&)>& each_;
  std::string buffer_;
  std::uint64_t number_ = 0;
  std::uint64_t bad_line_ = 0;
  std::string bad_reason_;
  Walk walk_;
};

}  // namespace

Result<Walk> walk_records(const std::filesystem::path& folder,
                          const std::function<void(Record&&)>& each) {
  const auto path = folder / kRecordsName;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) {
      return Walk{};
    }
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  Walker walker(path.string(), each);
  std::string chunk(kChunk, '\0');
  while (true) {
    const ssize_t n = ::read(fd.get(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
    }
    if (n == 0) {
      return walker.finish();
    }
    FACEOFF_TRY(walker.feed(std::string_view(chunk).substr(0, static_cast<std::size_t>(n))));
  }
}

Result<Run> open_run(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(auto manifest, read_manifest(folder));
  return Run{.folder = folder, .manifest = std::move(manifest)};
}

Result<ReadResult> read_records(const std::filesystem::path& folder,
                                const std::function<void(Record&&)>& each) {
  FACEOFF_TRY_ASSIGN(const Walk walk, walk_records(folder, each));
  return ReadResult{.records = walk.records, .damaged_tail = walk.damaged_tail};
}

Result<std::vector<Record>> load_records(const std::filesystem::path& folder) {
  std::vector<Record> records;
  std::map<TrialKey, std::size_t> place;
  FACEOFF_TRY(walk_records(folder, [&](Record&& record) {
    const auto [it, is_new] = place.try_emplace(key_of(record), records.size());
    if (is_new) {
      records.push_back(std::move(record));
    } else {
      records[it->second] = std::move(record);
    }
  }));
  return records;
}

}  // namespace faceoff::store
