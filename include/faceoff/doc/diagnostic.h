#pragma once

#include <faceoff/doc/node.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// The text of a file that diagnostics quote, without a byte order mark. `name` is shown as given (a
// relative path stays one). A row of a larger file says with `first_line` where it begins there.
struct Source {
  std::string name;
  std::string text;
  std::uint32_t first_line = 1;
};
using SourcePtr = std::shared_ptr<const Source>;

// The byte offset of `mark` in the text; nullopt when the text has no such place. Takes a walk
// through the text: for messages, not for loops.
[[nodiscard]] std::optional<std::size_t> offset_of(const Source& source, Mark mark) noexcept;
// The place of byte `offset` (at most the size of the text).
[[nodiscard]] Mark mark_at(const Source& source, std::size_t offset) noexcept;

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

// Collects mistakes, so that all of a file are reported at once. A file of a million broken rows
// must not fill the memory: the first kMaxKept are kept (fewer when their sources are large), the
// others are counted.
class Diagnostics {
 public:
  static constexpr std::size_t kMaxKept = 1000;
  struct File {
    std::string name;
    std::size_t errors = 0;
  };

  void add(Diagnostic diagnostic);
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  // The kept ones, sorted by file (in order of first appearance) and place.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;
  // In order of first appearance.
  [[nodiscard]] const std::vector<File>& files() const noexcept { return files_; }

 private:
  std::vector<Diagnostic> list_;
  std::vector<File> files_;
  const Source* last_source_ = nullptr;
  std::size_t held_bytes_ = 0;
  std::size_t count_ = 0;
};

struct RenderOptions {
  bool colour = false;
  bool unicode = true;
  std::size_t limit = 20;  // more than these are counted, not shown
  // Ends the line that counts the errors of a file: "a.yaml: 3 errors; nothing was sent."
  std::string outcome = "nothing was sent";
};

// The layout of screen 3 in docs/guide.md: code and message, place, source line, caret, help; then
// one line a file with the number of errors. Foreign text is made safe for a terminal.
[[nodiscard]] std::string render(const Diagnostics& diagnostics, const RenderOptions& options);
// One line: "prompts/a.yaml:12:5: unknown key 'scorrer'; did you mean 'scorer'?"
[[nodiscard]] std::string one_line(const Diagnostic& diagnostic);

}  // namespace faceoff::doc
