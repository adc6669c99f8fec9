#pragma once

// What a stream can show. Private to cli.

#include "command.h"

#include <optional>
#include <string>

namespace faceoff::cli {

// `colour_flag`: the value of --color (auto, always, never), which FACEOFF_COLOR may have set. Then
// NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, CLICOLOR=0, and whether `fd` is a terminal other than
// dumb decide. A stream that is no terminal has no width.
[[nodiscard]] Result<Style> style_of(int fd,
                                     const std::optional<std::string>& colour_flag,
                                     const backend::Environment& environment);

}  // namespace faceoff::cli
