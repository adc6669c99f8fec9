#pragma once

// From argv to a command and its arguments. Private to cli; the only file behind it that knows
// CLI11.

#include "command.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

struct Invocation {
  const Command* command = nullptr;  // null: only `text` is to be printed
  Arguments arguments;
  std::string text;  // help or version
};

// Error of kind usage with a suggestion for a misspelt command or flag. Flags that are not on the
// command line are taken from FACEOFF_<NAME>.
[[nodiscard]] Result<Invocation> parse_command_line(const std::vector<std::string>& words,
                                                    const backend::Environment& environment);

// FACEOFF_MAX_COST for max-cost.
[[nodiscard]] std::string environment_name(std::string_view flag);

// The help page of a command, and the overview.
[[nodiscard]] std::string command_help(const Command& command);
[[nodiscard]] std::string overview();
[[nodiscard]] std::string exit_code_help();
[[nodiscard]] std::string error_code_help();

}  // namespace faceoff::cli
