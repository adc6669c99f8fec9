#pragma once

// The gates and the baseline of a run, checked before anything is sent. Private to cli.

#include "command.h"
#include "session.h"

#include <faceoff/backend/spec.h>
#include <faceoff/compare/gate.h>

#include <filesystem>
#include <vector>

namespace faceoff::cli {

// Gathers the gates of flags, configuration and suites, finds the baseline, and puts both into the
// suites. Error of kind usage: a gate does not hold for a suite, or nothing of a suite can be
// compared with the baseline.
[[nodiscard]] Status prepare_gates(const Arguments& arguments,
                                   const std::vector<compare::Gate>& of_config,
                                   const std::vector<backend::Spec>& specs,
                                   const std::filesystem::path& results,
                                   const Context& context,
                                   std::vector<CheckedSuite>& suites);

}  // namespace faceoff::cli
