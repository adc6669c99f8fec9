#pragma once

#include <faceoff/base/result.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::doc {

// Bounds that hold for every document: depth 64, one million nodes (aliases expanded), one
// document a file, no tags, no merge keys, no duplicate keys, valid UTF-8.
inline constexpr int kMaxDepth = 64;
inline constexpr std::size_t kMaxNodes = 1'000'000;

// Parses a whole document (`source` without a byte order mark). On a mistake nothing is returned
// and `diagnostics` says where and why.
[[nodiscard]] std::optional<Node> parse_yaml(const SourcePtr& source, Diagnostics& diagnostics);
[[nodiscard]] std::optional<Node> parse_json(const SourcePtr& source, Diagnostics& diagnostics);

// Reads `path` and parses it by its extension (.yaml, .yml, .json). Error of kind io when the file
// cannot be read, usage for an unknown extension; mistakes inside go to `diagnostics`.
struct Document {
  SourcePtr source;
  Node root;
};
[[nodiscard]] Result<std::optional<Document>> load(const std::filesystem::path& path,
                                                   Diagnostics& diagnostics);

// One row of a table-like file, with its own source text (the row).
struct Row {
  SourcePtr source;
  Node node;  // a mapping; marks are those of the file
};

// Reads rows one at a time; memory does not grow with the file. Not thread-safe.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // The next row; nullopt at the end. A malformed row goes to `diagnostics` and reading goes on
  // with the next one (a CSV that lost its quoting ends there). Error of kind io when the file
  // cannot be read.
  [[nodiscard]] virtual Result<std::optional<Row>> next(Diagnostics& diagnostics) = 0;
};
inline constexpr std::size_t kMaxRowBytes = 8UL * 1024 * 1024;

// Both read `fd` from its position on; the caller keeps it open for as long as the reader lives and
// closes it.
// JSON Lines: one object a line, blank lines skipped, lines of up to kMaxRowBytes.
[[nodiscard]] std::unique_ptr<RowReader> read_jsonl(int fd, std::string name);
// CSV (RFC 4180, UTF-8, a BOM is skipped): the first record names the columns; every field becomes
// a quoted scalar. A record with another number of fields is a mistake. Line breaks inside quotes
// stay as they are.
[[nodiscard]] std::unique_ptr<RowReader> read_csv(int fd, std::string name);

}  // namespace faceoff::doc
