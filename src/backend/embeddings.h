#pragma once

// Embeddings: one vector for each message of a request that wants them. Private to backend.

#include "json.h"

#include <faceoff/backend/backend.h>
#include <faceoff/chat/message.h>

#include <memory>
#include <string_view>

namespace faceoff::backend {

// {"model", "input": [...]} of OpenAI's /embeddings and of Ollama's /api/embed; an empty model is
// left out.
[[nodiscard]] OrderedJson encode_embeddings(std::string_view model, const chat::Request& request);

// Reads both answers: data[].embedding by index, or embeddings[]. The completion's text is a JSON
// array of the vectors.
[[nodiscard]] std::unique_ptr<Decoder> make_embeddings_decoder();

}  // namespace faceoff::backend
