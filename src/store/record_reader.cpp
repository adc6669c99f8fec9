#include "manifest.h"
#include "record_file.h"

#include <faceoff/store/record_reader.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace faceoff::store {

Result<std::string> read_line_at(int file, const Place& place, const std::string& name) {
  std::string line(place.length, '\0');
  std::size_t have = 0;
  while (have < line.size()) {
    const ssize_t n = ::pread(
        file, line.data() + have, line.size() - have, static_cast<off_t>(place.offset + have));
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return fail(ErrorKind::io,
                  fmt::format("{}: {}", name, n < 0 ? errno_text(errno) : "became shorter"));
    }
    have += static_cast<std::size_t>(n);
  }
  return line;
}

RecordReader::RecordReader(std::filesystem::path path, std::string run, UniqueFd file)
    : path_(std::move(path)), run_(std::move(run)), file_(std::move(file)) {}

Result<RecordReader> RecordReader::open(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(const Manifest manifest, read_manifest(folder));
  auto path = folder / kRecordsName;
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid() && errno != ENOENT) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  return RecordReader(std::move(path), short_id(manifest), std::move(file));
}

Result<ReadResult> RecordReader::walk(
    const std::function<void(Record&&, const Place&)>& each) const {
  FACEOFF_TRY_ASSIGN(const Walk walk, walk_records(path_, run_, each));
  return ReadResult{.records = walk.records, .damaged_tail = walk.damaged_tail};
}

Result<Record> RecordReader::at(const Place& place) const {
  FACEOFF_TRY_ASSIGN(const std::string line, read_line_at(file_.get(), place, path_.string()));
  auto record = from_line(line);
  if (!record) {
    return fail(ErrorKind::io, fmt::format("{}: was changed while it was read", path_.string()));
  }
  return record;
}

}  // namespace faceoff::store
