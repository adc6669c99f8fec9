#pragma once

// What is read from a model file before it is served. Private to run.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace faceoff::run {

// The context length that a GGUF file says its model was trained with (metadata key
// <architecture>.context_length; GGUF version 2 and 3, ggml docs/gguf.md); nullopt for a file that
// is no GGUF or does not say. Reads at most the first 64 MiB; any bytes are safe.
[[nodiscard]] std::optional<std::uint64_t> gguf_context_length(const std::filesystem::path& path);

}  // namespace faceoff::run
