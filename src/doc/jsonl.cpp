#include "byte_stream.h"
#include "mistake.h"

#include <faceoff/base/text.h>
#include <faceoff/doc/reader.h>

#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

// So much of a line that is too long is kept for its message.
constexpr std::size_t kShownOfLongLine = 200;

struct Line {
  std::string text;
  bool too_long = false;
};

class JsonlReader final : public RowReader {
 public:
  JsonlReader(int fd, std::string name) : stream_(fd, std::move(name)) {}

  Result<std::optional<Row>> next(Diagnostics& diagnostics) override {
    while (true) {
      FACEOFF_TRY_ASSIGN(auto line, next_line());
      if (!line) {
        return std::optional<Row>();
      }
      ++line_;
      if (auto row = parse(*std::move(line), diagnostics)) {
        return row;
      }
    }
  }

 private:
  // The next line without its line break.
  Result<std::optional<Line>> next_line() {
    Line line;
    std::size_t scanned = 0;
    while (true) {
      const std::string_view view = stream_.view();
      const auto end = view.find('\n', scanned);
      if (end != std::string_view::npos || (stream_.ended() && !view.empty())) {
        const std::size_t size = std::min(end, view.size());
        finish(line, view.substr(0, size));
        stream_.consume(std::min(size + 1, view.size()));
        return std::optional(std::move(line));
      }
      if (stream_.ended()) {
        return line.too_long ? std::optional(std::move(line)) : std::nullopt;
      }
      scanned = view.size();
      if (scanned > kMaxRowBytes) {
        finish(line, view);
        stream_.consume(view.size());
        scanned = 0;
      }
      FACEOFF_TRY(stream_.fill());
    }
  }

  static void finish(Line& line, std::string_view text) {
    if (line.too_long) {
      return;
    }
    line.too_long = text.size() > kMaxRowBytes;
    line.text = line.too_long ? text.substr(0, kShownOfLongLine) : text;
  }

  std::optional<Row> parse(Line line, Diagnostics& diagnostics) {
    if (line.text.ends_with('\r')) {
      line.text.pop_back();
    }
    if (!line.too_long && trim(line.text).empty()) {
      return std::nullopt;
    }
    auto source = std::make_shared<Source>();
    source->name = stream_.name();
    source->text = std::move(line.text);
    source->first_line = line_;
    if (line.too_long) {
      report(diagnostics,
             std::move(source),
             {{line_, 1}, {line_, 1}},
             fmt::format("the line is longer than {} MiB", kMaxRowBytes / 1024 / 1024));
      return std::nullopt;
    }
    auto node = parse_json(source, diagnostics);
    if (!node) {
      return std::nullopt;
    }
    if (!node->is_mapping()) {
      report(diagnostics,
             std::move(source),
             node->span,
             fmt::format("a line must hold an object, found {}", describe(*node)));
      return std::nullopt;
    }
    return Row{std::move(source), *std::move(node)};
  }

  static void report(Diagnostics& diagnostics, SourcePtr source, Span span, std::string message) {
    Diagnostic diagnostic = mistake(std::move(source), span, "jsonl::row", std::move(message));
    diagnostics.add(std::move(diagnostic));
  }

  ByteStream stream_;
  std::uint32_t line_ = 0;
};

}  // namespace

std::unique_ptr<RowReader> read_jsonl(int fd, std::string name) {
  return std::make_unique<JsonlReader>(fd, std::move(name));
}

}  // namespace faceoff::doc
