#pragma once

#include <faceoff/base/result.h>
#include <faceoff/report/report.h>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace faceoff::report {

struct RenderOptions {
  std::size_t width = 0;  // columns of the terminal; 0: unlimited, nothing is dropped or cut
  bool colour = false;    // ANSI colours, never the only sign of a thing
  bool unicode = true;    // false: ASCII signs (names and messages keep their own letters)
};

// Takes the document piece by piece; an error ends the writing and is handed on.
using Sink = std::function<Status(std::string_view)>;

// One row of the reporter table.
struct Reporter {
  std::string_view name;       // for --format
  std::string_view extension;  // of a file, without the dot
  std::string_view summary;    // for `list`
  bool shows_cases;            // wants Report::cases
  // The whole document, ending in a newline. Formats for files ignore the options. Errors: those of
  // the sink, and of cases that cannot be read any more.
  Status (*write)(const Report& report, const RenderOptions& options, const Sink& sink);
};

[[nodiscard]] std::span<const Reporter> all();
[[nodiscard]] const Reporter* find(std::string_view name) noexcept;
// The document as one piece.
[[nodiscard]] Result<std::string> to_text(const Reporter& reporter,
                                          const Report& report,
                                          const RenderOptions& options = {});

// The rows' functions.
[[nodiscard]] std::string write_table(const Report& report, const RenderOptions& options);
// GitHub tables. Foreign text stands in code spans and in fences longer than any run inside.
[[nodiscard]] std::string write_markdown(const Report& report, const RenderOptions& options);
// One page that loads nothing: figures as tables that need no script, charts and single cases by a
// script of ours. Beyond 10 MB texts are left out, those of telling cases last.
[[nodiscard]] Status write_html(const Report& report,
                                const RenderOptions& options,
                                const Sink& sink);
// summary.json, "schema": "faceoff.results/1"; ASCII only. Numbers are finite or null.
[[nodiscard]] std::string write_json(const Report& report, const RenderOptions& options);

}  // namespace faceoff::report
