#pragma once

// What every setting is and who set it. Private to cli.

#include "config.h"

#include <string>

namespace faceoff::cli {

// One line a setting: "concurrency = 8  (FACEOFF_CONCURRENCY)". Keys stand as set or unset, their
// values nowhere.
[[nodiscard]] std::string effective_settings(const Config& config, const Context& context);

}  // namespace faceoff::cli
