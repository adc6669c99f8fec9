#pragma once

// What scorers may start, asked of the user. Private to cli.

#include "command.h"
#include "config.h"
#include "run_options.h"

#include <faceoff/run/outside.h>
#include <faceoff/score/outside.h>

#include <cstddef>
#include <string>

namespace faceoff::cli {

// Error of kind usage, with the remedy: a scorer needs what has not been allowed, no sandbox works
// here, or a program is not found. Nothing has been sent then.
[[nodiscard]] Result<run::OutsideSettings> allow_outside(const score::Needs& needs,
                                                         const RunOptions& options,
                                                         const Config& config,
                                                         const Context& context);

// How many programs run at a time.
[[nodiscard]] std::size_t outside_workers();

// A line of `doctor`: which sandbox works and which interpreters it has, or why none works.
[[nodiscard]] std::string describe_sandbox(const Context& context);

}  // namespace faceoff::cli
