#pragma once

// Walks records.jsonl line by line. Private to store.

#include <faceoff/base/result.h>
#include <faceoff/store/record.h>
#include <faceoff/store/record_reader.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace faceoff::store {

struct Walk {
  std::uint64_t records = 0;
  std::uint64_t sound_bytes = 0;  // length of the file up to the end of the last whole record
  bool damaged_tail = false;      // bytes behind sound_bytes that are no whole record
  bool lacks_newline = false;     // the last record is whole, but for its newline
};
// A damaged line that is not the last, a record of another run than `run` (its short id; empty: not
// looked at) and a whole record that cannot be read are errors of kind io that name file and line.
// A file that does not exist is empty.
// Questions of scorers are counted, and handed out only where they are asked for.
enum class Kinds : std::uint8_t { trials, trials_and_questions };
[[nodiscard]] Result<Walk> walk_records(const std::filesystem::path& path,
                                        std::string_view run,
                                        const std::function<void(Record&&, const Place&)>& each,
                                        Kinds kinds = Kinds::trials);

// The record at `place` of an open file; `name` is what messages call it. Error of kind io: it
// cannot be read, or is no record any more.
[[nodiscard]] Result<Record> read_record_at(int fd, std::string_view name, const Place& place);

// The bytes at `place`; `name` is what errors call the file.
[[nodiscard]] Result<std::string> read_line_at(int file,
                                               const Place& place,
                                               const std::string& name);

}  // namespace faceoff::store
