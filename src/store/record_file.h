#pragma once

// Walks records.jsonl line by line. Private to store.

#include <faceoff/base/result.h>
#include <faceoff/store/record.h>

#include <cstdint>
#include <filesystem>
#include <functional>

namespace faceoff::store {

struct Walk {
  std::uint64_t records = 0;
  std::uint64_t sound_bytes = 0;  // length of the file up to the end of the last sound line
  bool damaged_tail = false;      // bytes behind sound_bytes that are no whole record
};
// A damaged line that is not the last is an error of kind io that names file and line. A file that
// does not exist is empty.
[[nodiscard]] Result<Walk> walk_records(const std::filesystem::path& folder,
                                        const std::function<void(Record&&)>& each);

}  // namespace faceoff::store
