#pragma once

#include <faceoff/backend/backend.h>

#include <memory>

namespace faceoff::backend {

// The one reader of OpenAI-style chat completions, streamed or whole, for every server that speaks
// them. docs/backends.md, "what the decoder forgives", lists the differences it takes.
[[nodiscard]] std::unique_ptr<Decoder> make_openai_decoder();

}  // namespace faceoff::backend
