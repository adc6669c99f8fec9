#pragma once

// What may stand next on a command line, for the shells. Private to cli.

#include "command.h"

namespace faceoff::cli {

// Hidden: `faceoff __complete -- WORD...`, the last word being the one under the cursor. Prints a
// candidate a line, with a tab and what it is behind it; `:files` asks the shell for file names.
// Candidates hold only letters, digits and signs that no shell acts on: names of other kinds, which
// files of strangers may bring, are left out. Sends nothing, and is silent about mistakes.
extern const Command complete_command;

}  // namespace faceoff::cli
