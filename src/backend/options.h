#pragma once

#include <faceoff/backend/spec.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <initializer_list>

namespace faceoff::backend {

// Members of Spec that mean something to some adapters only.
enum class Option : std::uint8_t { api_version, args, prompt_cache, context };

// Error of kind usage that names the first option that is set and not among `known`: an option
// without effect would be a silent mistake. Also refuses a managed backend that has no address yet.
[[nodiscard]] Status check_options(const Spec& spec, std::initializer_list<Option> known);

}  // namespace faceoff::backend
