#include "record_file.h"

#include <faceoff/base/files.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
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

// Neighbouring lines and what they say, read by several threads: parsing takes most of the time of
// reading a run, and lines know nothing of each other.
class Batch {
 public:
  // `text` ends with a newline, or is empty.
  explicit Batch(std::string text) : text_(std::move(text)) {
    std::size_t begin = 0;
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n', begin)) {
      lines_.push_back(std::string_view(text_).substr(begin, end - begin));
      begin = end + 1;
    }
    records_.resize(lines_.size());
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  // Has other threads begin; the caller may do something else meanwhile.
  void start() {
    constexpr std::size_t kWorthAThread = 64;
    constexpr std::size_t kMostThreads = 4;
    const std::size_t threads = std::min({lines_.size() / kWorthAThread,
                                          std::size_t{std::thread::hardware_concurrency()},
                                          kMostThreads});
    try {
      for (std::size_t i = 1; i < threads; ++i) {
        helpers_.emplace_back([this] { parse_some(); });
      }
    } catch (const std::system_error&) {
      // No further thread is to be had: finish() does the rest.
    }
  }
  // Helps to parse what is left.
  void finish() {
    parse_some();
    helpers_.clear();
  }

  [[nodiscard]] std::size_t size() const noexcept { return lines_.size(); }
  [[nodiscard]] std::string_view line(std::size_t i) const { return lines_[i]; }
  // REQUIRES: finish() has been called.
  [[nodiscard]] Result<Record> take(std::size_t i) { return std::move(records_[i]); }

 private:
  void parse_some() {
    constexpr std::size_t kAtATime = 16;
    for (auto begin = next_.fetch_add(kAtATime); begin < lines_.size();
         begin = next_.fetch_add(kAtATime)) {
      for (std::size_t i = begin; i < std::min(begin + kAtATime, lines_.size()); ++i) {
        records_[i] = from_line(lines_[i]);
      }
    }
  }

  std::string text_;
  std::vector<std::string_view> lines_;
  std::vector<Result<Record>> records_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> helpers_;  // last: joined before the rest goes
};

// Splits what comes into lines and hands the record of each to who asked for it.
class Walker {
 public:
  Walker(std::string name,
         std::string_view run,
         const std::function<void(Record&&, const Place&)>& each,
         Kinds kinds)
      : name_(std::move(name)), run_(run), each_(each), kinds_(kinds) {}

  Status feed(std::string_view bytes) {
    const std::size_t last = bytes.rfind('\n');
    if (last == std::string_view::npos) {
      tail_ += bytes;
      if (tail_.size() > kMaxLine) {
        FACEOFF_TRY(hand_on());
        return broken(number_ + 1, "the line is longer than any record");
      }
      return {};
    }
    tail_ += bytes.substr(0, last + 1);
    auto batch = std::make_unique<Batch>(std::exchange(tail_, std::string(bytes.substr(last + 1))));
    // While others parse these, what is parsed is handed on.
    batch->start();
    const Status handed = hand_on();
    batch->finish();
    parsed_ = std::move(batch);
    return handed;
  }

  Result<Walk> finish() {
    FACEOFF_TRY(hand_on());
    if (!tail_.empty()) {
      // A kill between the last byte of a record and its newline costs nothing.
      FACEOFF_TRY(line(tail_, from_line(tail_), 0));
      walk_.lacks_newline = bad_line_ == 0;
    }
    walk_.damaged_tail = bad_line_ != 0;
    return walk_;
  }

 private:
  Status hand_on() {
    if (const auto batch = std::move(parsed_)) {
      for (std::size_t i = 0; i < batch->size(); ++i) {
        FACEOFF_TRY(line(batch->line(i), batch->take(i), 1));
      }
    }
    return {};
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
  std::string tail_;               // behind the last newline
  std::unique_ptr<Batch> parsed_;  // and not handed on
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
