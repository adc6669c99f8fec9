#include "output.h"

#include "terminal.h"

#include <faceoff/base/files.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/report/annotation.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGithub = "github";
constexpr std::string_view kSuiteMark = "{suite}";

// Annotations go beside another document, not in its place.
bool is_document_on_stdout(const OutputFormat& format) {
  return !format.path && format.name != kGithub;
}

Result<report::RenderOptions> read_settings(const Arguments& arguments) {
  report::RenderOptions options;
  options.csv_raw = arguments.has("csv-raw");
  options.marker = arguments.value("marker").value_or("");
  using report::JunitLevel;
  constexpr std::array<std::pair<std::string_view, JunitLevel>, 3> kLevels{
      {{"gates", JunitLevel::gates}, {"flips", JunitLevel::flips}, {"cases", JunitLevel::cases}}};
  const std::string word = arguments.value("junit-level").value_or("gates");
  const auto* const level =
      std::ranges::find(kLevels, word, &std::pair<std::string_view, JunitLevel>::first);
  if (level == kLevels.end()) {
    return fail(ErrorKind::usage,
                fmt::format("--junit-level: '{}' is none of gates, flips, cases", word));
  }
  options.junit_level = level->second;
  return options;
}

Error unknown_format(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& reporter : report::all()) {
    names.push_back(reporter.name);
  }
  const auto near = closest(name, names);
  return {
      ErrorKind::usage,
      fmt::format("--format: unknown format '{}'; {}",
                  name,
                  near ? fmt::format("did you mean '{}'?", *near) : "see faceoff list formats")};
}

// The whole report, cut where a step's summary must end.
Status append_step_summary(const report::Report& report, const Context& context) {
  const auto path = context.environment("GITHUB_STEP_SUMMARY");
  if (!path || path->empty()) {
    return {};
  }
  constexpr std::size_t kMostBytes = 1000 * 1024;
  std::error_code error;
  const auto size = fs::file_size(*path, error);
  const std::size_t used = error ? 0 : static_cast<std::size_t>(size);
  std::string text = report::write_markdown(report, {});
  if (used + text.size() > kMostBytes) {
    // The comment is short by nature; a summary that is full already gets nothing.
    text = report::write_comment(report, {});
    if (used + text.size() > kMostBytes) {
      print_err("the step summary is full; the report is left out of it\n");
      return {};
    }
  }
  const UniqueFd file(::open(path->c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", *path, errno_text(errno)));
  }
  return write_all(file.get(), text + "\n", *path);
}

// `path` is the folder, or lies somewhere in it.
bool is_within(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path inner = fs::absolute(path, error).lexically_normal();
  fs::path outer = fs::absolute(folder, error).lexically_normal();
  if (!outer.has_filename()) {
    outer = outer.parent_path();
  }
  const auto [end, other] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

Status check_file(const fs::path& file, const fs::path& made) {
  const auto refuse = [&file](std::string_view why) {
    return fail(ErrorKind::io, fmt::format("{}: {}; nothing was sent", file.string(), why));
  };
  struct stat info {};
  if (::stat(file.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) {
      return refuse("is a folder");
    }
    // Regular files are replaced, so the folder must allow it.
    if (!S_ISREG(info.st_mode)) {
      return ::access(file.c_str(), W_OK) == 0 ? Status{} : refuse(errno_text(errno));
    }
  }
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (::stat(folder.c_str(), &info) != 0) {
    if (is_within(made, folder)) {
      return {};
    }
    return refuse(fmt::format("its folder: {}", errno_text(errno)));
  }
  if (!S_ISDIR(info.st_mode)) {
    return refuse("its folder is a file");
  }
  // Only the attempt tells: there are folders that say they may be written and take no file.
  std::string probe = (folder / ".faceoff-XXXXXX").string();
  const UniqueFd tried(::mkstemp(probe.data()));
  if (!tried.valid()) {
    return refuse(fmt::format("its folder: {}", errno_text(errno)));
  }
  ::unlink(probe.c_str());
  return {};
}

}  // namespace

Result<std::vector<OutputFormat>> read_formats(const Arguments& arguments) {
  FACEOFF_TRY_ASSIGN(const auto options, read_settings(arguments));
  std::vector<OutputFormat> formats;
  std::set<fs::path> paths;
  for (const auto& word : arguments.values("format")) {
    const auto colon = word.find(':');
    OutputFormat format{.name = word.substr(0, colon), .path = std::nullopt, .options = options};
    if (colon != std::string::npos) {
      format.path = word.substr(colon + 1);
      if (format.path->empty()) {
        return fail(ErrorKind::usage,
                    fmt::format("--format: '{}' names no file behind the colon", word));
      }
      if (!paths.insert(format.path->lexically_normal()).second) {
        return fail(
            ErrorKind::usage,
            fmt::format("--format: two reports would be written to '{}'", format.path->string()));
      }
    }
    if (report::find(format.name) == nullptr) {
      return tl::make_unexpected(unknown_format(format.name));
    }
    formats.push_back(std::move(format));
  }
  if (arguments.has("json")) {
    formats.push_back({.name = "json", .path = std::nullopt, .options = options});
  }
  if (std::ranges::count_if(formats, is_document_on_stdout) > 1) {
    return fail(
        ErrorKind::usage,
        "--format: only one format can go to standard output; write FMT:PATH for the others");
  }
  return formats;
}

Status check_writable(std::span<const OutputFormat> formats, const fs::path& made) {
  for (const auto& format : formats) {
    if (format.path) {
      FACEOFF_TRY(check_file(*format.path, made));
    }
  }
  return {};
}

Status check_shared(std::span<const OutputFormat> formats, std::size_t suites) {
  for (const auto& format : formats) {
    if (suites > 1 && format.path && format.path->string().find(kSuiteMark) == std::string::npos) {
      return fail(ErrorKind::usage,
                  fmt::format("--format: '{}' names one file, but there are several suites; write "
                              "{{suite}} where the suite's name is to stand",
                              format.path->string()));
    }
  }
  return {};
}

std::vector<OutputFormat> formats_for(std::span<const OutputFormat> formats,
                                      std::string_view suite) {
  std::string safe;
  for (const char c : suite) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || (c == '.' && !safe.empty());
    safe += plain ? c : '-';
  }
  std::vector<OutputFormat> out(formats.begin(), formats.end());
  for (auto& format : out) {
    if (!format.path) {
      continue;
    }
    std::string path = format.path->string();
    for (auto at = path.find(kSuiteMark); at != std::string::npos;
         at = path.find(kSuiteMark, at + safe.size())) {
      path.replace(at, kSuiteMark.size(), safe);
    }
    format.path = std::move(path);
  }
  return out;
}

