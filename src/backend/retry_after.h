#pragma once

#include <faceoff/base/clock.h>

#include <optional>
#include <string_view>

namespace faceoff::backend {

// The wait that an error text names: "Please try again in 7m12s", "Please retry after 37 seconds",
// "try again in 120ms". nullopt when it names none.
[[nodiscard]] std::optional<Duration> retry_hint(std::string_view message);

}  // namespace faceoff::backend
