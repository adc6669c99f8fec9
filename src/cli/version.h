#pragma once

#include <string_view>

namespace faceoff::cli {

// The version of this program: 0.1.0.
[[nodiscard]] constexpr std::string_view version_text() noexcept {
  return FACEOFF_VERSION;
}

}  // namespace faceoff::cli
