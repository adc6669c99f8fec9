#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace faceoff::cli {

// The command line that goes on with the run in `folder`: what was typed, for a shell, with
// --resume -o FOLDER instead of the flags that said where to write. Private to cli.
[[nodiscard]] std::string resume_hint(const std::vector<std::string>& command_line,
                                      const std::filesystem::path& folder);

}  // namespace faceoff::cli
