#include "byte_stream.h"
#include "csv_record.h"
#include "mistake.h"
#include "source_text.h"

#include <faceoff/base/text.h>
#include <faceoff/doc/reader.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

class CsvReader final : public RowReader {
 public:
  CsvReader(int fd, std::string name) : stream_(fd, std::move(name)) {}

  Result<std::optional<Row>> next(Diagnostics& diagnostics) override {
    while (!done_) {
      FACEOFF_TRY_ASSIGN(const SourcePtr source, next_record(diagnostics));
      if (source == nullptr) {
        done_ = true;
        break;
      }
      if (source->text.empty()) {
        continue;
      }
      auto fields = check_encoding(source, diagnostics) ? split_csv_record(source, diagnostics)
                                                        : std::nullopt;
      if (columns_.empty()) {
        done_ = !fields || !take_header(source, *std::move(fields), diagnostics);
      } else if (fields) {
        if (auto row = make_row(source, *std::move(fields), diagnostics)) {
          return row;
        }
      }
    }
    return std::optional<Row>();
  }

 private:
  // The next record without its line break; null at the end, also when the quoting is lost.
  Result<SourcePtr> next_record(Diagnostics& diagnostics) {
    CsvScanner scanner;
    while (true) {
      const std::string_view view = stream_.view();
      const auto end = scanner.find_end(view);
      const bool too_long = end.value_or(view.size()) > kMaxRowBytes;
      if (end || too_long || (stream_.ended() && !view.empty())) {
        SourcePtr source = take(end.value_or(view.size()), end ? 1 : 0);
        if (too_long || (!end && scanner.in_quotes())) {
          report_endless(std::move(source), scanner, diagnostics);
          return SourcePtr();
        }
        return source;
      }
      if (stream_.ended()) {
        return SourcePtr();
      }
      FACEOFF_TRY(stream_.fill());
    }
  }

  SourcePtr take(std::size_t size, std::size_t line_break) {
    auto source = std::make_shared<Source>();
    source->name = stream_.name();
    source->text = stream_.view().substr(0, size);
    source->first_line = line_;
    stream_.consume(size + line_break);
    const auto breaks = std::ranges::count(source->text, '\n');
    line_ += static_cast<std::uint32_t>(breaks) + static_cast<std::uint32_t>(line_break);
    if (source->text.ends_with('\r')) {
      source->text.pop_back();
    }
    return source;
  }

  static void report_endless(SourcePtr source,
                             const CsvScanner& scanner,
                             Diagnostics& diagnostics) {
    const bool quoted = scanner.in_quotes();
    const Mark mark = mark_at(*source, quoted ? scanner.quote_at() : 0);
    report(diagnostics,
           std::move(source),
           {mark, mark},
           quoted ? "a quoted field has no closing quote"
                  : fmt::format("the record is longer than {} MiB", kMaxRowBytes / 1024 / 1024));
  }

  bool take_header(const SourcePtr& source,
                   std::vector<CsvField> fields,
                   Diagnostics& diagnostics) {
    std::map<std::string, Span> seen;
    bool sound = true;
    for (auto& field : fields) {
      const auto [first, inserted] = seen.try_emplace(field.text, field.span);
      if (field.text.empty()) {
        report(diagnostics, source, field.span, "a column has no name");
        sound = false;
      } else if (!inserted) {
        Diagnostic diagnostic = mistake(source,
                                        field.span,
                                        "csv::duplicate-column",
                                        fmt::format("the column '{}' is given twice", field.text));
        diagnostic.notes.push_back({first->second, "first defined here"});
        diagnostics.add(std::move(diagnostic));
        sound = false;
      }
      columns_.push_back(std::move(field.text));
    }
    return sound;
  }

  std::optional<Row> make_row(const SourcePtr& source,
                              std::vector<CsvField> fields,
                              Diagnostics& diagnostics) const {
    if (fields.size() != columns_.size()) {
      report(diagnostics,
             source,
             {fields.front().span.begin, fields.back().span.end},
             fmt::format("the record has {} field{}, the header names {}",
                         fields.size(),
                         fields.size() == 1 ? "" : "s",
                         columns_.size()));
      return std::nullopt;
    }
    Row row;
    row.source = source;
    row.node.kind = Kind::mapping;
    row.node.span = {fields.front().span.begin, fields.back().span.end};
    for (std::size_t i = 0; i < fields.size(); ++i) {
      Member& member = row.node.members.emplace_back();
      member.key = columns_[i];
      member.key_span = fields[i].span;
      member.value.style = Style::quoted;
      member.value.text = std::move(fields[i].text);
      member.value.span = fields[i].span;
    }
    return row;
  }

  static void report(Diagnostics& diagnostics, SourcePtr source, Span span, std::string message) {
    Diagnostic diagnostic = mistake(std::move(source), span, "csv::record", std::move(message));
    diagnostics.add(std::move(diagnostic));
  }

  ByteStream stream_;
  std::vector<std::string> columns_;
  std::uint32_t line_ = 1;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<RowReader> read_csv(int fd, std::string name) {
  return std::make_unique<CsvReader>(fd, std::move(name));
}

}  // namespace faceoff::doc
