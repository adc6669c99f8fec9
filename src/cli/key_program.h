#pragma once

// A program of the user's that prints a key. Private to cli.

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/base/secret.h>

#include <string>
#include <vector>

namespace faceoff::cli {

// Runs argv without a shell, looked up on PATH, with nothing to read, and returns what it prints.
// What it writes to standard error is dropped. Error of kind usage, without any of its output: it
// cannot be started, fails, or takes longer than 30 s, after which it is killed with its children.
// REQUIRES: argv is not empty.
[[nodiscard]] Result<Secret> run_key_program(const std::vector<std::string>& argv,
                                             const Clock& clock);

}  // namespace faceoff::cli
