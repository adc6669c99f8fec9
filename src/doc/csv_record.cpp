#include "csv_record.h"

#include "mistake.h"
#include "source_text.h"

#include <utility>

namespace faceoff::doc {
namespace {

std::nullopt_t misplaced(const SourcePtr& record, Mark mark, Diagnostics& diagnostics) {
  Diagnostic diagnostic =
      mistake(record, {mark, mark}, "csv::quote", "a quote stands where none may stand");
  diagnostic.help = "put the whole field in quotes and write \"\" for a quote inside it";
  diagnostics.add(std::move(diagnostic));
  return std::nullopt;
}

// Reads a quoted field from the quote at `at`; returns the offset behind the closing one.
std::size_t take_quoted(std::string_view text, std::size_t at, std::string& out) {
  ++at;
  while (at < text.size()) {
    if (text[at] != '"') {
      out += text[at++];
    } else if (text.substr(at, 2) == "\"\"") {
      out += '"';
      at += 2;
    } else {
      return at + 1;
    }
  }
  return at;
}

}  // namespace

std::optional<std::size_t> CsvScanner::find_end(std::string_view record) noexcept {
  for (; at_ < record.size(); ++at_) {
    const char c = record[at_];
    if (state_ == State::quoted) {
      state_ = c == '"' ? State::after_quote : State::quoted;
    } else if (c == '\n') {
      return at_;
    } else if (c == '"' && state_ != State::unquoted) {
      quote_at_ = state_ == State::field_start ? at_ : quote_at_;
      state_ = State::quoted;
    } else {
      state_ = c == ',' ? State::field_start : State::unquoted;
    }
  }
  return std::nullopt;
}

std::optional<std::vector<CsvField>> split_csv_record(const SourcePtr& record,
                                                      Diagnostics& diagnostics) {
  const std::string_view text = record->text;
  Cursor cursor(text, {record->first_line, 1});
  std::vector<CsvField> fields;
  std::size_t at = 0;
  while (true) {
    CsvField& field = fields.emplace_back();
    field.span.begin = cursor.at(at);
    if (at < text.size() && text[at] == '"') {
      at = take_quoted(text, at, field.text);
      if (at < text.size() && text[at] != ',') {
        return misplaced(record, cursor.at(at - 1), diagnostics);
      }
    } else {
      const auto end = std::min(text.find(',', at), text.size());
      field.text = text.substr(at, end - at);
      if (const auto quote = field.text.find('"'); quote != std::string::npos) {
        return misplaced(record, cursor.at(at + quote), diagnostics);
      }
      at = end;
    }
    field.span.end = cursor.at(at);
    if (at >= text.size()) {
      return fields;
    }
    ++at;
  }
}

}  // namespace faceoff::doc
