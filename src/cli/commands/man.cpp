#include "man_page.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "folder", .value = "DIR", .help = "write all pages into DIR, which must exist"},
};

constexpr unsigned kReadable = 0644;

Status write_all_pages(const std::filesystem::path& folder) {
  FACEOFF_TRY(write_file_atomic(folder / "faceoff.1", man_page(nullptr), kReadable));
  for (const Command* command : commands()) {
    FACEOFF_TRY(write_file_atomic(
        folder / fmt::format("faceoff-{}.1", command->name), man_page(command), kReadable));
  }
  return {};
}

Result<std::string> page_of(const Arguments& arguments) {
  if (arguments.positionals().empty()) {
    return man_page(nullptr);
  }
  const std::string& word = arguments.positionals().front();
  const auto table = commands();
  const auto command = std::ranges::find(table, std::string_view(word), &Command::name);
  if (command != table.end()) {
    return man_page(*command);
  }
  std::vector<std::string_view> names;
  for (const Command* each : table) {
    names.push_back(each->name);
  }
  const auto near = closest(word, names);
  return fail(ErrorKind::usage,
              fmt::format("there is no command '{}'; {}",
                          word,
                          near ? fmt::format("did you mean '{}'?", *near) : "see faceoff --help"));
}

Exit execute(const Arguments& arguments, Context& context) {
  if (const auto folder = arguments.value("folder")) {
    const auto written = write_all_pages(*folder);
    return written ? Exit::ok : report_error(written.error(), context);
  }
  const auto page = page_of(arguments);
  if (!page) {
    return report_error(page.error(), context);
  }
  const auto printed = print_out(*page);
  return printed ? Exit::ok : report_error(printed.error(), context);
}

}  // namespace

extern const Command man_command;
const Command man_command{
    .name = "man",
    .summary = "print the manual page of a command, for man -l -",
    .positional = {.name = "COMMAND", .help = "a command (default: faceoff itself)", .max = 1},
    .flags = kFlags,
    .examples = "faceoff man run\nfaceoff man --folder man/man1",
    .run = execute};

}  // namespace faceoff::cli
