#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <string>

namespace faceoff::simulate {

// The JSON bodies of the requests that ask what is served. All name the script's model.
[[nodiscard]] std::string served_model(const Script& script);
[[nodiscard]] std::string models_body(const Script& script, UtcTime utc);       // /v1/models
[[nodiscard]] std::string props_body(const Script& script);                     // llama-server
[[nodiscard]] std::string slots_body(const Script& script, std::int64_t busy);  // llama-server
[[nodiscard]] std::string tags_body(const Script& script);                      // Ollama
[[nodiscard]] std::string show_body(const Script& script);                      // Ollama
[[nodiscard]] std::string running_body(const Script& script);                   // Ollama /api/ps

inline constexpr std::int64_t kDefaultContext = 8192;
inline constexpr std::int64_t kDefaultSlots = 4;

}  // namespace faceoff::simulate
