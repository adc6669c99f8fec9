#pragma once

// The file of a run's records while it is written. Private to store.

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/base/result.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace faceoff::store {

// Appends whole lines, several with one write(2) where they come together, and has the system
// bring them to the disk once a second, in a thread of its own: a busy disk takes tens of
// milliseconds, in which no answer could be stamped. Data that was written survives the end of the
// process without that; a power cut costs at most the last second. Not thread-safe.
class LogFile {
 public:
  // `file` is open for appending.
  LogFile(UniqueFd file, std::filesystem::path path);
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  // Writes what was added; close() tells how that went.
  ~LogFile();

  // Writes nothing yet. `line` has no newline.
  void add(std::string_view line);
  // Writes what was added. Error of kind io: the disk is full, or an earlier sync failed; the file
  // then ends with the last line that could be written whole, and the others are lost.
  [[nodiscard]] Status flush(TimePoint now);
  // Writes, syncs and closes; nothing can be added behind it.
  [[nodiscard]] Status close();

  // Cuts the file to so many bytes.
  [[nodiscard]] Status truncate(std::uint64_t bytes);
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  [[nodiscard]] Status write_out();
  [[nodiscard]] Error failure(int error) const;
  void take_back_half_line(std::uint64_t written_from);
  void ask_for_sync();
  void sync_when_asked(const std::stop_token& stop);

  UniqueFd file_;
  std::filesystem::path path_;
  std::string pending_;
  bool dirty_ = false;  // written and not handed to a sync
  TimePoint synced_at_{};
  std::atomic<int> sync_error_{0};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool wanted_ = false;  // guarded by mutex_
  std::jthread syncer_;  // last: joined before the rest goes
};

}  // namespace faceoff::store
