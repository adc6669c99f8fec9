#pragma once

#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// Finds where a record ends in text that arrives in pieces: at a line break outside of quotes.
class CsvScanner {
 public:
  // `record` is all of the text since the record began, so each call brings the earlier text again
  // and more. Byte offset of the line break that ends it, or nullopt.
  [[nodiscard]] std::optional<std::size_t> find_end(std::string_view record) noexcept;
  [[nodiscard]] bool in_quotes() const noexcept { return state_ == State::quoted; }
  // Byte offset of the last opening quote.
  [[nodiscard]] std::size_t quote_at() const noexcept { return quote_at_; }

 private:
  enum class State : std::uint8_t { field_start, unquoted, quoted, after_quote };
  State state_ = State::field_start;
  std::size_t at_ = 0;
  std::size_t quote_at_ = 0;
};

struct CsvField {
  std::string text;
  Span span;
};

// Splits one record (RFC 4180); reports a misplaced quote and returns nullopt.
[[nodiscard]] std::optional<std::vector<CsvField>> split_csv_record(const SourcePtr& record,
                                                                    Diagnostics& diagnostics);

}  // namespace faceoff::doc
