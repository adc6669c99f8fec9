#include "parse.h"

#include <faceoff/base/text.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

std::string flag_words(const Flag& flag) {
  std::string words = flag.letter != '\0' ? fmt::format("-{}, ", flag.letter) : std::string("    ");
  words += fmt::format("--{}", flag.name);
  if (!flag.value.empty()) {
    words += fmt::format(" {}", flag.value);
  }
  return words;
}

std::string flag_table(std::span<const Flag> flags) {
  std::size_t width = 0;
  for (const auto& flag : flags) {
    width = std::max(width, flag_words(flag).size());
  }
  std::string out;
  for (const auto& flag : flags) {
    out += fmt::format("  {}  {}\n", pad(flag_words(flag), width), flag.help);
  }
  return out;
}

std::string positional_words(const Positional& positional) {
  if (positional.name.empty()) {
    return {};
  }
  std::string words(positional.name);
  // Names of several words say themselves what may be left out.
  if (positional.max > 1 && words.find(' ') == std::string::npos) {
    words += "...";
  }
  return positional.min == 0 ? " [" + words + "]" : " " + words;
}

}  // namespace

std::string command_help(const Command& command) {
  std::string out = fmt::format("faceoff {}: {}\n\nusage: faceoff {}{}{}\n",
                                command.name,
                                command.summary,
                                command.name,
                                positional_words(command.positional),
                                command.flags.empty() ? "" : " [flags]");
  if (!command.positional.name.empty()) {
    out += fmt::format("\n  {}  {}\n", command.positional.name, command.positional.help);
  }
  if (!command.flags.empty()) {
    out += "\nflags:\n" + flag_table(command.flags);
  }
  out += "\nflags of every command:\n" + flag_table(global_flags());
  if (!command.examples.empty()) {
    out += "\nexamples:\n";
    for (const auto line : split(command.examples, '\n')) {
      out += fmt::format("  {}\n", line);
    }
  }
  return out;
}

std::string overview() {
  std::string out =
      "faceoff: which of these language models should I use, and how sure is that?\n\n"
      "usage: faceoff COMMAND [flags]\n\ncommands:\n";
  for (const Command* command : commands()) {
    out += fmt::format("  {}  {}\n", pad(command->name, 11), command->summary);
  }
  out +=
      "\nfaceoff COMMAND --help tells more; faceoff help exit-codes lists the exit codes.\n"
      "\nexample:\n"
      "  faceoff run prompts/quickstart.yaml -b gpt-4o=openai:gpt-4o-2024-11-20 -b "
      "llama=llama-server:model.gguf\n";
  return out;
}

std::string exit_code_help() {
  return "exit codes of faceoff\n\n"
         "    0  ok             finished; every gate passed, or there were none\n"
         "    1  gate failed    a gate failed or a regression was found\n"
         "    2  usage          bad flag, suite or configuration; nothing was sent\n"
         "    3  inconclusive   a gate could not be decided with so few cases\n"
         "    4  backend        a backend was refused or unreachable, or too much failed to trust "
         "the scores\n"
         "    5  nothing to do  no case was selected\n"
         "    6  io             results could not be read, written or locked\n"
         "    7  budget         a cost or time budget was used up; partial results are kept\n"
         "   70  internal       a defect of faceoff\n"
         "  130  interrupted    Ctrl-C; what was done is kept and can be resumed\n"
         "  143  terminated     SIGTERM or SIGHUP; likewise\n";
}

}  // namespace faceoff::cli
