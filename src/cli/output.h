#pragma once

// Which reports a command writes, and where to. Private to cli.

#include "command.h"

#include <faceoff/doc/diagnostic.h>
#include <faceoff/report/reporter.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

struct OutputFormat {
  std::string name;                           // of a reporter
  std::optional<std::filesystem::path> path;  // absent: standard output
  report::RenderOptions options = {};         // but for width, colour and letters of a terminal
};

// Flags of every command that writes reports; read_formats() reads them.
inline constexpr Flag kFormatFlag{
    .name = "format",
    .value = "FMT[:PATH]",
    .help =
        "table, md, comment, html, json, csv, junit, github or openmetrics; with :PATH into a "
        "file",
    .repeats = true};
inline constexpr Flag kJsonFlag{.name = "json", .help = "the same as --format json"};
inline constexpr Flag kJunitLevelFlag{
    .name = "junit-level",
    .value = "WHAT",
    .help = "test cases of junit: gates, flips or cases (default: gates)"};
inline constexpr Flag kMarkerFlag{
    .name = "marker",
    .value = "NAME",
    .help = "by which a comment is found again (default: faceoff:SUITE)"};
inline constexpr Flag kCsvRawFlag{
    .name = "csv-raw",
    .help = "csv for machines: text as it came, also where a spreadsheet takes it for a formula"};

// FORMAT or FORMAT:PATH, checked against the reporter table; --json adds one. At most one goes to
// standard output, annotations of GitHub apart.
[[nodiscard]] Result<std::vector<OutputFormat>> read_formats(const Arguments& arguments);

// Error of kind io: one of the files could not be written. Asked before anything is sent; `made` is
// a folder that will be there by then.
[[nodiscard]] Status check_writable(std::span<const OutputFormat> formats,
                                    const std::filesystem::path& made);

// With several suites each has files of its own: {suite} in a path stands for its name. Error of
// kind usage where that is missing.
[[nodiscard]] Status check_shared(std::span<const OutputFormat> formats, std::size_t suites);
[[nodiscard]] std::vector<OutputFormat> formats_for(std::span<const OutputFormat> formats,
                                                    std::string_view suite);

// Writes the report in each format; as a table on standard output when none of them goes there,
// unless that is taken by something else.
// Annotations come before it, on standard error where a machine reads standard output; the step
// summary of GitHub Actions gets the report as Markdown.
enum class Stdout : std::uint8_t { free, taken };
[[nodiscard]] Status write_formats(const report::Report& report,
                                   std::span<const OutputFormat> formats,
                                   const Context& context,
                                   Stdout standard_output = Stdout::free);

// Each mistake as an annotation, when one of the formats is github.
void annotate(const doc::Diagnostics& diagnostics, std::span<const OutputFormat> formats);

}  // namespace faceoff::cli
