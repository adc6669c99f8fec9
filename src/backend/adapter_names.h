#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faceoff::backend {

// The adapter that an unknown id was probably meant to be; also "simulate", of the short forms.
[[nodiscard]] std::optional<std::string> nearest_adapter(std::string_view id);
// "openai, llama-server, ...".
[[nodiscard]] std::string adapter_list();

}  // namespace faceoff::backend
