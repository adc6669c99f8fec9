#pragma once

// The answers that a run takes from earlier runs and files instead of asking. Private to cli.

#include "session.h"

#include <faceoff/backend/spec.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/store/replay.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

// Opens what every spec of adapter `replay` names: a run as find_run() does, or a .jsonl or .csv
// file, whose mistakes go to `diagnostics`. The specs then have the model and address of the
// recorded backend, and `run` names the run by its id.
[[nodiscard]] Result<Replays> open_replays(std::vector<backend::Spec>& specs,
                                           const std::filesystem::path& results,
                                           doc::Diagnostics& diagnostics);

// What the reader should know of these replays and this suite: trials without an answer, answers
// without a case. Error of kind usage when a replay has no answer to any case.
[[nodiscard]] Result<std::vector<std::string>> notes_on(const Replays& replays,
                                                        const CheckedSuite& checked,
                                                        const RunOptions& options);

// "a, b, c and 4 more".
[[nodiscard]] std::string shown_list(const std::vector<std::string>& names, std::uint64_t count);

}  // namespace faceoff::cli
