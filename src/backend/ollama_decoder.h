#pragma once

#include <faceoff/backend/backend.h>

#include <memory>

namespace faceoff::backend {

// Reads the answers of Ollama's /api/chat: one JSON object a line, the last with "done": true.
[[nodiscard]] std::unique_ptr<Decoder> make_ollama_decoder();

}  // namespace faceoff::backend
