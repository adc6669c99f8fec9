#pragma once

// What `report` and `compare` have in common. Private to cli.

#include "command.h"

#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

[[nodiscard]] std::span<const Flag> report_flags();

// Finds the runs by the names that a user gave, reports on them, and writes the report in the
// formats that the flags ask for.
[[nodiscard]] Exit print_report(const Arguments& arguments,
                                const std::vector<std::string>& runs,
                                const Context& context);

}  // namespace faceoff::cli
