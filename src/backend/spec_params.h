#pragma once

#include <faceoff/chat/message.h>
#include <faceoff/doc/decoder.h>

namespace faceoff::backend {

// Decodes `params:` of a backend; the same keys and ranges as in a suite.
[[nodiscard]] chat::Params decode_params(const doc::Context& context, const doc::Node& node);

}  // namespace faceoff::backend
