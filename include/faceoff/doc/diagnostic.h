#pragma once

#include <faceoff/doc/node.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// The text of a file that diagnostics quote. `name` is shown as given (a relative path stays one).
struct Source {
  std::string name;
  std::string text;
};
using SourcePtr = std::shared_ptr<const Source>;

// A second place that explains the first: "first used here".
struct Note {
  Span span;
  std::string message;
};

// One mistake in a file.
struct Diagnostic {
  std::string code;     // stable slug: suite::unknown-key
  std::string message;  // lower-case start, values in single quotes, no full stop
  SourcePtr source;
  Span span;
  std::string label;  // stands behind the caret: did you mean 'scorer'?
  std::vector<Note> notes;
  std::string help;  // what to do, on a line of its own
};

// Collects mistakes, so that all of a file are reported at once.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
  // Sorted by file (in order of first appearance) and place.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> list_;
};

struct RenderOptions {
  bool colour = false;
  bool unicode = true;
  std::size_t limit = 20;  // more than these are counted, not shown
};

// The layout of screen 3 in docs/guide.md: code and message, place, source line, caret, help; then
// one line a file with the number of errors. Foreign text is made safe for a terminal.
[[nodiscard]] std::string render(const Diagnostics& diagnostics, const RenderOptions& options);
// One line: "prompts/a.yaml:12:5: unknown key 'scorrer'; did you mean 'scorer'?"
[[nodiscard]] std::string one_line(const Diagnostic& diagnostic);

}  // namespace faceoff::doc
