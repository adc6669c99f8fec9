#include "command.h"

#include <faceoff/base/text.h>

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

// The scripts only ask `faceoff __complete` (complete.cpp). Its words hold no character that a
// shell would act on, and none of them is evaluated here.

constexpr std::string_view kBash =
    R"sh(# bash completion of faceoff; put it where your bash-completion looks, or source it
_faceoff() {
    local cur words cword line word files=
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n '=:' cur words cword
    else
        words=("${COMP_WORDS[@]}")
        cword=$COMP_CWORD
        cur=${words[cword]}
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        if [[ $word == :files ]]; then
            files=1
        elif [[ $word == "$cur"* ]]; then
            COMPREPLY+=("$word")
        fi
    done < <("${words[0]}" __complete -- "${words[@]:1:cword}" 2>/dev/null)
    if [[ -n $files ]]; then
        local path=$cur prefix=
        if [[ $cur == *:* ]]; then
            prefix=${cur%%:*}:
            path=${cur#*:}
        fi
        while IFS= read -r line; do
            COMPREPLY+=("$prefix$line")
        done < <(compgen -f -- "$path")
        compopt -o filenames 2>/dev/null
    fi
    if declare -F __ltrim_colon_completions >/dev/null; then
        __ltrim_colon_completions "$cur"
    fi
}
complete -F _faceoff faceoff
)sh";

constexpr std::string_view kZsh = R"sh(#compdef faceoff
# zsh completion of faceoff; put it as _faceoff into a folder of your $fpath
_faceoff() {
    local line word text files=
    local -a found shown
    # What was typed, without its quotes; ~ stands for the home folder.
    local program=${~${(Q)words[1]}}
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        text=${line#*$'\t'}
        if [[ $word == :files ]]; then
            files=1
            continue
        fi
        found+=("$word")
        if [[ $text != $line && -n $text ]]; then
            shown+=("$word  -- $text")
        else
            shown+=("$word")
        fi
    done < <("$program" __complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    if (( $#found )); then
        # Newest runs first, as they come.
        compadd -V faceoff -l -d shown -a found
    fi
    if [[ -n $files ]]; then
        # of FORMAT:PATH the part behind the colon is a path
        compset -P '[a-z]*:'
        _files
    fi
}
if [[ $funcstack[1] == _faceoff ]]; then
    _faceoff "$@"
else
    compdef _faceoff faceoff
fi
)sh";

constexpr std::string_view kFish =
    R"sh(# fish completion of faceoff; put it into ~/.config/fish/completions/faceoff.fish
function __faceoff_complete
    set -l words (commandline -opc | string unescape)
    set -l current (commandline -ct | string trim --left --chars='"\'' | string unescape)
    set -l program (string replace -r '^~(?=/)' -- $HOME $words[1])
    for line in ($program __complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            # of FORMAT:PATH the part behind the colon is a path
            set -l format (string match -r '^[a-z]+:' -- "$current")
            set -l path (string replace -r '^[a-z]+:' '' -- "$current")
            for found in (__fish_complete_path "$path")
                echo "$format$found"
            end
        else
            echo $line
        end
    end
end
complete -c faceoff -f -k -a '(__faceoff_complete)'
)sh";

struct Shell {
  std::string_view name;
  std::string_view script;
};
constexpr std::array kShells{Shell{"bash", kBash}, Shell{"zsh", kZsh}, Shell{"fish", kFish}};

Exit execute(const Arguments& arguments, Context& context) {
  const std::string& word = arguments.positionals().front();
  for (const Shell& shell : kShells) {
    if (shell.name == word) {
      const auto printed = print_out(shell.script);
      return printed ? Exit::ok : report_error(printed.error(), context);
    }
  }
  return report_error(
      {ErrorKind::usage,
       fmt::format("there are no completions for '{}'; choose bash, zsh or fish", word)},
      context);
}

}  // namespace

extern const Command completions_command;
const Command completions_command{
    .name = "completions",
    .summary = "print the completions of bash, zsh or fish",
    .positional = {.name = "SHELL", .help = "bash, zsh or fish", .min = 1, .max = 1},
    .flags = {},
    .examples = "faceoff completions bash\nfaceoff completions fish",
    .run = execute};

}  // namespace faceoff::cli
