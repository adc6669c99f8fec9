#include "parse.h"

#include "complete.h"
#include "version.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <cctype>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace faceoff::cli {
namespace {

std::vector<Flag> flags_of(const Command& command) {
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  flags.insert(flags.end(), global_flags().begin(), global_flags().end());
  return flags;
}

Error unknown_command(std::string_view word) {
  std::vector<std::string_view> names{"help"};
  for (const Command* command : commands()) {
    names.push_back(command->name);
  }
  const auto near = closest(word, names);
  return {ErrorKind::usage,
          fmt::format("unknown command '{}'; {}",
                      word,
                      near ? fmt::format("did you mean '{}'?", *near) : "see faceoff --help")};
}

// CLI11 takes the value of an unknown flag for a positional and then blames the file of that name;
// so unknown flags are found before it looks.
Status refuse_unknown_flags(const Command& command, std::span<const std::string> words) {
  const auto flags = flags_of(command);
  for (const auto& word : words) {
    if (word == "--") {
      return {};
    }
    if (!word.starts_with("--")) {
      continue;
    }
    const std::string_view name = std::string_view(word).substr(2, word.find('=') - 2);
    if (name == "help" || std::ranges::find(flags, name, &Flag::name) != flags.end()) {
      continue;
    }
    std::vector<std::string_view> names;
    for (const auto& flag : flags) {
      names.push_back(flag.name);
    }
    const auto near = closest(name, names);
    return fail(ErrorKind::usage,
                fmt::format("unknown flag '--{}' of faceoff {}; {}",
                            name,
                            command.name,
                            near ? fmt::format("did you mean '--{}'?", *near)
                                 : fmt::format("see faceoff {} --help", command.name)));
  }
  return {};
}

void fill_from_environment(const Command& command,
                           const backend::Environment& environment,
                           Arguments& arguments) {
  for (const auto& flag : flags_of(command)) {
    if (arguments.has(flag.name)) {
      continue;
    }
    const auto value = environment(environment_name(flag.name));
    if (!value || value->empty() || (flag.value.empty() && *value == "0")) {
      continue;
    }
    arguments.add(std::string(flag.name), *value);
  }
}

// What CLI11 fills, one entry a flag.
struct Bound {
  const Flag* flag;
  std::vector<std::string> values;
  std::int64_t count = 0;
};

Result<Arguments> parse_words(const Command& command, std::span<const std::string> words) {
  const auto flags = flags_of(command);
  CLI::App app{std::string(command.summary), "faceoff " + std::string(command.name)};
  app.set_help_flag();
  std::vector<Bound> bound;
  bound.reserve(flags.size());
  for (const auto& flag : flags) {
    bound.push_back({.flag = &flag, .values = {}, .count = 0});
    const std::string names =
        (flag.letter != '\0' ? fmt::format("-{},", flag.letter) : std::string()) +
        fmt::format("--{}", flag.name);
    if (flag.value.empty()) {
      app.add_flag(names, bound.back().count);
    } else {
      app.add_option(names, bound.back().values)
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  }
  std::vector<std::string> positionals;
  if (!command.positional.name.empty()) {
    app.add_option("words", positionals);
  }
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "faceoff {}: {}; see faceoff {} --help", command.name, error.what(), command.name));
  }
  Arguments arguments;
  for (auto& entry : bound) {
    for (auto& value : entry.values) {
      arguments.add(std::string(entry.flag->name), std::move(value));
    }
    for (std::int64_t i = 0; i < entry.count; ++i) {
      arguments.add(std::string(entry.flag->name), "1");
    }
  }
  for (auto& word : positionals) {
    arguments.add_positional(std::move(word));
  }
  return arguments;
}

Status check_repeats_and_positionals(const Command& command, const Arguments& arguments) {
  for (const auto& flag : flags_of(command)) {
    if (!flag.repeats && arguments.values(flag.name).size() > 1) {
      return fail(ErrorKind::usage,
                  fmt::format("--{} was given {} times; give it once",
                              flag.name,
                              arguments.values(flag.name).size()));
    }
  }
  const std::size_t count = arguments.positionals().size();
  if (count < command.positional.min) {
    return fail(ErrorKind::usage,
                fmt::format("faceoff {} needs {}; see faceoff {} --help",
                            command.name,
                            command.positional.name,
                            command.name));
  }
  if (count > command.positional.max) {
    return fail(ErrorKind::usage,
                fmt::format("faceoff {}: '{}' is one word too many; see faceoff {} --help",
                            command.name,
                            arguments.positionals()[command.positional.max],
                            command.name));
  }
  return {};
}

Result<Invocation> help_topic(std::span<const std::string> words) {
  Invocation invocation;
  if (words.empty()) {
    invocation.text = overview();
    return invocation;
  }
  if (words.front() == "exit-codes") {
    invocation.text = exit_code_help();
    return invocation;
  }
  if (words.front() == "errors") {
    invocation.text = error_code_help();
    return invocation;
  }
  const auto table = commands();
  const auto it = std::ranges::find(table, words.front(), &Command::name);
  if (it == table.end()) {
    return tl::make_unexpected(unknown_command(words.front()));
  }
  invocation.text = command_help(**it);
  return invocation;
}

}  // namespace

std::string environment_name(std::string_view flag) {
  std::string name = "FACEOFF_";
  for (const char c : flag) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

Result<Invocation> parse_command_line(const std::vector<std::string>& words,
                                      const backend::Environment& environment) {
  if (words.empty()) {
    return fail(ErrorKind::usage, "no command given; see faceoff --help");
  }
  const std::span<const std::string> rest = std::span(words).subspan(1);
  const std::string& first = words.front();
  if (first == "--help" || first == "-h" || first == "help") {
    return help_topic(rest);
  }
  const bool asks_version = first == "--version" || first == "-V";
  if (asks_version && rest.empty()) {
    // Without a word on libcurl, which would have to be loaded for it.
    return Invocation{
        .command = nullptr, .arguments = {}, .text = fmt::format("faceoff {}\n", version_text())};
  }
  const std::string name = asks_version ? "version" : first;
  const auto table = commands();
  const auto it = std::ranges::find(table, std::string_view(name), &Command::name);
  if (name == complete_command.name) {
    // What follows is a command line of its own, finished or not.
    Invocation invocation{.command = &complete_command, .arguments = {}, .text = {}};
    for (const auto& word : rest.subspan(!rest.empty() && rest.front() == "--" ? 1 : 0)) {
      invocation.arguments.add_positional(word);
    }
    return invocation;
  }
  if (it == table.end()) {
    if (name.starts_with('-')) {
      return fail(
          ErrorKind::usage,
          fmt::format("'{}' stands before the command; write faceoff COMMAND {}", name, name));
    }
    return tl::make_unexpected(unknown_command(name));
  }
  const Command& command = **it;
  for (const auto& word : rest) {
    if (word == "--") {
      break;
    }
    if (word == "--help" || word == "-h") {
      return Invocation{.command = nullptr, .arguments = {}, .text = command_help(command)};
    }
  }
  FACEOFF_TRY(refuse_unknown_flags(command, rest));
  FACEOFF_TRY_ASSIGN(Arguments arguments, parse_words(command, rest));
  fill_from_environment(command, environment, arguments);
  FACEOFF_TRY(check_repeats_and_positionals(command, arguments));
  return Invocation{.command = &command, .arguments = std::move(arguments), .text = {}};
}

}  // namespace faceoff::cli
