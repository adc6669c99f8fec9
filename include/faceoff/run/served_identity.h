#pragma once

#include <faceoff/backend/backend.h>
#include <faceoff/base/result.h>
#include <faceoff/run/managed_server.h>

#include <functional>
#include <string>

namespace faceoff::run {

// All that decides what a llama-server of ours answers, as one text: the content of its program and
// of its model files, its arguments, the settings of graphics cards in its environment, and the
// build that it names itself. Two servers with the same text serve the same model in the same way,
// whatever their port. Reads the model files as a whole; `stopped` is asked meanwhile.
// Error of kind usage when that is not certain, with the reason ("the server was started with
// '--lora', which may name a file"); io: a file cannot be read; cancelled: `stopped` said yes.
[[nodiscard]] Result<std::string> served_identity(const ManagedPlan& plan,
                                                  const backend::Identity& reported,
                                                  const std::function<bool()>& stopped);

}  // namespace faceoff::run
