#pragma once

#include <faceoff/chat/message.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/node.h>

namespace faceoff::suite {

// Reads a `params:` mapping, of a suite, a case or a backend of faceoff.yaml: temperature, top_p,
// top_k, min_p, the penalties, max_tokens, seed, stop, reasoning_effort and response_format.
// Mistakes go to the context's diagnostics; what was sound of the rest is returned.
[[nodiscard]] chat::Params decode_params(const doc::Context& context, const doc::Node& node);

}  // namespace faceoff::suite
