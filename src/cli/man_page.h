#pragma once

// Manual pages made of the command table. Private to cli.

#include "command.h"

#include <string>

namespace faceoff::cli {

// faceoff-<command>(1), in roff with the man macros; without a command faceoff(1).
[[nodiscard]] std::string man_page(const Command* command);

}  // namespace faceoff::cli
