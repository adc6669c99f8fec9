#pragma once

// Keys that stand in files or come from a program of the user's. Private to cli.

#include "command.h"

#include <faceoff/backend/spec.h>

#include <vector>

namespace faceoff::cli {

// Whether programs may be started for a key. A dry run starts none: the program may use the
// network. Its backends then have a stand-in for the key, so that all else can be checked.
enum class KeyCommands : std::uint8_t { run, leave_out };

// Fills Spec::key from --api-key-file ([NAME=]PATH, `-` for standard input), or from the backend's
// api_key_file or api_key_command. A file that others may read is warned of. Errors of kind usage,
// none of which repeats what was read: no such backend, several that a PATH could be meant for, an
// empty key, a program that fails or takes longer than 30 s; of kind io: a file that cannot be
// read.
[[nodiscard]] Status load_keys(const Arguments& arguments,
                               const Context& context,
                               KeyCommands commands,
                               std::vector<backend::Spec>& specs);

// The same for backends of two lists, whose names differ.
[[nodiscard]] Status load_keys_of(const Arguments& arguments,
                                  const Context& context,
                                  KeyCommands commands,
                                  std::vector<backend::Spec>& specs,
                                  std::vector<backend::Spec>& judges);

// Warns, once a process, when SSLKEYLOGFILE makes TLS sessions readable to others.
void warn_of_key_log(const Context& context);

}  // namespace faceoff::cli
