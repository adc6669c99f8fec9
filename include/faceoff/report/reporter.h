#pragma once

#include <faceoff/base/result.h>
#include <faceoff/report/report.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace faceoff::report {

// What the test cases of a JUnit file are; the gates stand in every one.
enum class JunitLevel : std::uint8_t { gates, flips, cases };

struct RenderOptions {
  std::size_t width = 0;  // columns of the terminal; 0: unlimited, nothing is dropped or cut
  bool colour = false;    // ANSI colours, never the only sign of a thing
  bool unicode = true;    // false: ASCII signs (names and messages keep their own letters)
  JunitLevel junit_level = JunitLevel::gates;
  bool csv_raw = false;     // cells that a spreadsheet could take for formulas stay as they are
  std::string marker = {};  // of the comment; empty: faceoff:<suite>
};

// Takes the document piece by piece; an error ends the writing and is handed on.
using Sink = std::function<Status(std::string_view)>;

// One row of the reporter table.
struct Reporter {
  std::string_view name;       // for --format
  std::string_view extension;  // of a file, without the dot
  std::string_view summary;    // for `list`
  bool shows_cases;            // wants Report::cases
  // The whole document, ending in a newline. Formats for files ignore width, colour and unicode.
  // Errors: those of the sink, and of cases that cannot be read any more.
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
// A short comment for a pull request, of at most 65,536 bytes: marker, gates, verdict, flips,
// tables.
[[nodiscard]] std::string write_comment(const Report& report, const RenderOptions& options);
// Well-formed XML for any foreign text; names are unique within a suite.
[[nodiscard]] Status write_junit(const Report& report,
                                 const RenderOptions& options,
                                 const Sink& sink);
// RFC 4180, one row a trial; without Report::cases the header alone.
[[nodiscard]] Status write_csv(const Report& report,
                               const RenderOptions& options,
                               const Sink& sink);
// Annotations of GitHub's runner, at most ten of a kind.
[[nodiscard]] std::string write_github(const Report& report, const RenderOptions& options);
[[nodiscard]] std::string write_openmetrics(const Report& report, const RenderOptions& options);

}  // namespace faceoff::report
