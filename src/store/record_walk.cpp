#include "record_file.h"

#include <faceoff/base/files.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

constexpr std::size_t kChunk = 256UL * 1024;
// Far above what the greatest answer takes; a file without line ends must not fill the memory.
constexpr std::size_t kMaxLine = 512UL * 1024 * 1024;

// Splits a growing buffer into lines and hands each to the record parser.
class Walker {
 public:
  Walker(std::string name,
         std::string_view run,
         const std::function<void(Record&&, const Place&)>& each,
         Kinds kinds)
      : name_(std::move(name)), run_(run), each_(each), kinds_(kinds) {}

  Status feed(std::string_view bytes) {
    buffer_ += bytes;
    std::size_t begin = 0;
    std::vector<std::string_view> lines;
    for (auto end = buffer_.find('\n', searched_); end != std::string::npos;
         end = buffer_.find('\n', begin)) {
      lines.push_back(std::string_view(buffer_).substr(begin, end - begin));
      begin = end + 1;
    }
    auto records = parse(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      FACEOFF_TRY(line(lines[i], std::move(records[i]), 1));
    }
    buffer_.erase(0, begin);
    searched_ = buffer_.size();
    if (buffer_.size() > kMaxLine) {
      return broken(number_ + 1, "the line is longer than any record");
    }
    return {};
  }

  Result<Walk> finish() {
    if (!buffer_.empty()) {
      // A kill between the last byte of a record and its newline costs nothing.
      FACEOFF_TRY(line(buffer_, from_line(buffer_), 0));
      walk_.lacks_newline = bad_line_ == 0;
    }
    walk_.damaged_tail = bad_line_ != 0;
    return walk_;
  }

 private:
  // Parsing takes nearly all the time of reading a run, and lines know nothing of each other.
  static std::vector<Result<Record>> parse(const std::vector<std::string_view>& lines) {
    constexpr std::size_t kWorthAThread = 64;
    constexpr std::size_t kMostThreads = 4;
    std::vector<Result<Record>> records(lines.size());
    const auto parse_every = [&](std::size_t first, std::size_t step) {
      for (std::size_t i = first; i < lines.size(); i += step) {
        records[i] = from_line(lines[i]);
      }
    };
    const std::size_t threads = std::clamp<std::size_t>(
        std::min<std::size_t>(lines.size() / kWorthAThread, std::thread::hardware_concurrency()),
        1,
        kMostThreads);
    std::vector<std::jthread> others;
    std::size_t started = 1;
    try {
      for (; started < threads; ++started) {
        others.emplace_back(parse_every, started, threads);
      }
    } catch (const std::system_error&) {
      // No further thread is to be had: this one does the rest.
    }
    parse_every(0, threads);
    for (; started < threads; ++started) {
      parse_every(started, threads);
    }
    others.clear();
    return records;
  }

  Status line(std::string_view text, Result<Record> record, std::uint64_t newline) {
    ++number_;
    // A bad line is forgiven only when nothing follows it: a write that was cut off.
    if (bad_line_ != 0) {
      return broken(bad_line_, bad_reason_);
    }
    if (!record && record.error().kind == ErrorKind::protocol) {
      bad_line_ = number_;
      bad_reason_ = std::move(record).error().message;
      return {};
    }
    if (!record) {
      return fail(ErrorKind::io,
                  fmt::format("{}:{}: {}; use the version of faceoff that wrote it",
                              name_,
                              number_,
                              record.error().message));
    }
    if (!run_.empty() && !record->run.empty() && record->run != run_) {
      return fail(ErrorKind::io,
                  fmt::format("{}:{}: the record belongs to run {}, this is run {}; the file was "
                              "joined from several, restore it from a copy",
                              name_,
                              number_,
                              record->run,
                              run_));
    }
    const Place place{.offset = walk_.sound_bytes,
                      .length = static_cast<std::uint32_t>(text.size())};
    ++walk_.records;
    walk_.sound_bytes += text.size() + newline;
    if (!record->asked_for || kinds_ == Kinds::trials_and_questions) {
      each_(*std::move(record), place);
    }
    return {};
  }

  [[nodiscard]] tl::unexpected<Error> broken(std::uint64_t number, std::string_view why) const {
    return fail(ErrorKind::io,
                fmt::format("{}:{}: {}; the file was changed or damaged, restore it from a copy",
                            name_,
                            number,
                            why));
  }

  std::string name_;
  std::string_view run_;
  const std::function<void(Record&&, const Place&)>& each_;
  Kinds kinds_;
  std::string buffer_;
  std::size_t searched_ = 0;  // of the buffer, without a line end
  std::uint64_t number_ = 0;
  std::uint64_t bad_line_ = 0;
  std::string bad_reason_;
  Walk walk_;
};

}  // namespace

Result<Walk> walk_records(const std::filesystem::path& path,
                          std::string_view run,
                          const std::function<void(Record&&, const Place&)>& each,
                          Kinds kinds) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) {
      return Walk{};
    }
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  Walker walker(path.string(), run, each, kinds);
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

Result<Record> read_record_at(int fd, std::string_view name, const Place& place) {
  FACEOFF_TRY_ASSIGN(const std::string line, read_line_at(fd, place, std::string(name)));
  auto record = from_line(line);
  if (!record) {
    return fail(ErrorKind::io, fmt::format("{}: was changed while it was read", name));
  }
  return record;
}

}  // namespace faceoff::store