Status write_formats(const report::Report& report,
                     std::span<const OutputFormat> formats,
                     const Context& context,
                     Stdout standard_output) {
  const auto on_stdout = std::ranges::find_if(formats, is_document_on_stdout);
  const bool for_people =
      standard_output == Stdout::free &&
      (on_stdout == formats.end() || on_stdout->name == "table" || on_stdout->name == "md");
  for (const auto& format : formats) {
    const report::Reporter* reporter = report::find(format.name);
    if (format.path) {
      FACEOFF_TRY_ASSIGN(const std::string text,
                         report::to_text(*reporter, report, format.options));
      FACEOFF_TRY(write_file_atomic(*format.path, text, 0644));
    } else if (format.name == kGithub) {
      const std::string text = report::write_github(report, format.options);
      if (for_people) {
        FACEOFF_TRY(print_out(text));
      } else {
        print_err(text);
      }
      FACEOFF_TRY(append_step_summary(report, context));
    }
  }
  if (standard_output == Stdout::taken) {
    return {};
  }
  report::RenderOptions terminal =
      on_stdout == formats.end() ? report::RenderOptions{} : on_stdout->options;
  terminal.width = width_now(STDOUT_FILENO, context.out);
  terminal.csv_raw = terminal.csv_raw && !context.out.tty;
  terminal.colour = context.out.colour;
  terminal.unicode = context.out.unicode;
  const report::Reporter* reporter =
      report::find(on_stdout == formats.end() ? "table" : on_stdout->name);
  return reporter->write(report, terminal, print_out);
}

void annotate(const doc::Diagnostics& diagnostics, std::span<const OutputFormat> formats) {
  if (std::ranges::find(formats, kGithub, &OutputFormat::name) == formats.end()) {
    return;
  }
  constexpr std::size_t kMost = 10;
  const auto mistakes = diagnostics.sorted();
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, mistakes.size()); ++i) {
    const doc::Diagnostic& mistake = mistakes[i];
    std::string text = mistake.message;
    text += mistake.label.empty() ? "" : "; " + mistake.label;
    text += mistake.help.empty() ? "" : "; " + mistake.help;
    report::SourcePlace place;
    if (mistake.source != nullptr) {
      place = {.file = mistake.source->name,
               .line = mistake.span.begin.line,
               .column = mistake.span.begin.column};
    }
    out += report::annotation(report::Level::error, mistake.code, redactor().redact(text), place);
  }
  static_cast<void>(print_out(out));
}

}  // namespace faceoff::cli
