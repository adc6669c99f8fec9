#pragma once

// What `report` and `compare` have in common. Private to cli.

#include "command.h"
#include "gating.h"

#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

[[nodiscard]] std::span<const Flag> report_flags();
// Those and the flags of gates.
[[nodiscard]] std::span<const Flag> compare_flags();

// Finds the runs and baselines by the names that a user gave, reports on them, and writes the
// report in the formats that the flags ask for. `gating` judges them; with null the gates of a run
// are shown and do not decide the exit code.
[[nodiscard]] Exit print_report(const Arguments& arguments,
                                const std::vector<std::string>& names,
                                const GateRequest* gating,
                                const Context& context);

}  // namespace faceoff::cli
