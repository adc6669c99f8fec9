#include "man_page.h"

#include "parse.h"
#include "version.h"

#include <faceoff/base/text.h>

#include <cctype>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

// Text of our own for roff: a backslash, a hyphen that can be copied, and nothing that begins a
// line as a request.
std::string roff(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string head(std::string_view name, std::string_view summary) {
  std::string upper;
  for (const char c : name) {
    upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return fmt::format(".TH \"{}\" \"1\" \"\" \"{}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n",
                     roff(upper),
                     roff(version_text()),
                     roff(name),
                     roff(summary));
}

std::string flag_list(std::span<const Flag> flags) {
  std::string out;
  for (const Flag& flag : flags) {
    out += ".TP\n";
    out += flag.letter != '\0' ? fmt::format("\\fB\\-{}\\fR, ", flag.letter) : "";
    out += fmt::format("\\fB{}\\fR", roff("--" + std::string(flag.name)));
    out += flag.value.empty() ? "" : fmt::format(" \\fI{}\\fR", roff(flag.value));
    out += "\n" + roff(flag.help) + (flag.repeats ? "; may be given more than once" : "") + "\n";
  }
  return out;
}

std::string example_list(std::string_view examples) {
  std::string out = ".SH EXAMPLES\n.nf\n";
  for (const auto line : split(examples, '\n')) {
    out += roff(line) + "\n";
  }
  return out + ".fi\n";
}

constexpr std::string_view kEnvironment =
    ".SH ENVIRONMENT\nEvery flag can be set by a variable: \\-\\-concurrency is "
    "\\fBFACEOFF_CONCURRENCY\\fR. \\fBNO_COLOR\\fR, \\fBCLICOLOR_FORCE\\fR, \\fBCLICOLOR\\fR, "
    "\\fBTERM\\fR and \\fBCOLUMNS\\fR are heeded.\n";

std::string positional_words(const Positional& positional) {
  if (positional.name.empty()) {
    return {};
  }
  std::string words = fmt::format("\\fI{}\\fR", roff(positional.name));
  if (positional.max > 1 && positional.name.find(' ') == std::string_view::npos) {
    words += "...";
  }
  return positional.min == 0 ? " [" + words + "]" : " " + words;
}

std::string exit_section() {
  return ".SH \"EXIT STATUS\"\n.nf\n" + roff(exit_code_help()) + ".fi\n";
}

}  // namespace

std::string man_page(const Command* command) {
  if (command == nullptr) {
    std::string out = head("faceoff", "compare language models on your own prompts");
    out += ".SH SYNOPSIS\n\\fBfaceoff\\fR \\fICOMMAND\\fR [\\fIflags\\fR]\n.SH COMMANDS\n";
    for (const Command* each : commands()) {
      out += fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n",
                         roff("faceoff-" + std::string(each->name)),
                         roff(each->summary));
    }
    out += ".SH \"FLAGS OF EVERY COMMAND\"\n" + flag_list(global_flags());
    return out + std::string(kEnvironment) + exit_section();
  }
  const std::string name = "faceoff-" + std::string(command->name);
  std::string out = head(name, command->summary);
  out += fmt::format(".SH SYNOPSIS\n\\fBfaceoff {}\\fR{}{}\n",
                     roff(command->name),
                     positional_words(command->positional),
                     command->flags.empty() ? "" : " [\\fIflags\\fR]");
  if (!command->positional.name.empty()) {
    out += fmt::format(".SH ARGUMENTS\n.TP\n\\fI{}\\fR\n{}\n",
                       roff(command->positional.name),
                       roff(command->positional.help));
  }
  if (!command->flags.empty()) {
    out += ".SH FLAGS\n" + flag_list(command->flags);
  }
  out += ".SH \"FLAGS OF EVERY COMMAND\"\n" + flag_list(global_flags());
  out += example_list(command->examples) + std::string(kEnvironment);
  return out + ".SH \"SEE ALSO\"\n\\fBfaceoff\\fR(1)\n";
}

}  // namespace faceoff::cli
