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
      "\nfaceoff COMMAND --help tells more; faceoff help exit-codes and faceoff help errors list "
      "the codes.\n"
      "\nexample:\n"
      "  faceoff run prompts/quickstart.yaml -b gpt-4o=openai:gpt-4o-2024-11-20 -b "
      "llama=llama-server:model.gguf\n";
  return out;
}

std::string error_code_help() {
  return "codes of mistakes in files: AREA::WHAT, the same in every version\n\n"
         "areas:\n"
         "  suite     a suite, its cases, data files and gates\n"
         "  config    faceoff.yaml and your own configuration\n"
         "  prices    prices of models\n"
         "  simulate  a script of the stand-in\n"
         "  answers   a file of recorded answers\n"
         "  yaml, csv, jsonl  the form of any such file\n\n"
         "in every area:\n"
         "  unknown-key      a key that does not belong there\n"
         "  missing-key      a key that must be there\n"
         "  wrong-type       a list, mapping, number or text in place of another\n"
         "  wrong-value      a value that is none of those allowed\n"
         "  out-of-range     a number that is too small or too large\n"
         "  duplicate-id, duplicate-answer, two-keys  the same thing given twice\n"
         "  bad-name, bad-url, bad-host, bad-header   not of the form that it must have\n\n"
         "in suites:\n"
         "  undefined-variable, bad-variable-name, unclosed-braces  placeholders in prompts\n"
         "  missing-prompt, prompt-and-messages    a case needs one of them\n"
         "  missing-target, target-twice, wrong-target  what a scorer compares with\n"
         "  missing-value    a step or scorer lacks what it needs\n"
         "  unknown-scorer, unknown-step, unknown-judge, unknown-instruction  no such thing\n"
         "  bad-pattern, bad-schema, bad-arguments  patterns, JSON Schemas, arguments of tools\n"
         "  data-file, csv-column  a file of cases, or a column of it\n"
         "  local-only-judge  a judge elsewhere would see a case that must stay here\n"
         "  too-large        more than is read\n\n"
         "in configurations:\n"
         "  unknown-adapter  no such kind of backend\n"
         "  key-in-file      a key stands in the file; name its variable instead\n"
         "  not-in-project   only your own configuration may set this\n"
         "  only-replay      only a replayed backend can have this\n"
         "  bad-price        a price that cannot be read\n\n"
         "in scripts:\n"
         "  answers-file, rule-pattern, bad-regex\n\n"
         "of the form:\n"
         "  syntax, key, tag, alias, merge-key, duplicate-key, control-character, too-deep  YAML\n"
         "  quote, record, duplicate-column  CSV\n"
         "  row              JSONL\n";
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
