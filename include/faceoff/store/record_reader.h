#pragma once

#include <faceoff/base/files.h>
#include <faceoff/base/result.h>
#include <faceoff/store/record.h>
#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace faceoff::store {

// Where a record stands in its file; `length` without the newline.
struct Place {
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
};

// The records of a run, for reading some of them again: walk() once, keep the places, ask at().
// Holds the file open, so that what was walked stays readable. Not thread-safe.
class RecordReader {
 public:
  // Error of kind io: no manifest, or the file cannot be opened. A run without records is empty.
  [[nodiscard]] static Result<RecordReader> open(const std::filesystem::path& folder);

  // As read_records(), with the place of each.
  [[nodiscard]] Result<ReadResult> walk(
      const std::function<void(Record&&, const Place&)>& each) const;
  // Error of kind io: the file was changed in between.
  [[nodiscard]] Result<Record> at(const Place& place) const;

 private:
  RecordReader(std::filesystem::path path, std::string run, UniqueFd file);

  std::filesystem::path path_;
  std::string run_;
  UniqueFd file_;
};

}  // namespace faceoff::store
