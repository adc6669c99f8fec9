#include "recorded.h"

#include "parse.h"
#include "session.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

// Where the run of then wrote to and what it printed is no business of a later command.
// Nor is what was allowed then: the run may be a stranger's.
constexpr std::array<std::string_view, 13> kOfThen{"output",
                                                  "resume",
                                                  "format",
                                                  "json",
                                                  "junit-level",
                                                  "marker",
                                                  "csv-raw",
                                                  "events",
                                                  "progress",
                                                  "api-key-file",
                                                  "dry-run",
                                                  "allow-code-execution",
                                                  "allow-exec"};

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Result<Arguments> command_of_then(const store::Manifest& manifest, const Context& context) {
  const auto no_run = [&manifest](std::string_view why) {
    return fail(ErrorKind::usage,
                fmt::format("run {}: {}, so what it was asked is not known", manifest.id, why));
  };
  if (manifest.command.size() < 2) {
    return no_run("its manifest holds no command line");
  }
  const std::vector<std::string> words(manifest.command.begin() + 1, manifest.command.end());
  auto invocation = parse_command_line(words, context.environment);
  if (!invocation) {
    return tl::make_unexpected(with_context(
        std::move(invocation).error(), fmt::format("the command line of run {}", manifest.id)));
  }
  if (invocation->command == nullptr || invocation->command->name != "run") {
    return no_run("it was not made by 'faceoff run'");
  }
  return std::move(invocation->arguments);
}

// Flags of then, and over them those of now.
Arguments merged(const Arguments& then,
                 const Arguments& now,
                 std::span<const std::string_view> own) {
  Arguments both;
  const auto add = [&both](const Arguments& from, std::string_view name) {
    for (const auto& value : from.values(name)) {
      both.add(std::string(name), value);
    }
  };
  for (const auto& flag : run_flags()) {
    const bool only_now = holds(kOfThen, flag.name) || holds(own, flag.name);
    if (!only_now && (flag.repeats || !now.has(flag.name))) {
      add(then, flag.name);
    }
    add(now, flag.name);
  }
  for (const auto& flag : global_flags()) {
    add(now, flag.name);
  }
  return both;
}

// The run may be a stranger's: what it says of keys and hosts is not taken over.
Arguments without_trust(const Arguments& then, const Arguments& now) {
  Arguments out;
  for (const auto& flag : run_flags()) {
    const bool of_now = flag.name == "allow-host" || flag.name == "api-key-file";
    for (const auto& value : (of_now ? now : then).values(flag.name)) {
      out.add(std::string(flag.name), value);
    }
  }
  return out;
}

Status enter(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || folder == fs::current_path(error)) {
    return {};
  }
  fs::current_path(folder, error);
  if (error) {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "{}: the run was started in this folder: {}", folder.string(), error.message()));
  }
  return {};
}

}  // namespace

Result<Recorded> recall(const Arguments& arguments,
                        std::span<const std::string_view> own,
                        const Context& context,
                        doc::Diagnostics& diagnostics) {
  Recorded recorded;
  FACEOFF_TRY_ASSIGN(const Config here, load_config(arguments, context, diagnostics));
  recorded.results = fs::absolute(results_folder(arguments, here));
  FACEOFF_TRY_ASSIGN(const fs::path folder,
                     store::find_run(recorded.results, arguments.positionals().front()));
  FACEOFF_TRY_ASSIGN(recorded.run, store::open_run(fs::absolute(folder)));
  const store::Manifest& manifest = recorded.run.manifest;
  FACEOFF_TRY_ASSIGN(const Arguments then, command_of_then(manifest, context));
  FACEOFF_TRY_ASSIGN(recorded.options, read_run_options(merged(then, arguments, own)));
  for (auto& format : recorded.options.formats) {
    if (format.path) {
      format.path = fs::absolute(*format.path);
    }
  }
  if (recorded.options.output) {
    recorded.options.output = fs::absolute(*recorded.options.output);
  }
  FACEOFF_TRY(enter(manifest.directory));
  doc::Diagnostics of_then;
  FACEOFF_TRY_ASSIGN(recorded.config, load_config(then, context, of_then));
  if (diagnostics.empty()) {
    diagnostics = std::move(of_then);
  }
  recorded.arguments = without_trust(then, arguments);
  return recorded;
}

Exit with_diagnostics(Result<Exit> (*go)(const Arguments& arguments,
                                         Context& context,
                                         doc::Diagnostics& diagnostics),
                      const Arguments& arguments,
                      Context& context) {
  doc::Diagnostics diagnostics;
  const auto exit = go(arguments, context, diagnostics);
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace faceoff::cli
